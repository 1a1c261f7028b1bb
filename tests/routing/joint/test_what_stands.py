"""What an engine that thinks things over still counts on, and what it no longer does."""

from __future__ import annotations

from pathlib import Path

from sim.contract.messages import Decision, Line
from sim.contract.news import Cancellation, Release
from tests.routing.joint.test_engine import CABLE, EAST, NINE, WEST, Told, far_parcel, order, thinking


def test_a_parcel_that_was_released_is_not_thought_over(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    far_parcel(told)
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0)})
    told.engine.observe(Release(NINE + 20, 1, WEST, CABLE, 1))
    assert told.engine.tick(NINE + 60) == []
    assert told.shown() == [5, 0, 0, 0]


def test_an_order_that_is_called_off_while_it_is_held_is_not_decided(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 5})
    for number in (1, 2):
        told.engine.route(order(number), NINE)
    told.engine.observe(Cancellation(NINE + 5, 1))
    assert [answer.order.id for answer in told.engine.tick(NINE + 30) if isinstance(answer, Decision)] == [2]
    told.engine.route(order(3), NINE + 31)
    told.engine.observe(Cancellation(NINE + 35, 3))
    assert told.engine.next_wake() is None


def test_never_less_than_nothing_is_shown_however_much_is_held(tmp_path: Path) -> None:
    told = Told(tmp_path, {(CABLE, EAST): 1})
    told.engine.route(order(1, units=3), NINE)
    assert told.shown() == [0, 0, 0, 0]


def test_what_stands_and_cannot_be_served_whole_from_elsewhere_keeps_its_units(tmp_path: Path) -> None:
    # two were promised where but one is left, and it is too late to send anything else in time
    told = thinking(tmp_path, revise_for="0 USD")
    told.hear(NINE, {(CABLE, WEST): (2, 0)})
    [parcel] = told.send(order(1, units=2), NINE).parcels
    told.hear(NINE + 10, {(CABLE, WEST): (1, 0)})
    late = (parcel.deliver_at // 120 + 1) * 120
    assert told.send(order(2), late - 30).backordered == (Line(CABLE, 1),)
    assert told.engine.tick(late) == []
    assert told.shown()[CABLE] == 0
