"""Economic laws on the shipped national network, in paired differences over the same tapes.

An interval of 95 % that lies on one side of zero has told the sign; a few short replications are enough for that.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.chance.tape import Tape
from sim.network.site import SiteKind
from sim.routing.build import build_engine
from sim.scenario.blocks.feeds import PollFeed
from sim.scenario.load import Scenario, load
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.statistics.estimate import Interval, difference
from sim.world.simulate import simulate

SLOW, HOURLY, FAST = "4 h", "60 min", "5 min"
Runs = dict[str, list[Sums]]


def shipped(days: int) -> Scenario:
    """Return the shipped scenario, measured for some days after one of warm-up: its stock opens settled."""
    scenario = load("us_electronics")
    clock = scenario.file.clock.model_copy(update={"warm_up": 1})
    return replace(scenario, file=scenario.file.model_copy(update={"clock": clock})).with_measured_days(days)


def lean(scenario: Scenario, every: str) -> Scenario:
    """Return a scenario whose stores hold two days of stock, and are polled every so often."""
    store = scenario.file.site_kinds[SiteKind.STORE]
    stock = store.stock.model_copy(update={"days_of_cover": 2.0, "carried_from": 0.5})
    feed = PollFeed.model_validate({"kind": "poll", "every": every})  # a field reads its own unit, as in the file
    kinds = {**scenario.file.site_kinds, SiteKind.STORE: store.model_copy(update={"stock": stock, "feed": feed})}
    blocks = tuple(kinds[site.kind] for site in scenario.network.sites)
    return replace(scenario, file=scenario.file.model_copy(update={"site_kinds": kinds}), site_blocks=blocks)


def run(scenario: Scenario, strategy: str, replication: int) -> Sums:
    router = build_engine(routing_of(scenario), strategy, scenario.network)
    return sums_of(cohort_of(simulate(scenario, Tape(scenario, 1, replication), router)))


def paired(runs: Runs, option: str, other: str, kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], runs[arm]) for arm in (option, other))).interval()


@pytest.fixture(scope="module")
def feeds() -> Runs:
    """Return what `nearest`, which asks stores most, makes of slow and of fast news.

    On lean stores, so that shelves do run out: where they are full, or warehouses serve most, there is little to see.
    """
    scenarios = {every: lean(shipped(days=2), every) for every in (SLOW, HOURLY, FAST)}
    return {every: [run(scenario, "nearest", r) for r in range(4)] for every, scenario in scenarios.items()}


@pytest.mark.parametrize("kpi", ["oversell_rate", "reroutes_per_order", "stock_age_min"])
@pytest.mark.parametrize(("slower", "faster"), [(SLOW, HOURLY), (HOURLY, FAST), (SLOW, FAST)])
def test_faster_news_means_fewer_oversells_and_re_routes(feeds: Runs, kpi: str, slower: str, faster: str) -> None:
    assert paired(feeds, faster, slower, kpi).high < 0


@pytest.mark.parametrize(("slower", "faster"), [(SLOW, HOURLY), (HOURLY, FAST)])
def test_faster_news_means_a_truer_view(feeds: Runs, slower: str, faster: str) -> None:
    assert paired(feeds, faster, slower, "inventory_accuracy").low > 0


@pytest.fixture(scope="module")
def strategies() -> Runs:
    """Return what strategies make of the network as it is shipped."""
    scenario = shipped(days=3)
    return {arm: [run(scenario, arm, r) for r in range(6)] for arm in ("nearest", "cheapest", "siloed")}


@pytest.mark.parametrize("unified", ["nearest", "cheapest"])
@pytest.mark.parametrize("kpi", ["unit_fill_rate", "order_fill_rate"])
def test_stores_that_may_not_serve_online_orders_cost_fill(strategies: Runs, unified: str, kpi: str) -> None:
    assert paired(strategies, "siloed", unified, kpi).high < 0


@pytest.mark.parametrize("kpi", ["split_rate", "parcels_per_order", "cost_per_order", "label_per_order"])
def test_who_looks_at_distance_alone_splits_more_and_pays_more(strategies: Runs, kpi: str) -> None:
    assert paired(strategies, "nearest", "cheapest", kpi).low > 0
