"""Orders that shoppers collect: from the shelf, or brought there from other sites."""

from __future__ import annotations

import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal
from sim.errors import NotOfferedError
from sim.routing.waiting.backorders import BackorderPolicy
from tests.routing.ways.shops import CORNER, DC, FAR, LAST, A, B, gives, heard, order, told

MORNING = 8 * 60.0  # before the shop opens at 9
HERE = [[5, 5, 0, 0], [5, 5, 0, 0]]
PART = [[5, 1, 0, 0], [5, 5, 0, 0]]  # one A short on the shelf
TRUCK = {"cost_per_parcel": "2 USD", "cost_per_unit": "0.10 USD", "days": 2}
STRATEGIES = ("cheapest", "nearest", "fewest_parcels", "dc_first", "balanced", "ruled")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_on_the_shelf_is_ready_two_working_hours_after_opening(strategy: str) -> None:
    plan = told(HERE, strategy, pickup={}).route(order((A, 2), (B, 1), collect_at=CORNER), MORNING)
    (parcel,) = plan.parcels
    assert (parcel.site, parcel.service, parcel.via) == (CORNER, -1, -1)
    assert parcel.ship_at == parcel.deliver_at == 11 * 60
    assert plan.reason == "whole"


def test_it_is_picked_and_packed_but_neither_boxed_nor_labelled() -> None:
    plan = told(HERE, pickup={}).route(order((A, 2), (B, 1), collect_at=CORNER), MORNING)
    # 0.50 a line and 0.10 a unit, 0.40 to pack, and fees of 0.05 a parcel and 0.01 a unit
    assert plan.parcels[0].cents == (130, 40, 0, 0, 8)


@pytest.mark.parametrize(
    ("now", "ready"),
    [
        (15 * 60.0, 17 * 60.0),  # two hours are left today
        (15 * 60.0 + 1, 24 * 60 + 9 * 60.0 + 1),  # one minute is left for tomorrow
        (4 * 1440 + 16 * 60.0, 7 * 1440 + 10 * 60.0),  # Friday at four: one hour on Friday, one on Monday
    ],
)
def test_only_opening_hours_count(now: float, ready: float) -> None:
    plan = told(HERE, pickup={}).route(order((A, 1), collect_at=CORNER), now)
    assert plan.parcels[0].deliver_at == ready


def test_what_is_promised_at_the_counter_is_promised() -> None:
    router = told(HERE, pickup={})
    router.route(order((A, 4), collect_at=CORNER), MORNING)
    assert router.available().tolist() == [6, 10]
    assert router.route(order((A, 2), collect_at=CORNER), MORNING).unfilled == (Line(A, 1),)


def test_without_transfers_what_the_shelf_lacks_is_left_open() -> None:
    plan = told(PART, pickup={"transfer": "never"}).route(order((A, 2), (B, 1), collect_at=CORNER), MORNING)
    assert gives(plan.parcels) == {CORNER: {A: 1, B: 1}}
    assert (plan.unfilled, plan.reason) == ((Line(A, 1),), "part")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_missing_lines_are_sent_to_the_shop_by_carrier_in_the_zone_of_the_distance(strategy: str) -> None:
    plan = told(PART, strategy, pickup={"transfer": "missing_lines"}).route(
        order((A, 2), (B, 1), collect_at=CORNER), MORNING
    )
    shelf, brought = plan.parcels
    assert gives(plan.parcels) == {CORNER: {A: 1, B: 1}, DC: {A: 1}}
    assert (shelf.via, brought.via, brought.service) == (-1, CORNER, 0)
    # 290 km is zone 2: 6 USD and two days after Monday 18:00; there at 20:00, so ready when the shop opens on Thursday
    assert brought.cents == (60, 40, 70, 600, 6)
    assert (brought.ship_at, brought.deliver_at) == (18 * 60, 3 * 1440 + 9 * 60)
    assert plan.reason == "split"


def test_the_whole_order_is_sent_if_anything_is_missing_and_the_shop_asks_for_that() -> None:
    plan = told(PART, pickup={"transfer": "whole_order"}).route(order((A, 2), (B, 1), collect_at=CORNER), MORNING)
    assert gives(plan.parcels) == {DC: {A: 2, B: 1}}


def test_the_shelf_gives_what_nobody_else_has_of_a_whole_order() -> None:
    stock = [[1, 1, 0, 0], [5, 0, 0, 0]]
    plan = told(stock, pickup={"transfer": "whole_order"}).route(order((A, 3), (B, 1), collect_at=CORNER), MORNING)
    assert gives(plan.parcels) == {CORNER: {A: 1}, DC: {A: 1, B: 1}}
    assert plan.unfilled == (Line(A, 1),)


