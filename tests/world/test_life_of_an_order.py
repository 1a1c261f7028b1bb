"""One order from storefront to doorstep: every moment and every cent by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Line, Order, Plan
from sim.contract.news import Refusal
from sim.ledger.audit import audit
from sim.ledger.fates import Cancelled, Fate
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    DC_WEST,
    HEADPHONES,
    IN_BOSTON,
    IN_SAN_FRANCISCO,
    MONITOR,
    PLAIN_LUCK,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    parcel,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.ledger.ledger import Ledger
    from sim.ledger.table import Table
    from sim.scenario.load import Scenario

NEVER = float("inf")


def run(scenario: Scenario, router: ObedientRouter, *shoppers: Shopper) -> Ledger:
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), router)
    audit(ledger)
    return ledger


def rows(table: Table, *names: str) -> list[tuple[Any, ...]]:
    columns = table.columns()
    return list(zip(*(columns[name].tolist() for name in names or columns), strict=True))


TIMES = ("decided_at", "reached_at", "picked_at", "packed_at", "handed_at", "delivered_at")
CENTS = ("picking_cents", "packing_cents", "packaging_cents", "label_cents", "fees_cents")


def test_each_stage_of_a_parcel_takes_its_stated_time(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5, (HEADPHONES, DC_EAST): 5})
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)), shopper(1, at(0, 8), {CABLE: 1, HEADPHONES: 2}))
    # a message takes 1 minute, a pick 4 a line, packing 10; the carrier comes at 18:00, is 2 days on the road (zone 2),
    # and rings halfway between 9:00 and 20:00
    expected = (at(0, 8), at(0, 8, 1), at(0, 8, 9), at(0, 8, 19), at(0, 18), at(2, 14, 30))
    assert rows(ledger.parcels, *TIMES) == [expected]


def test_each_part_of_the_cost_is_booked_to_the_cent(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5, (MONITOR, DC_EAST): 5})
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)), shopper(1, at(0, 8), {CABLE: 3, MONITOR: 1}))
    # picking 2 lines at 50 and 4 units at 10; label: 6.3 kg are 13.9 lb, but 1.2 * (36,000 + 3 * 450) cubic cm are
    # 2,735 cubic inches, billed as 2,735 / 139 = 19.7 lb; up to 20 lb zone 2 costs 18.00, with fuel 10 % more
    assert rows(ledger.parcels, *CENTS) == [(140, 50, 70, 1980, 0)]
    assert orders_of(ledger)["cost_cents"].tolist() == [2240]


def test_fees_of_a_site_are_for_the_parcel_and_for_each_unit_sent(tmp_path: Path) -> None:
    fees = {
        "site_kinds__dc__handling__fee_per_parcel": "2.60 USD",
        "site_kinds__dc__handling__fee_per_unit": "0.45 USD",
    }
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 2}, **fees)
    router = ObedientRouter(all_from(DC_EAST), give_up)
    ledger = run(scenario, router, shopper(1, at(0, 8), {CABLE: 3}))
    # two of three were there; the walk to the shelf is paid for three: 50 + 3 * 10, the fees for two: 260 + 2 * 45
    assert rows(ledger.parcels, "picking_cents", "fees_cents") == [(80, 350)]


def test_what_is_picked_leaves_the_shelf_and_nothing_else_does(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5, (HEADPHONES, DC_EAST): 5, (CABLE, BOSTON): 5})
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)), shopper(1, at(0, 8), {CABLE: 2}))
    assert (ledger.opening_stock - ledger.closing_stock).tolist() == [[2, 0, 0, 0], [0] * 4, [0] * 4, [0] * 4]


def test_parcels_of_one_order_have_each_their_own_luck(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5, (HEADPHONES, DC_WEST): 5},
                       site_kinds__dc__pick_time={"law": "uniform", "low": "0 min", "high": "100 min"},
                       site_kinds__dc__pack_time={"law": "uniform", "low": "0 min", "high": "100 min"})  # fmt: skip
    split = Plan((parcel(DC_EAST, {CABLE: 1}), parcel(DC_WEST, {HEADPHONES: 1})))
    luck = (0.1, 0.2, 0.5, 0.0, 0.3, 0.4, 0.5, 1.0, *PLAIN_LUCK * 2)
    ledger = run(scenario, ObedientRouter(split), shopper(1, at(0, 8), {CABLE: 1, HEADPHONES: 1}, luck=luck))
    first, second = rows(ledger.parcels, "site", "picked_at", "packed_at", "delivered_at")
    assert first == (DC_EAST, at(0, 8, 11), at(0, 8, 31), at(2, 9))
    # from Reno to Boston zone 4: five days on the road, and 20:00 in Boston
    assert second == (DC_WEST, at(0, 8, 31), at(0, 9, 11), at(5, 20))


def test_one_picker_takes_one_parcel_after_the_other(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5}, site_kinds__dc__pickers=1, site_kinds__dc__pick_time="30 min")
    arrivals = [
        shopper(1, at(0, 8), {CABLE: 1}),
        shopper(2, at(0, 8, 10), {CABLE: 1}),
        shopper(3, at(0, 9, 30), {CABLE: 1}),
    ]
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)), *arrivals)
    assert rows(ledger.parcels, "picked_at") == [(at(0, 8, 31),), (at(0, 9, 1),), (at(0, 10, 1),)]


def test_work_rests_while_the_site_is_closed_and_the_carrier_waits_for_nobody(tmp_path: Path) -> None:
    # a Monday; open 8:00-18:00, the carrier comes at 17:00 on Mondays and Wednesdays
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5},
                       site_kinds__dc__hours={"mon": "08:00-18:00", "tue": "08:00-18:00", "wed": "08:00-18:00"},
                       site_kinds__dc__pick_time="20 min", site_kinds__dc__pack_time="15 min",
                       site_kinds__dc__pick_up="17:00", site_kinds__dc__pick_up_days=["mon", "wed"])  # fmt: skip
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)),
                 shopper(1, at(0, 16, 24), {CABLE: 1}), shopper(2, at(0, 16, 25), {CABLE: 1}),
                 shopper(3, at(0, 17, 49), {CABLE: 1}))  # fmt: skip
    assert rows(ledger.parcels, "picked_at", "packed_at", "handed_at") == [
        (at(0, 16, 45), at(0, 17, 0), at(0, 17)),  # packed on the minute
        (at(0, 16, 46), at(0, 17, 1), at(2, 17)),  # a minute late: two days
        (at(1, 8, 10), at(1, 8, 25), at(2, 17)),  # ten of twenty minutes were done on Monday
    ]


def test_work_that_takes_no_time_is_done_at_once_or_when_the_site_opens(tmp_path: Path) -> None:
    hours = dict.fromkeys(["mon", "tue"], "08:00-18:00")
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5}, site_kinds__dc__hours=hours,
                       site_kinds__dc__pick_time="0 min", site_kinds__dc__pack_time="0 min")  # fmt: skip
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)),
                 shopper(1, at(0, 12), {CABLE: 1}), shopper(2, at(0, 20), {CABLE: 1}))  # fmt: skip
    assert rows(ledger.parcels, "picked_at", "packed_at") == [(at(0, 12, 1),) * 2, (at(1, 8),) * 2]


def test_a_shelf_that_is_short_gives_what_it_has_and_the_rest_is_sent_for_elsewhere(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 1, (CABLE, DC_EAST): 9}, walk_ins=...)
    router = ObedientRouter(all_from(BOSTON), all_from(DC_EAST))
    ledger = run(scenario, router, shopper(1, at(0, 8), {CABLE: 3}))
    # picked at 8:05, heard of a minute later; then a minute there, a pick of 4
    assert [now for now, _ in router.asked] == [at(0, 8), at(0, 8, 6)]
    again = router.asked[1][1]
    assert again == Order(1, at(0, 8), IN_BOSTON, (Line(CABLE, 2),), (BOSTON,))
    assert Refusal(at(0, 8, 5), 1, BOSTON, CABLE, 2) in router.told
    assert rows(ledger.parcels, "site", "attempt", "picked_at", "asked", "picked") == [
        (BOSTON, 0, at(0, 8, 5), 3, 1),
        (DC_EAST, 1, at(0, 8, 11), 2, 2),
    ]
    orders = orders_of(ledger)
    told = [orders[name].tolist() for name in ("units_picked", "units_short", "reroutes", "parcels", "sites")]
    assert told == [[3], [2], [1], [2], [2]]


def test_an_empty_shelf_costs_the_walk_and_sends_no_parcel(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9}, walk_ins=...)
    ledger = run(scenario, ObedientRouter(all_from(BOSTON), all_from(DC_EAST)), shopper(1, at(0, 8), {CABLE: 2}))
    empty_handed = rows(ledger.parcels, *TIMES, *CENTS)[0]
    assert empty_handed == (at(0, 8), at(0, 8, 1), at(0, 8, 5), NEVER, NEVER, NEVER, 70, 0, 0, 0, 0)
    assert orders_of(ledger)["parcels"].tolist() == [1]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_what_is_refused_too_often_is_cancelled(tmp_path: Path, most: int) -> None:
    scenario = stocked(tmp_path, {}, fulfilment__max_attempts=most, walk_ins=...)
    router = ObedientRouter(*(all_from(site) for site in range(most + 1)))
    ledger = run(scenario, router, shopper(1, at(0, 8), {CABLE: 2}))
    # each attempt takes a message of a minute, a pick of four, and a message back
    last = at(0, 8, 6 * (most + 1))
    assert rows(ledger.cancellations) == [(1, last, CABLE, 2, Cancelled.REFUSED_TOO_OFTEN, 1000)]
    assert [order.refused_by for _, order in router.asked] == [tuple(range(k)) for k in range(most + 1)]
    assert orders_of(ledger)["reroutes"].tolist() == [most]


def test_what_nobody_has_is_cancelled_at_once(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 1})
    part = Plan((parcel(DC_EAST, {CABLE: 1}),), unfilled=(Line(CABLE, 2),))
    ledger = run(scenario, ObedientRouter(part), shopper(1, at(0, 8), {CABLE: 3}))
    assert rows(ledger.cancellations) == [(1, at(0, 8), CABLE, 2, Cancelled.NOBODY_HAS_IT, 1000)]
    assert orders_of(ledger)["units_picked"].tolist() == [1]


def test_a_shopper_and_his_order_are_written_down_as_they_came(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9, (HEADPHONES, DC_EAST): 9})
    wanted = {CABLE: 2, HEADPHONES: 1}
    ledger = run(scenario, ObedientRouter(all_from(DC_EAST)), shopper(7, at(0, 8), wanted, IN_SAN_FRANCISCO))
    # 2 * 12 + 80 dollars, of which 2 * 5 + 20 are margin
    assert rows(ledger.shoppers) == [(7, at(0, 8), IN_SAN_FRANCISCO, 2, 3, Fate.ORDERED, 10400, 3000, 0, 0, 0, 0, 0)]
    assert rows(ledger.order_lines) == [(7, CABLE, 2), (7, HEADPHONES, 1)]


def test_the_promise_is_that_of_the_latest_parcel_and_stays_when_an_order_comes_back(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9, (HEADPHONES, DC_WEST): 9}, walk_ins=...)
    first = Plan((parcel(DC_EAST, {CABLE: 1}, 500, 3000), parcel(BOSTON, {HEADPHONES: 1}, 400, 3500)))
    second = Plan((parcel(DC_WEST, {HEADPHONES: 1}, 1000, 9000),))
    ledger = run(scenario, ObedientRouter(first, second), shopper(1, at(0, 8), {CABLE: 1, HEADPHONES: 1}))
    orders = orders_of(ledger)
    assert (orders["promised_ship"].tolist(), orders["promised_delivery"].tolist()) == ([500], [3500])
