"""Economic laws on the shipped national network, in paired differences over the same tapes.

An interval of 95 % that lies on one side of zero has told the sign; five replications of two days are enough for these.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.chance.tape import Tape
from sim.network.site import SiteKind
from sim.routing.build import build_engine
from sim.scenario.load import Scenario, load
from sim.scenario.schema import PollFeed
from sim.study.estimate import Interval, difference
from sim.study.experiment import routing_of
from sim.study.kpis import BY_NAME, Sums, cohort_of, estimate, sums_of
from sim.world.simulate import simulate

REPLICATIONS = 5
SLOW, HOURLY, FAST = "4 h", "60 min", "5 min"
AS_SHIPPED = HOURLY
# the effect of old news is there where stores serve many orders; `cheapest` and `balanced` rarely empty a shelf
ARMS = [("nearest", SLOW), ("nearest", HOURLY), ("nearest", FAST),
        ("cheapest", AS_SHIPPED), ("fewest_parcels", AS_SHIPPED), ("siloed", AS_SHIPPED)]  # fmt: skip
Arm = tuple[str, str]
Runs = dict[Arm, list[Sums]]


def variant(shipped: Scenario, every: str) -> Scenario:
    """Return the shipped scenario, measured for two days after one, with stores polled every so often."""
    file = shipped.file
    # a field reads its own unit, as in the file
    feed = PollFeed.model_validate({"kind": "poll", "every": every})
    store = file.site_kinds[SiteKind.STORE].model_copy(update={"feed": feed})
    kinds = {**file.site_kinds, SiteKind.STORE: store}
    clock = file.clock.model_copy(update={"warm_up": 1})
    changed = file.model_copy(update={"site_kinds": kinds, "clock": clock})
    return replace(shipped, file=changed).with_measured_days(2)


@pytest.fixture(scope="module")
def runs() -> Runs:
    """Return what every arm contributes to the KPIs in every replication."""
    shipped = load("us_electronics")
    config = routing_of(shipped)
    scenarios = {every: variant(shipped, every) for every in (SLOW, HOURLY, FAST)}
    found: Runs = {arm: [] for arm in ARMS}
    for replication in range(REPLICATIONS):
        tape = Tape(shipped, 1, replication)  # luck knows nothing of feeds: one tape serves all
        for strategy, every in ARMS:
            scenario = scenarios[every]
            ledger = simulate(scenario, tape, build_engine(config, strategy, scenario.network))
            found[strategy, every].append(sums_of(cohort_of(ledger)))
    return found


def paired(runs: Runs, option: Arm, other: Arm, kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], runs[arm]) for arm in (option, other))).interval()


@pytest.mark.parametrize("kpi", ["oversell_rate", "reroutes_per_order", "stock_age_min"])
@pytest.mark.parametrize(("slower", "faster"), [(SLOW, HOURLY), (HOURLY, FAST), (SLOW, FAST)])
def test_faster_news_means_fewer_oversells_and_re_routes(runs: Runs, kpi: str, slower: str, faster: str) -> None:
    assert paired(runs, ("nearest", faster), ("nearest", slower), kpi).high < 0


@pytest.mark.parametrize(("slower", "faster"), [(SLOW, HOURLY), (HOURLY, FAST)])
def test_faster_news_means_a_truer_view(runs: Runs, slower: str, faster: str) -> None:
    assert paired(runs, ("nearest", faster), ("nearest", slower), "inventory_accuracy").low > 0


@pytest.mark.parametrize("unified", ["nearest", "cheapest", "fewest_parcels"])
@pytest.mark.parametrize("kpi", ["unit_fill_rate", "order_fill_rate"])
def test_stores_that_may_not_serve_online_orders_cost_fill(runs: Runs, unified: str, kpi: str) -> None:
    assert paired(runs, ("siloed", AS_SHIPPED), (unified, AS_SHIPPED), kpi).high < 0


@pytest.mark.parametrize("kpi", ["split_rate", "parcels_per_order", "cost_per_order", "label_per_order"])
def test_who_looks_at_distance_alone_splits_more_and_pays_more(runs: Runs, kpi: str) -> None:
    assert paired(runs, ("nearest", AS_SHIPPED), ("cheapest", AS_SHIPPED), kpi).low > 0


def test_who_counts_parcels_has_the_fewest(runs: Runs) -> None:
    for other in ("nearest", "cheapest"):
        assert paired(runs, ("fewest_parcels", AS_SHIPPED), (other, AS_SHIPPED), "parcels_per_order").high < 0


def test_who_looks_at_cost_pays_least(runs: Runs) -> None:
    for other in ("nearest", "fewest_parcels"):
        assert paired(runs, ("cheapest", AS_SHIPPED), (other, AS_SHIPPED), "cost_per_order").high < 0
