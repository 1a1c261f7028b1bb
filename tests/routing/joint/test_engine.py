"""The engine that holds, decides jointly and thinks over, in the tiny network, told its stock by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import Decision, Hold, Line, Order, Plan, Revision
from sim.contract.news import Refusal, StockNews, TooLate
from sim.errors import NotOfferedError
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.routing.engine import Engine

EAST, WEST, BOSTON_STORE, OAKLAND_STORE = range(4)
BOSTON, CHICAGO, SAN_FRANCISCO = range(3)
CABLE, HEADPHONES, MONITOR = range(3)
NINE = 1440.0 + 9 * 60


class Told:
    """An engine and what it has been told."""

    def __init__(self, folder: Path, stock: dict[tuple[int, int], int], **how: Any) -> None:
        network = tiny(folder).network
        routing = {
            "max_parcels": 3,
            "backorders": {"retry_every": "2 h", "give_up_after": "2 days"},
            "strategies": {
                "joint": {"choose": "batch", "window": "30 min"} | how,
                "one by one": {"choose": "cheapest"},
            },
        }
        self.engine: Engine = build_engine(RoutingConfig.model_validate(routing), "joint", network)
        self._sites = len(network.sites)
        self.hear(0.0, {cell: (units, 0) for cell, units in stock.items()})

    def hear(self, at: float, counts: dict[tuple[int, int], tuple[int, int]]) -> None:
        """Tell on hand and picked by (product, site)."""
        cells = np.array([sku * self._sites + site for sku, site in counts], dtype=np.int64)
        on_hand, picked = np.array(list(counts.values()), dtype=np.int32).reshape(-1, 2).T
        self.engine.observe(StockNews(at, np.arange(self._sites), cells, on_hand, picked))

    def shown(self) -> list[int]:
        """Return what can be promised of each product."""
        return self.engine.available().tolist()

    def send(self, order: Order, now: float) -> Plan:
        """Route an order that is decided at once."""
        plan = self.engine.route(order, now)
        assert isinstance(plan, Plan)
        return plan


def order(number: int, place: int = BOSTON, units: int = 1, sku: int = CABLE, at: float = NINE) -> Order:
    return Order(number, at, place, (Line(sku, units),))


def sites(answer: Decision | Revision) -> list[int]:
    return [parcel.site for parcel in answer.plan.parcels]


def test_an_order_is_held_until_the_next_beat_of_the_window(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 5})
    assert told.engine.route(order(1), NINE + 1) == Hold(NINE + 30)
    assert told.engine.route(order(2), NINE + 29) == Hold(NINE + 30)
    assert told.engine.next_wake() == NINE + 30
    assert told.engine.tick(NINE + 29) == []
    assert [answer.order.id for answer in told.engine.tick(NINE + 30) if isinstance(answer, Decision)] == [1, 2]
    assert told.engine.next_wake() is None


@pytest.mark.parametrize(("past_cut_off", "until"), [(False, 16 * 60), (True, 16 * 60 + 30)])
def test_a_window_ends_before_a_pick_up_is_missed_unless_told_otherwise(
    tmp_path: Path, past_cut_off: bool, until: int
) -> None:
    # every site is open round the clock, has a pick-up at 18:00 and promises 2 hours of work
    told = Told(tmp_path, {}, window="90 min", past_cut_off=past_cut_off)
    assert told.engine.route(order(1), 1440 + 15 * 60 + 10) == Hold(1440 + until)


def test_what_is_held_is_shown_to_nobody_else(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 5})
    told.engine.route(order(1, units=2), NINE)
    assert told.shown() == [3, 0, 0, 0]
    told.engine.tick(NINE + 30)
    assert told.shown() == [3, 0, 0, 0]


def test_the_last_unit_goes_to_the_order_that_gains_most(tmp_path: Path) -> None:
    # the unit in Boston is near Boston and far from San Francisco; first come, first served would give it to Chicago
    told = Told(tmp_path, {(MONITOR, BOSTON_STORE): 1, (MONITOR, WEST): 1})
    told.engine.route(order(1, CHICAGO, sku=MONITOR), NINE + 1)
    told.engine.route(order(2, BOSTON, sku=MONITOR), NINE + 2)
    assert [sites(answer) for answer in told.engine.tick(NINE + 30)] == [[WEST], [BOSTON_STORE]]


@pytest.mark.parametrize(("price", "served"), [("10.59 USD", []), ("10.61 USD", [EAST])])
def test_a_unit_is_sent_if_that_costs_less_than_not_to_serve_it(tmp_path: Path, price: str, served: list[int]) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 5}, unserved=price)  # a parcel from there costs 10.60 USD
    told.engine.route(order(1), NINE + 1)
    (answer,) = told.engine.tick(NINE + 30)
    assert isinstance(answer, Decision)
    assert sites(answer) == served


def test_what_comes_back_from_a_site_is_decided_at_once(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 5, (CABLE, WEST): 5})
    assert told.send(order(1)._replace(refused_by=(EAST,)), NINE).parcels[0].site == WEST


def test_what_nobody_has_is_backordered_and_decided_with_a_later_batch(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 1})
    told.engine.route(order(1, units=2), NINE)
    [first] = told.engine.tick(NINE + 30)
    assert isinstance(first, Decision)
    assert first.plan.backordered == (Line(CABLE, 1),)
    assert told.engine.next_wake() == NINE + 60
    told.hear(NINE + 40, {(CABLE, EAST): (3, 1)})
    told.engine.route(order(2), NINE + 45)
    assert [sites(answer) for answer in told.engine.tick(NINE + 60)] == [[EAST], [EAST]]


def test_a_quote_is_what_would_be_promised_and_promises_nothing(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 1}, window="0 min")
    quote = told.engine.quote(order(1, units=2), NINE)
    assert told.shown() == [1, 0, 0, 0]
    plan = told.send(order(1, units=2), NINE)
    [parcel] = plan.parcels
    assert quote == (parcel.ship_at, parcel.deliver_at, sum(parcel.cents), (Line(CABLE, 1),))


def far_parcel(told: Told) -> Plan:
    """Send a cable to Boston from the west, where alone it is."""
    return told.send(order(1), NINE)


def thinking(folder: Path, **how: Any) -> Told:
    return Told(folder, {(CABLE, WEST): 1}, window="0 min", reevaluate_every="1 h", **how)


def test_a_parcel_is_moved_to_a_nearer_shelf_that_has_been_filled(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    sent = far_parcel(told)
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0)})
    assert told.engine.next_wake() == NINE + 60
    [revision] = told.engine.tick(NINE + 60)
    assert isinstance(revision, Revision)
    assert (revision.order, revision.withdrawn) == (1, sent.parcels)
    assert sites(revision) == [EAST]
    assert told.shown() == [4, 0, 0, 0]


@pytest.mark.parametrize(("save", "moved"), [("0.10 USD", 1), ("50 USD", 0)])
def test_a_parcel_stays_where_it_is_unless_that_saves_enough(tmp_path: Path, save: str, moved: int) -> None:
    told = thinking(tmp_path, revise_for=save)
    far_parcel(told)
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0)})
    assert len(told.engine.tick(NINE + 60)) == moved


def test_a_parcel_is_not_moved_to_where_it_would_be_late(tmp_path: Path) -> None:
    told = thinking(tmp_path, revise_for="0 USD")
    sent = told.send(order(1, CHICAGO), NINE)
    told.hear(NINE + 10, {(CABLE, WEST): (1, 0), (CABLE, EAST): (4, 0)})
    # days later only the parcel in its queue can be in time
    assert told.engine.tick(sent.parcels[0].deliver_at) == []


def test_a_parcel_that_is_picked_is_not_thought_over(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    far_parcel(told)
    told.hear(NINE + 10, {(CABLE, WEST): (0, 1), (CABLE, EAST): (4, 0)})
    assert told.engine.tick(NINE + 60) == []
    assert told.engine.next_wake() is None


def test_a_parcel_that_was_refused_is_not_thought_over(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    far_parcel(told)
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0)})
    told.engine.observe(Refusal(NINE + 20, 1, WEST, CABLE, 1))
    assert told.engine.tick(NINE + 60) == []


def test_if_a_revision_comes_too_late_all_is_believed_as_before(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    far_parcel(told)
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0), (CABLE, WEST): (3, 0)})
    assert told.shown() == [6, 0, 0, 0]
    [revision] = told.engine.tick(NINE + 60)
    assert isinstance(revision, Revision)
    told.engine.observe(TooLate(NINE + 60, revision))
    assert told.shown() == [6, 0, 0, 0]
    told.hear(NINE + 70, {(CABLE, WEST): (2, 1)})
    assert told.shown() == [6, 0, 0, 0]
    assert told.engine.next_wake() is None or told.engine.tick(NINE + 120) == []


def test_one_order_makes_room_for_another_and_gains_nothing_by_it(tmp_path: Path) -> None:
    told = Told(tmp_path, {(MONITOR, BOSTON_STORE): 1, (MONITOR, WEST): 1}, window="0 min", reevaluate_every="1 h")
    assert told.send(order(1, CHICAGO, sku=MONITOR), NINE).parcels[0].site == BOSTON_STORE
    assert told.send(order(2, BOSTON, sku=MONITOR), NINE + 1).parcels[0].site == WEST
    told.hear(NINE + 10, {(MONITOR, EAST): (1, 0)})
    answers = told.engine.tick(NINE + 60)
    assert [(a.order, sites(a)) for a in answers if isinstance(a, Revision)] == [(1, [EAST]), (2, [BOSTON_STORE])]


@pytest.mark.parametrize("wrong", [{"place": 9}, {"lines": (Line(CABLE, 0),)}, {"lines": ()}])
def test_an_order_for_what_there_is_not_is_in_no_batch(tmp_path: Path, wrong: dict[str, Any]) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 5})
    with pytest.raises(NotOfferedError):
        told.engine.route(order(1)._replace(**wrong), NINE)
    with pytest.raises(NotOfferedError):
        told.engine.route_batch([order(2), order(1)._replace(**wrong)], NINE)
    assert told.shown()[CABLE] == 5
    assert told.engine.next_wake() is None
