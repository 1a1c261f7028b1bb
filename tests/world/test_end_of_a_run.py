"""A run goes on until every order of the measured days is finished, or the drain limit is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.contract.messages import Order, Plan
from sim.ledger.audit import audit
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.ledger.ledger import Ledger

# one day of warm-up, one measured, two of drain: the cohort is placed from minute 1440 to minute 2880
CLOCK = {"clock__warm_up": "1 day", "clock__measure": "1 day", "clock__drain_limit": "2 days"}
ONE = {CABLE: 1}


def run(folder: Path, plan: Callable[[Order], Plan], *shoppers: Shopper, pick: str = "4 min") -> Ledger:
    scenario = stocked(folder, {(CABLE, DC_EAST): 9}, site_kinds__dc__pick_time=pick, **CLOCK)
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), ObedientRouter(plan))
    audit(ledger)
    return ledger


def met(ledger: Ledger) -> list[int]:
    return [int(number) for number in ledger.shoppers.columns()["order"]]


def keep(order: Order) -> Plan:
    return Plan((), backordered=order.lines)


def test_the_cohort_is_what_was_placed_from_the_first_measured_minute_to_before_the_last(tmp_path: Path) -> None:
    times = [1439.9, 1440.0, 2879.9, 2880.0]
    ledger = run(tmp_path, all_from(DC_EAST), *[shopper(k, when, ONE) for k, when in enumerate(times)])
    assert cohort_of(ledger).orders["order"].tolist() == [1, 2]


def test_demand_goes_on_until_the_cohort_is_finished_and_then_ends(tmp_path: Path) -> None:
    # a pick takes ten hours: ordered at 20:00 of the measured day, picked at 6:01 of the next
    arrivals = [shopper(1, at(1, 20), ONE), *(shopper(k, at(2, k), ONE) for k in range(2, 12))]
    ledger = run(tmp_path, all_from(DC_EAST), *arrivals, pick="10 h")
    assert met(ledger) == [1, 2, 3, 4, 5, 6, 7]  # who comes at 7:00 is the first to find nobody waiting


def test_who_comes_in_the_first_minute_after_the_measured_days_is_not_waited_for(tmp_path: Path) -> None:
    arrivals = [shopper(1, at(1, 8), ONE), shopper(2, at(2, 0), ONE), shopper(3, at(2, 0, 1), ONE)]
    assert met(run(tmp_path, all_from(DC_EAST), *arrivals)) == [1, 2]


def test_an_order_of_the_cohort_still_open_at_the_limit_is_counted_as_open(tmp_path: Path) -> None:
    arrivals = [shopper(1, at(1, 8), ONE), shopper(2, at(1, 9), {CABLE: 2}), shopper(3, at(2, 9), ONE)]
    sums = sums_of(cohort_of(run(tmp_path, keep, *arrivals)))
    assert sums.open_orders == 2
    assert sums.pairs["unit_fill_rate"] == (0, 3)


def test_nobody_is_met_after_the_limit_however_long_an_order_stays_open(tmp_path: Path) -> None:
    arrivals = [shopper(1, at(1, 8), ONE), shopper(2, at(3, 23, 59), ONE), shopper(3, at(4, 0), ONE)]
    assert met(run(tmp_path, keep, *arrivals)) == [1, 2]


@pytest.mark.parametrize(("pick", "still_open"), [("40 h", 0), ("60 h", 0), ("70 h", 1)])
def test_a_parcel_not_picked_by_the_limit_is_open(tmp_path: Path, pick: str, still_open: int) -> None:
    # placed at 8:00 of the second day, followed to the end of the fourth: 64 hours
    ledger = run(tmp_path, all_from(DC_EAST), shopper(1, at(1, 8), ONE), pick=pick)
    assert sums_of(cohort_of(ledger)).open_orders == still_open


def test_orders_of_the_warm_up_are_waited_for_by_nobody(tmp_path: Path) -> None:
    arrivals = [shopper(1, at(0, 23), ONE), shopper(2, at(1, 8), ONE), shopper(3, at(2, 1), ONE)]
    ledger = run(tmp_path, lambda order: keep(order) if order.id == 1 else all_from(DC_EAST)(order), *arrivals)
    assert met(ledger) == [1, 2, 3]
    assert ledger.parcels.columns()["order"].tolist() == [2]
