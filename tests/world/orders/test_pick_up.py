"""Orders that are collected, followed by hand: ready, told of, collected or put back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Line, Order, Parcel, Plan, Quote
from sim.errors import RoutingError
from sim.ledger.audit import audit
from sim.ledger.fates import Fate, Goes
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.world.collecting import NEVER, collecting, collector, over_the_counter, via_counter
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    HEADPHONES,
    OAKLAND,
    HandMadeTape,
    ObedientRouter,
    at,
    parcel,
    shopper,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

# message 1 min, one line 4 min, packing 10 min; and a minute until the shopper is told
READY, TOLD = at(0, 8, 15), at(0, 8, 16)


class CounterRouter(ObedientRouter):
    """Says of every order whether all of it could be had at the counter."""

    def __init__(self, *plans: Plan | Callable[[Order], Plan], lacks: tuple[Line, ...] = ()) -> None:
        super().__init__(*plans)
        self._lacks = lacks

    def quote(self, order: Order, now: float) -> Quote:
        """Tell what is lacking there."""
        return Quote(now, now, 0.0, self._lacks if order.collect_at >= 0 else ())


def run(scenario: Scenario, shoppers: Sequence[Shopper], router: ObedientRouter | None = None) -> Ledger:
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), router or CounterRouter(over_the_counter))
    audit(ledger)
    return ledger


def rows(ledger: Ledger, table: str, *names: str) -> list[tuple[Any, ...]]:
    columns = getattr(ledger, table).columns()
    return list(zip(*(columns[name].tolist() for name in names), strict=True))


def test_an_order_is_ready_when_packed_and_collected_as_long_after_the_notice_as_is_the_shoppers_luck(
    tmp_path: Path,
) -> None:
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}), [collector(1, at(0, 8), {CABLE: 2}, after=90)])
    assert rows(ledger, "hand_overs", "order", "site", "ready_at", "at", "units", "collected", "value_cents") == [
        (1, BOSTON, READY, TOLD + 90, 2, 1, 2400)
    ]
    assert ledger.closing_stock[CABLE, BOSTON] == 7
    orders = orders_of(ledger)
    assert orders["ready_hours"].tolist() == [0.25]
    assert orders["delivered_at"].tolist() == orders["handed_at"].tolist() == [READY]


def test_nothing_is_paid_for_a_box_or_a_carrier_at_the_counter(tmp_path: Path) -> None:
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}), [collector(1, at(0, 8), {CABLE: 2})])
    parts = ("picking_cents", "packing_cents", "packaging_cents", "label_cents", "fees_cents", "goes", "km")
    assert rows(ledger, "parcels", *parts) == [(70, 50, 0, 0, 0, Goes.TO_COUNTER, 0)]


def test_who_never_comes_leaves_it_and_it_stands_on_the_shelf_again_after_the_hold(tmp_path: Path) -> None:
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}), [collector(1, at(0, 8), {CABLE: 2}, after=NEVER)])
    gone_at = TOLD + 2 * 1440
    assert rows(ledger, "put_back", "order", "at", "sku", "site", "quantity") == [(1, gone_at, CABLE, BOSTON, 2)]
    assert rows(ledger, "hand_overs", "at", "collected") == [(gone_at, 0)]
    assert ledger.closing_stock[CABLE, BOSTON] == 9
    assert orders_of(ledger)["units_left"].tolist() == [2]


def test_the_router_hears_of_what_was_put_back(tmp_path: Path) -> None:
    router = CounterRouter(over_the_counter)
    scenario = collecting(tmp_path, {(CABLE, BOSTON): 9}, site_kinds__store__feed={"kind": "event", "latency": "1 min"})
    rows = [collector(1, at(0, 8), {CABLE: 2}, after=NEVER), shopper(2, at(3, 8), {CABLE: 1})]
    router._plans = [over_the_counter, lambda order: Plan((), unfilled=order.lines)]
    run(scenario, rows, router)
    counts = [int(news.on_hand[0]) for news in router.told if len(getattr(news, "cells", ())) == 1]
    assert counts == [7, 9]


@pytest.mark.parametrize(("after", "collected"), [(2 * 1440, 1), (2 * 1440 + 1, 0)])
def test_who_comes_later_than_it_is_held_finds_nothing(tmp_path: Path, after: float, collected: int) -> None:
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}), [collector(1, at(0, 8), {CABLE: 1}, after=after)])
    assert rows(ledger, "hand_overs", "at", "collected") == [(TOLD + 2 * 1440, collected)]


def test_a_plan_may_have_it_held_for_longer(tmp_path: Path) -> None:
    plan: Callable[[Order], Plan] = lambda order: over_the_counter(order)._replace(collect_until=at(3, 12))  # noqa: E731
    rows_ = [collector(1, at(0, 8), {CABLE: 1}, after=NEVER)]
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}), rows_, CounterRouter(plan))
    assert rows(ledger, "hand_overs", "at") == [(at(3, 12),)]


def test_who_comes_while_the_store_is_closed_waits_until_it_opens(tmp_path: Path) -> None:
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "07:00-20:00")
    scenario = collecting(tmp_path, {(CABLE, BOSTON): 9}, site_kinds__store__hours=hours)
    ledger = run(scenario, [collector(1, at(0, 8), {CABLE: 1}, after=14 * 60)])
    assert rows(ledger, "hand_overs", "ready_at", "at") == [(READY, at(1, 7))]


def test_staff_time_is_paid_for_by_the_hour_at_the_counter_at_the_kerb_and_for_what_is_put_back(
    tmp_path: Path,
) -> None:
    cost = {"minutes": "2 min", "put_back": "3 min", "per_hour": "18 USD", "kerb": {"share": "0 %", "minutes": "4 min"}}
    rows_ = [
        collector(1, at(0, 8), {CABLE: 1}),
        collector(2, at(0, 9), {CABLE: 1}, at_kerb=True),
        collector(3, at(0, 10), {CABLE: 2}, after=NEVER),
    ]
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}, cost), rows_)
    assert rows(ledger, "hand_overs", "order", "cents") == [(1, 60), (2, 180), (3, 180)]
    assert orders_of(ledger)["cost_cents"].tolist() == [60 + 50 + 60, 60 + 50 + 180, 70 + 50 + 180]


def test_what_a_shopper_buys_besides_is_booked_with_its_margin_if_he_comes(tmp_path: Path) -> None:
    extra = {"extra": {"share": "25 %", "value": "30 USD", "margin": "35 %"}}
    rows_ = [collector(1, at(0, 8), {CABLE: 1}, extra_cents=1999), collector(2, at(0, 8), {CABLE: 1})]
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 9}, extra), rows_)
    assert rows(ledger, "hand_overs", "extra_cents", "extra_margin_cents") == [(1999, 700), (0, 0)]


def test_what_the_shelf_lacks_is_routed_again_and_the_order_is_ready_without_what_nobody_has(tmp_path: Path) -> None:
    router = CounterRouter(over_the_counter, lambda order: Plan((), unfilled=order.lines))
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 1}), [collector(1, at(0, 8), {CABLE: 2})], router)
    assert router.asked[1][1].collect_at == BOSTON
    assert rows(ledger, "hand_overs", "ready_at", "units") == [(READY, 1)]
    assert rows(ledger, "cancellations", "quantity") == [(1,)]


def test_an_order_of_which_nothing_can_be_had_is_over_and_nobody_is_told(tmp_path: Path) -> None:
    router = CounterRouter(over_the_counter, lambda order: Plan((), unfilled=order.lines))
    ledger = run(collecting(tmp_path, {(HEADPHONES, BOSTON): 1}), [collector(1, at(0, 8), {CABLE: 2})], router)
    assert rows(ledger, "hand_overs", "order") == []
    assert rows(ledger, "pick_ups", "order", "site") == [(1, BOSTON)]


@pytest.mark.parametrize(
    ("otherwise_ships", "fate", "collect_at"), [(True, Fate.ORDERED, -1), (False, Fate.TURNED_AWAY, None)]
)
def test_a_shopper_whose_store_cannot_promise_it_has_it_sent_or_leaves(
    tmp_path: Path, otherwise_ships: bool, fate: Fate, collect_at: int | None
) -> None:
    sent: Callable[[Order], Plan] = lambda order: Plan((parcel(DC_EAST, dict(order.lines)),))  # noqa: E731
    router = CounterRouter(sent, lacks=(Line(CABLE, 1),))
    rows_ = [collector(1, at(0, 8), {CABLE: 1}, otherwise_ships=otherwise_ships)]
    ledger = run(collecting(tmp_path, {(CABLE, DC_EAST): 9}), rows_, router)
    assert rows(ledger, "shoppers", "fate") == [(fate,)]
    assert [order.collect_at for _, order in router.asked] == ([] if collect_at is None else [collect_at])


WRONG: list[tuple[Parcel, str]] = [
    (parcel(BOSTON, {CABLE: 1}), "a parcel leaves store_boston - expected it at the counter there, service -1"),
    (parcel(DC_EAST, {CABLE: 1}),
     "a parcel from dc_east does not go to store_boston - expected via 2, where it is collected"),
    (parcel(DC_EAST, {CABLE: 1})._replace(via=OAKLAND),
     "a parcel from dc_east does not go to store_boston - expected via 2, where it is collected"),
    (via_counter(DC_EAST, {CABLE: 1}, service=-1),
     "a parcel from dc_east goes to store_boston by truck - expected a block trucks in the scenario, or a service"),
    (via_counter(DC_EAST, {CABLE: 1}, service=3),
     "a parcel from dc_east goes to store_boston by service 3, which does not go there"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "message"), WRONG)
def test_what_does_not_get_to_the_counter_is_refused_by_the_orders_number(
    tmp_path: Path, given: Parcel, message: str
) -> None:
    scenario = collecting(tmp_path, {(CABLE, BOSTON): 9, (CABLE, DC_EAST): 9})
    with pytest.raises(RoutingError, match=f"^order 7: {re.escape(message)}$"):
        run(scenario, [collector(7, at(0, 8), {CABLE: 1})], CounterRouter(Plan((given,))))
