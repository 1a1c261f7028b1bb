"""How much a run may hold: blocks that are right by themselves can be too much together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sim.scenario.blocks.demand import MOST_SHOPPERS_PER_DAY
from sim.scenario.blocks.stocking import mean_of, units_of_channels, walk_in_rates
from sim.scenario.tables.linked import MOST_CELLS

if TYPE_CHECKING:
    from sim.errors import Problem
    from sim.files import YamlFile
    from sim.network.network import Network
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import ScenarioFile

# The ledger keeps some 250 bytes of each until the run is over: 5 GB
MOST_SHOPPERS = 20_000_000
# Stock is counted in 32 bits, and a site may hold two years of all that is wanted
MOST_UNITS_A_DAY = 2_000_000
# A tape keeps the walk-in wants of the last 64 days, twice 20 bytes each: 1.3 GB
MOST_WALK_INS_A_DAY = 500_000
# Mishaps are drawn a month at a time, and some months are kept: twice 20 bytes each, 0.5 GB
MOST_MISHAPS_A_DAY = 100_000
SOURCES = ("shrink", "theft", "misplaced", "damage", "miskeyed")


def too_large(scenario: Scenario) -> list[Problem]:
    """Return what is more than a run can hold."""
    source, file = scenario.source, scenario.file
    demand, clock = file.demand, file.clock
    days = clock.warm_up + clock.measure + clock.drain_limit
    drawn = demand.shoppers_per_day * file.storefront.upper_rate
    if file.pick_up is not None:
        drawn *= 1 + max(file.pick_up.on_top(name) for name in scenario.channels)
    levels = [demand.year_level(clock.start + timedelta(days=day), day) for day in range(days)]
    in_all, busiest = drawn * sum(levels), max(levels)
    units = float(units_of_channels(demand).sum()) * busiest
    walk_ins = float(walk_in_rates(file, scenario.network).sum())
    if file.walk_ins is not None:
        walk_ins *= max(file.walk_ins.year_level(clock.start + timedelta(days=day), day) for day in range(days))
    problems = []
    cells = len(scenario.network.products) * len(scenario.network.sites)
    if scenario.owners and cells > MOST_CELLS:
        found = f"{len(scenario.owners)} owners of each product at each site make {cells:,} pairs"
        problems.append(source.problem(("stock",), f"{found} - expected at most {MOST_CELLS:,}"))
    if in_all > MOST_SHOPPERS:
        found = f"{in_all / days:,.0f} shoppers a day for {days:,} days (warm-up and drain included)"
        expected = f"at most {MOST_SHOPPERS:,} shoppers in a run"
        problems.append(source.problem(("demand", "shoppers_per_day"), f"{found} - expected {expected}"))
    promoted = sum(
        (block.times - 1) * float(scenario.popularity[scenario.among(block)].sum())
        for block in demand.promotions.values()
    )
    peak = drawn * busiest * (1 + promoted * max(mean_of(demand.lines_per_order), 1))
    if peak > MOST_SHOPPERS_PER_DAY:
        found = f"{peak:,.0f} shoppers on the busiest day (season, growth, promotions and response included)"
        expected = f"at most {MOST_SHOPPERS_PER_DAY:,}"
        problems.append(source.problem(("demand", "shoppers_per_day"), f"{found} - expected {expected}"))
    if units > MOST_UNITS_A_DAY:
        found = f"{units:,.0f} units a day (shoppers by lines by units)"
        problems.append(
            source.problem(("demand", "units_per_line"), f"{found} - expected at most {MOST_UNITS_A_DAY:,}")
        )
    if walk_ins > MOST_WALK_INS_A_DAY:
        found = f"{walk_ins:,.0f} units a day over all stores"
        key = ("walk_ins", "units_per_store_day")
        problems.append(source.problem(key, f"{found} - expected at most {MOST_WALK_INS_A_DAY:,}"))
    return problems + _too_many_mishaps(source, file, scenario.network)


def _too_many_mishaps(source: YamlFile, file: ScenarioFile, network: Network) -> list[Problem]:
    """Tell where more is lost than anybody could look at."""
    problems = []
    for kind, block in file.site_kinds.items():
        shelves = len(network.products) * sum(site.kind is kind for site in network.sites)
        for name in SOURCES if block.records is not None else ():
            events = getattr(block.records, name)
            if events is not None and events.per_product_day * events.mean_units * shelves > MOST_MISHAPS_A_DAY:
                found = f"{events.per_product_day * events.mean_units * shelves:,.0f} a day on all {shelves:,} shelves"
                key = ("site_kinds", kind.value, "records", name, "per_product_day")
                problems.append(source.problem(key, f"{found} - expected at most {MOST_MISHAPS_A_DAY:,}"))
    return problems