def test_the_strategy_chooses_who_sends_by_its_own_measure() -> None:
    stock = [[5, 0, 0, 5], [5, 5, 5, 5]]
    asked = order((A, 1), collect_at=CORNER)
    # 190 km away and 290 km are one zone and one price: the first wins; the nearest is the other
    assert list(gives(told(stock, "cheapest", pickup={"transfer": "missing_lines"}).route(asked, 0).parcels)) == [DC]
    assert list(gives(told(stock, "nearest", pickup={"transfer": "missing_lines"}).route(asked, 0).parcels)) == [LAST]


def test_own_trucks_cost_by_parcel_and_unit_and_take_their_days() -> None:
    block = {"transfer": "missing_lines", "truck": TRUCK, "receive": "30 min"}
    plan = told([[9, 0, 0, 0], [5, 5, 0, 0]], pickup=block).route(order((A, 4), collect_at=CORNER), MORNING)
    (parcel,) = plan.parcels
    assert (parcel.site, parcel.service, parcel.via) == (DC, -1, CORNER)
    assert parcel.cents == (90, 40, 70, 240, 9)
    assert parcel.deliver_at == 3 * 1440 + 9 * 60 + 30  # there on Wednesday at 20:00


def test_trucks_change_nothing_for_parcels_to_shoppers() -> None:
    block = {"transfer": "missing_lines", "truck": TRUCK}
    asked = order((A, 2), (B, 3))
    assert told(HERE, pickup=block).route(asked, 0) == told(HERE).route(asked, 0)


def test_it_is_kept_for_the_shopper_from_when_the_last_of_it_is_ready() -> None:
    block = {"transfer": "missing_lines", "hold_for": "3 days"}
    plan = told(PART, pickup=block).route(order((A, 2), collect_at=CORNER), MORNING)
    assert plan.collect_until == max(parcel.deliver_at for parcel in plan.parcels) + 3 * 1440


def test_a_quote_tells_when_the_last_of_it_is_ready() -> None:
    router = told(PART, pickup={"transfer": "missing_lines"})
    asked = order((A, 2), collect_at=CORNER)
    assert router.quote(asked, MORNING).deliver_at == 3 * 1440 + 9 * 60
    assert router.available().tolist() == [6, 10]  # nothing is reserved


def test_what_the_shop_has_refused_comes_from_elsewhere() -> None:
    router = told(HERE, pickup={"transfer": "missing_lines"})
    router.route(order((A, 2), collect_at=CORNER), MORNING)
    router.observe(Refusal(MORNING + 1, 1, CORNER, A, 1))
    again = router.route(order((A, 1), collect_at=CORNER, refused_by=(CORNER,)), MORNING + 1)
    assert gives(again.parcels) == {DC: {A: 1}}
    assert again.parcels[0].via == CORNER


def test_what_nobody_has_is_kept_and_brought_to_the_same_counter_later() -> None:
    router = told([[0, 0, 0, 0], [5, 5, 0, 0]], pickup={}, backorders=BackorderPolicy(120, 6000))
    assert router.route(order((A, 1), collect_at=CORNER), 0).backordered == (Line(A, 1),)
    heard(router, [[0, 1, 0, 0], [5, 5, 0, 0]], at=60.0)
    (decision,) = router.tick(120.0)
    assert [(parcel.site, parcel.service) for parcel in decision.plan.parcels] == [(CORNER, -1)]


@pytest.mark.parametrize(
    ("asked", "told_so"),
    [
        (order((A, 1), collect_at=DC), "collected at dc_300, which has no pickup: true - expected one of store_10, st"),
        (order((A, 1), collect_at=LAST), "collected at store_200, which has no pickup: true"),
        (order((A, 1), collect_at=99), "collected at site 99, which has no pickup: true"),
    ],
)
def test_where_nothing_is_handed_over_nothing_can_be_collected(asked: Order, told_so: str) -> None:
    with pytest.raises(NotOfferedError, match=told_so):
        told(HERE, pickup={}).route(asked, 0.0)


def test_without_a_block_pickup_nothing_can_be_collected() -> None:
    with pytest.raises(NotOfferedError, match="order 1 is to be collected - expected a block pickup in the routing"):
        told(HERE).route(order((A, 1), collect_at=CORNER), 0.0)


def test_curbside_is_pick_up_by_another_attribute() -> None:
    with pytest.raises(NotOfferedError, match="has no curbside: true - expected one of none"):
        told(HERE, pickup={"attribute": "curbside"}).route(order((A, 1), collect_at=FAR), 0.0)


def test_rules_that_place_nothing_unless_they_have_all_take_nothing_from_the_shelf() -> None:
    steps = [{"rank": [{"by": "distance"}]}]
    strategies = {"it": {"choose": "rules", "steps": steps, "when_incomplete": "refuse"}}
    stock = [[0, 1, 0, 0], [5, 5, 0, 0]]
    router = told(stock, "it", pickup={"transfer": "missing_lines"}, strategies=strategies)
    plan = router.route(order((A, 2), collect_at=CORNER), 0)
    assert (plan.parcels, plan.unfilled, plan.reason) == ((), (Line(A, 2),), "insufficient_stock")
