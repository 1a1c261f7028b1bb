"""What is held back from shoppers on shipped scenarios: fewer promises broken, more sales lost, step by step."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from sim.chance.tape import Tape
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.statistics.estimate import Interval, difference
from sim.world.simulate import simulate

Runs = dict[str, list[Sums]]
BASE = "base"


def runs_of(name: str, changes: tuple[str, ...], days: int, replications: int) -> Runs:
    """Run a shipped scenario as it stands and with each change, for some days after one of warm-up."""
    found: Runs = {}
    for change in (BASE, *changes):
        scenario = load(name, [] if change == BASE else [change])
        clock = scenario.file.clock.model_copy(update={"warm_up": 1, "drain_limit": 2})
        short = replace(scenario, file=scenario.file.model_copy(update={"clock": clock})).with_measured_days(days)
        routing = routing_of(short)
        (strategy,) = routing.strategies
        found[change] = [
            sums_of(cohort_of(simulate(short, Tape(short, 1, k), build_engine(routing, strategy, short.network))))
            for k in range(replications)
        ]
    return found


def paired(runs: Runs, option: str, other: str, kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], runs[arm]) for arm in (option, other))).interval()


HELD = (BASE, "held_1", "held_2", "held_3", "held_5")


@pytest.fixture(scope="module")
def stores() -> Runs:
    """Return ten stores that serve all online orders of their region and hear of each other's stock once a night."""
    return runs_of("safety_stock", (*HELD[1:], "gate_3"), days=10, replications=5)


@pytest.mark.parametrize(("less", "more"), list(pairwise(HELD)))
def test_each_unit_held_back_turns_more_shoppers_away_and_serves_more_walk_ins(
    stores: Runs, less: str, more: str
) -> None:
    if less != BASE:  # the first unit hardly shows in so few days
        assert paired(stores, more, less, "turned_away_rate").low > 0
    assert paired(stores, more, less, "walk_in_fill_rate").low > 0


@pytest.mark.parametrize(("less", "more"), list(pairwise(HELD)))
def test_each_unit_held_back_leaves_fewer_units_oversold(stores: Runs, less: str, more: str) -> None:
    lower = estimate(BY_NAME["oversell_rate"], stores[more]).value
    assert lower < estimate(BY_NAME["oversell_rate"], stores[less]).value


@pytest.mark.parametrize("held", HELD[1:])
def test_safety_stock_breaks_fewer_promises(stores: Runs, held: str) -> None:
    assert paired(stores, held, BASE, "oversell_rate").high < 0


def test_a_gate_that_the_web_shop_does_not_know_cancels_what_safety_stock_turns_away(stores: Runs) -> None:
    assert estimate(BY_NAME["turned_away_rate"], stores["gate_3"]).value == 0
    assert paired(stores, "gate_3", "held_3", "cancel_rate").low > 0.1
    assert paired(stores, "held_3", "gate_3", "turned_away_rate").low > 0.1


BUFFERS = (BASE, "buffer_1", "buffer_3")


@pytest.fixture(scope="module")
def seller() -> Runs:
    """Return a shop that lists its shelf on two marketplaces, which hear of it once a day."""
    return runs_of("marketplace_seller", (*BUFFERS[1:], "hourly"), days=28, replications=6)


@pytest.mark.parametrize(("less", "more"), [(BASE, "buffer_1"), (BASE, "buffer_3"), ("buffer_1", "buffer_3")])
def test_a_listing_s_buffer_trades_cancelled_orders_for_lost_ones(seller: Runs, less: str, more: str) -> None:
    assert paired(seller, more, less, "turned_away_rate").low > 0
    assert paired(seller, more, less, "cancel_rate").high < 0


def test_faster_listings_cancel_less_and_turn_nobody_away_for_it(seller: Runs) -> None:
    assert paired(seller, "hourly", BASE, "cancel_rate").high < 0
    assert paired(seller, "hourly", BASE, "turned_away_rate").mean <= 0


@pytest.mark.parametrize("kpi", ["seller_cancel_rate_worst", "seller_days_in_breach"])
def test_a_buffer_keeps_a_seller_within_the_limit(seller: Runs, kpi: str) -> None:
    assert paired(seller, "buffer_3", BASE, kpi).high < 0
