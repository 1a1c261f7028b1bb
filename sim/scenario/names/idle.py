"""What a scenario says that can make no difference.

Switches beside others that take their effect away, sales to nobody, and days on which the run is over or not begun.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sim.laws import LEAST_LUCK
from sim.scenario.blocks.disruptions import SupplierLate
from sim.scenario.tastes import nothing_wanted
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.errors import Problem
    from sim.files import Key, Table
    from sim.scenario.blocks.demand import Levels
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import ScenarioFile

_DRAWN = "season", "growth", "promotions", "bought_together", "totals"


def idle(scenario: Scenario, sales: Table | None) -> list[Problem]:
    """Tell what can never make a difference, however long the run, and sales to nobody."""
    found = [scenario.source.problem(key, message) for key, message in _idle(scenario)]
    if sales is not None and not found:
        _sold_to_nobody(scenario, sales)
        found += sales.problems
    return found


def _idle(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    file = scenario.file
    demand, shop = file.demand, file.storefront
    if demand.orders is not None:
        yield from _beside_real("demand", demand, "orders")
        yield from _none_measured(scenario)
        if shop.response is not None:
            message = "would keep real orders away (demand.orders) - expected one of the two"
            yield ("storefront", "response"), message
    if file.walk_ins is not None and file.walk_ins.sales is not None:
        yield from _beside_real("walk_ins", file.walk_ins, "sales")
    if file.opening_receipts is not None and file.opening_stock is None:
        yield ("opening_receipts",), "stands alone - expected opening_stock beside it, or none of the two"
    if shop.open_channels is not None and demand.channels and not demand.channels.keys() - set(shop.open_channels):
        yield ("storefront", "open_channels"), "all channels are open - expected some of them, or no open_channels"
    if left := nothing_wanted(demand, scenario.network.places, scenario.goods, scenario.popularity):
        who = " by ".join(filter(None, (f"shoppers in {left[1]}", left[0])))
        yield ("demand", "tastes"), f"{who} want nothing at all - expected some product that they do"
    if shop.substitution and max(Counter(product.category for product in scenario.goods).values()) == 1:
        message = "no category has a second product to take instead - expected one that has, or no substitution"
        yield ("storefront", "substitution"), message
    for k, each in enumerate(file.disruptions):
        if isinstance(each, SupplierLate) and file.replenishment == "none":
            yield ("disruptions", k, "kind"), "nothing is ordered - expected replenishment: rules beside it"
    if file.replenishment == "forecast" and any(b.stock.review == "continuous" for b in scenario.site_blocks):
        message = "forecast beside stock.review: continuous - expected periodic review of every site, or rules"
        yield ("replenishment",), message
    yield from _tills_without_customers(scenario)


def _beside_real(block: str, levels: Levels, table: str) -> Iterator[tuple[Key, str]]:
    for name in _DRAWN:
        if getattr(levels, name, None):
            message = f"makes no difference where real {table} come ({block}.{table}) - expected one of the two"
            yield (block, name), message


def _none_measured(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    clock = scenario.file.clock
    start, end = (days * MINUTES_PER_DAY for days in (clock.warm_up, clock.warm_up + clock.measure))
    orders = scenario.given_orders or ()
    if not any(start <= order.at < end for order in orders):
        first, last = (clock.start + timedelta(days=day) for day in (clock.warm_up, clock.warm_up + clock.measure - 1))
        message = f"none of its {len(orders):,} orders is placed in the measured days - expected some from {first} to "
        yield ("demand", "orders"), message + str(last)


def _tills_without_customers(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    visited = {site.kind for site in scenario.network.sites if site.walk_in_size and scenario.file.walk_ins is not None}
    blocks = scenario.file.site_kinds
    tills = [kind for kind, block in blocks.items() if block.records is not None and block.records.errors.till]
    if not visited.intersection(tills):  # one block of records may serve warehouses as well
        message = "nobody shops at these sites - expected walk-in customers, or no errors at a till"
        yield from ((("site_kinds", kind.value, "records", "errors", "till"), message) for kind in tills)


def _sold_to_nobody(scenario: Scenario, sales: Table) -> None:
    """Tell each site of a table of sales at which nobody shops, or is closed on the day: such units would be lost."""
    number = {site.id: j for j, site in enumerate(scenario.network.sites)}
    clock, told = scenario.network.clock, set()
    for row in sales.rows:
        j, day = number[row["site"]], (row["date"] - clock.start).days
        if row["site"] in told:
            continue
        if not scenario.walk_in_rates[j]:
            message = "has no walk-in customers - expected a site with a walk_in_size and units_per_store_day above 0"
        elif day < 0:
            message = f"sold on {row['date']} - expected a day from the scenario's start on, {clock.start}"
        elif scenario.network.sites[j].hours.on(clock, day) is None:
            message = f"is closed on {row['date']:%A}, {row['date']} - expected a day in the hours of its kind"
        else:
            continue
        told.add(row["site"])
        sales.tell(row["line"], "date" if day < 0 else "site", f"{row['site']} {message}")


def out_of_time(file: ScenarioFile) -> list[str]:
    """Return what is dated to days that the run does not have, as remarks: another run may have them."""
    clock = file.clock
    days = clock.warm_up + clock.measure + clock.drain_limit
    run = [clock.start + timedelta(days=day) for day in range(days)]
    return [
        f"{what} makes no difference: the run goes from {run[0]} to {run[-1]} at the latest"
        for what in _out_of_time(file, run)
    ]


def _spans_of_days(file: ScenarioFile) -> Iterator[tuple[str, date, date]]:
    """Yield where people are hired for a time, and carriers charge more, with the first and last day."""
    for kind, block in file.site_kinds.items():
        for k, temps in enumerate(block.labour.temps if block.labour is not None else ()):
            yield f"site_kinds.{kind.value}.labour.temps[{k}]", temps.since, temps.until
    for name, service in file.carriers.services.items():
        yield from ((f"carriers.services.{name}.peaks[{k}]", p.first, p.last) for k, p in enumerate(service.peaks))


def _out_of_time(file: ScenarioFile, run: list[date]) -> Iterator[str]:
    begins, ends = (datetime.combine(day, time(0)) for day in (run[0], run[-1] + timedelta(days=1)))
    for name, sale in file.demand.promotions.items():
        if sale.starts is not None and sale.ends is not None and not (begins < sale.ends and sale.starts < ends):
            yield f"demand.promotions.{name}, {sale.starts:%Y-%m-%d %H:%M} to {sale.ends:%Y-%m-%d %H:%M},"
    weeks = {day.isocalendar().week for day in run}
    for name, levels in (("demand", file.demand), ("walk_ins", file.walk_ins)):
        season = None if levels is None else levels.season
        if season is not None:
            yield from (f"{name}.season.weeks.{week}" for week in season.weeks if week not in weeks)
            yield from (f"{name}.season.dates.{day}" for day in season.dates if not run[0] <= day <= run[-1])
    for k, each in enumerate(file.disruptions):
        if each.on is None:
            continue
        at = datetime.combine(each.on, each.at or time(0))
        longest = 0.0 if each.kind == "miscount" else each.lasts.build().quantile(1 - LEAST_LUCK)
        if at >= ends or at + timedelta(minutes=longest) < begins:
            yield f"disruptions[{k}], {each.kind} on {each.on},"
    roll_out = file.roll_out
    for name in ("sends", "collects") if roll_out is not None else ():
        started = getattr(roll_out, name)
        for k, spell in enumerate(started.on if started is not None else ()):
            if (spell.first is not None and spell.first > run[-1]) or (spell.last is not None and spell.last < run[0]):
                yield f"roll_out.{name}.on[{k}], {spell.first or 'from the start'} to {spell.last or 'the end'},"
    for where, first, last in _spans_of_days(file):
        if first > run[-1] or last < run[0]:
            yield f"{where}, {first} to {last},"
    for kind, block in file.site_kinds.items():
        full = None if block.counting is None else block.counting.full
        if full is not None:
            first = run[0] + timedelta(days=full.every) if full.first is None else full.first
            if not any(day >= first and (day - first).days % full.every == 0 for day in run):
                yield f"site_kinds.{kind.value}.counting.full, first on {first},"
