"""Parcels of one order that meet on their way: Boston's and Reno's in Allentown, from where one goes to the shopper."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Leg, Line, Parcel, Plan, Revision
from sim.errors import RoutingError
from sim.ledger.fates import Goes
from sim.ledger.orders import orders_of
from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    DC_WEST,
    HEADPHONES,
    MONITOR,
    ObedientRouter,
    at,
    parcel,
    shopper,
    stocked,
)
from tests.world.orders.test_pick_up import rows, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.contract.messages import Order
    from sim.scenario.load import Scenario

STOCK = {(CABLE, BOSTON): 5, (HEADPHONES, DC_EAST): 5, (MONITOR, DC_WEST): 5}
ALL = {CABLE: 1, HEADPHONES: 1, MONITOR: 1}
ONWARD = (Leg(DC_EAST, 0, 0.0, 0.0, (0.0,) * 5),)


def world(folder: Path, merge: Any = None, **changes: Any) -> Scenario:
    own: dict[str, Any] = {"walk_ins": ..., "merge": merge or {}, "clock__measure": "6 days"}
    return stocked(folder, changes.pop("stock", STOCK), **own | changes)


def to_allentown(site: int, lines: dict[int, int], service: int = 0) -> Parcel:
    return parcel(site, lines, service=service)._replace(via=DC_EAST)


MERGED = Plan(
    (
        to_allentown(BOSTON, {CABLE: 1}),
        to_allentown(DC_EAST, {HEADPHONES: 1}, service=-1),
        to_allentown(DC_WEST, {MONITOR: 1}),
    ),
    onward=ONWARD,
)
WANTED: Shopper = shopper(1, at(0, 8), ALL)


def test_parcels_wait_for_the_last_of_them_and_leave_as_one(tmp_path: Path) -> None:
    ledger = run(world(tmp_path, {"time": "90 min"}), [WANTED], ObedientRouter(MERGED))
    # picked and packed at 8:15 each; Boston's is collected at 18:00 and two days under way, Reno's by local time, 21:00
    # in Allentown, and five days
    assert rows(ledger, "parcels", "site", "handed_at", "delivered_at", "goes") == [
        (BOSTON, at(0, 18), at(2, 14, 30), Goes.TO_BE_MERGED),
        (DC_EAST, at(0, 8, 15), at(0, 8, 15), Goes.TO_BE_MERGED),
        (DC_WEST, at(0, 21), at(5, 14, 30), Goes.TO_BE_MERGED),
    ]
    # the last comes on day 5 at 14:30; 90 minutes later it is ready, and leaves at 18:00 for two days
    names = ("first_at", "at", "ready_at", "handed_at", "delivered_at", "parcels", "units")
    assert rows(ledger, "legs", *names) == [(at(0, 8, 15), at(5, 14, 30), at(5, 16), at(5, 18), at(7, 14, 30), 3, 3)]
    orders = orders_of(ledger)
    assert (orders["parcels"].tolist(), orders["sites"].tolist()) == ([1], [3])
    assert (orders["handed_at"].tolist(), orders["delivered_at"].tolist()) == ([at(5, 18)], [at(7, 14, 30)])


def test_a_merge_is_paid_for_by_the_parcel_and_the_way_on_by_all_that_is_in_it(tmp_path: Path) -> None:
    ledger = run(world(tmp_path, {"cost_per_parcel": "0.20 USD"}), [WANTED], ObedientRouter(MERGED))
    # Boston's cable takes zone 2 for 8 USD and the monitor, by its size 19 lb, zone 4 for 35 USD; fuel is 10 %. What
    # is at hand needs neither box nor label
    assert rows(ledger, "parcels", "packaging_cents", "label_cents") == [(70, 880), (0, 0), (70, 3850)]
    # all of it, 22 lb by its size, zone 2 for 45 USD
    assert rows(ledger, "legs", "packing_cents", "packaging_cents", "label_cents", "fees_cents") == [(60, 70, 4950, 0)]
    booked = sum(sum(row) for row in rows(ledger, "parcels", *parts())) + 60 + 70 + 4950
    assert orders_of(ledger)["cost_cents"].tolist() == [booked]


def parts() -> tuple[str, ...]:
    return ("picking_cents", "packing_cents", "packaging_cents", "label_cents", "fees_cents")


def test_the_kpis_tell_how_many_were_merged_and_how_long_they_waited(tmp_path: Path) -> None:
    sums = sums_of(cohort_of(run(world(tmp_path), [WANTED], ObedientRouter(MERGED))))
    assert estimate(BY_NAME["merged_rate"], [sums]).value == 1
    assert estimate(BY_NAME["merge_wait_hours"], [sums]).value == pytest.approx(5 * 24 + 6.25)


def test_what_is_refused_is_not_waited_for_and_goes_by_the_routers_next_plan(tmp_path: Path) -> None:
    stock = {(CABLE, BOSTON): 5, (HEADPHONES, DC_EAST): 5, (MONITOR, DC_EAST): 5}
    straight: Callable[[Order], Plan] = lambda order: Plan((parcel(DC_EAST, dict(order.lines)),))  # noqa: E731
    ledger = run(world(tmp_path, stock=stock), [WANTED], ObedientRouter(MERGED, straight))
    assert rows(ledger, "legs", "at", "parcels", "units") == [(at(2, 14, 30), 2, 2)]
    assert rows(ledger, "parcels", "site", "picked", "goes")[-1] == (DC_EAST, 1, Goes.TO_SHOPPER)
    orders = orders_of(ledger)
    assert (orders["parcels"].tolist(), orders["units_picked"].tolist()) == ([2], [3])


def test_a_merge_of_which_all_is_refused_never_leaves(tmp_path: Path) -> None:
    router = ObedientRouter(MERGED, lambda order: Plan((), unfilled=order.lines))
    ledger = run(world(tmp_path, stock={}), [WANTED], router)
    assert rows(ledger, "legs", "order") == []
    assert orders_of(ledger)["units_cancelled"].tolist() == [3]


class Withdraws(ObedientRouter):
    """Takes back the monitor from Reno before the message is there, and gives it up."""

    def next_wake(self) -> float | None:
        """Wake with the order."""
        return at(0, 8) if len(self.asked) == 1 else None

    def tick(self, now: float) -> list[Any]:
        """Revise once."""
        self.asked.append(self.asked[0])
        return [Revision(1, MERGED.parcels[2:], Plan((), unfilled=(Line(MONITOR, 1),)))]


def test_what_is_withdrawn_is_not_waited_for(tmp_path: Path) -> None:
    scenario = world(tmp_path, site_kinds__dc__message_delay="30 min")
    ledger = run(scenario, [WANTED], Withdraws(MERGED))
    assert rows(ledger, "legs", "at", "parcels", "units") == [(at(2, 14, 30), 2, 2)]


def test_an_order_whose_merge_has_not_left_is_not_delivered(tmp_path: Path) -> None:
    scenario = world(tmp_path, clock__measure="1 days", clock__drain_limit="1 days")
    ledger = run(scenario, [WANTED], ObedientRouter(MERGED))
    assert ledger.closing_merging == {DC_EAST: 3}
    assert str(orders_of(ledger)["delivered_at"].tolist()) == "[nan]"


LEG = ONWARD[0]
WRONG: list[tuple[Plan, str]] = [
    (MERGED._replace(onward=()), "a parcel from store_boston cannot be merged at site 0: no leg leaves it, or service"),
    (MERGED._replace(onward=(LEG, LEG)), "two legs leave one site - expected one"),
    (MERGED._replace(onward=(LEG, LEG._replace(site=BOSTON))), "a leg leaves site 2, where no parcel is merged"),
    (MERGED._replace(onward=(LEG._replace(service=4),)), "a leg goes by service 4 - expected one of 0 to 0"),
    (MERGED._replace(parcels=(to_allentown(BOSTON, {CABLE: 1}, -1), *MERGED.parcels[1:])),
     "a parcel from store_boston cannot be merged at site 0: no leg leaves it, or service -1 does not go there"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "message"), WRONG)
def test_a_merge_that_cannot_be_is_refused_by_the_orders_number(tmp_path: Path, plan: Plan, message: str) -> None:
    with pytest.raises(RoutingError, match=f"^order 1: {re.escape(message)}"):
        run(world(tmp_path), [WANTED], ObedientRouter(plan))


def test_where_a_scenario_has_no_block_merge_a_plan_that_merges_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RoutingError, match="order 1: a parcel goes via site 0 - expected parcels straight to the shop"):
        run(stocked(tmp_path, STOCK, walk_ins=...), [WANTED], ObedientRouter(MERGED))
