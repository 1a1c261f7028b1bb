"""Who waits for goods on their way is served in turn when they come, and tried elsewhere when they do not."""

from __future__ import annotations

import numpy as np
import pytest

from sim.contract.messages import Line, Parcel
from sim.contract.news import Cancellation, Refusal, Release, StockNews
from sim.errors import RoutingError
from tests.routing.supply import AT_18, AT_20, DAY, an_engine, count, dates, expect, order, sent


def test_when_it_has_come_it_is_sent_at_once_from_there_and_to_nobody_else() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 4))
    router.route(order(1, 3), 60.0)
    assert router.next_wake() == 240.0  # the next beat
    count(router, 4, at=200.0)
    expect(router, at=200.0)
    assert router.next_wake() == 200.0
    early = router.route(order(2, 2), 201.0)  # before the tick: 1 of 4 is free
    assert [parcel.lines for parcel in early.parcels] == [(Line(0, 1),)]
    ((decided, plan),) = router.tick(201.0)
    assert (decided.id, decided.lines, plan.reason) == (1, (Line(0, 3),), "released")
    assert plan.parcels == (Parcel(0, (Line(0, 3),), 0, AT_18, DAY + AT_20, (0, 0, 0, 500, 0)),)


def test_who_was_promised_the_earlier_date_goes_first() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 3), (0, 0, 5.0, 3))
    for number in (1, 2):
        router.route(order(number, 3), 60.0)
    count(router, 2, at=200.0)
    assert router.tick(200.0) == []
    count(router, 5, at=210.0)
    assert sent(router.tick(210.0)) == [(1, 0, (Line(0, 3),))]


def test_a_channel_may_go_first_among_those_of_one_date() -> None:
    router = an_engine(against_supply={"channels_first": ["web"]})
    expect(router, (0, 0, 3.0, 6))
    router.route(order(1, 3, channel="marketplace"), 60.0)
    router.route(order(2, 3, channel="web"), 60.0)
    count(router, 3, at=3 * DAY)
    assert sent(router.tick(3 * DAY)) == [(2, 0, (Line(0, 3),))]


def test_nobody_overtakes_one_who_waits_for_two_products() -> None:
    router = an_engine(products=2)
    expect(router, (0, 0, 3.0, 4), (1, 0, 3.0, 4))
    router.route(order(1, 2, 2), 60.0)
    router.route(order(2, 2), 60.0)
    count(router, 2, at=200.0)
    assert router.tick(200.0) == []
    count(router, 2, at=210.0, cell=1)
    assert sent(router.tick(210.0)) == [(1, 0, (Line(0, 2), Line(1, 2)))]


def test_a_cancellation_gives_the_place_in_the_queue_to_the_next() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 3))
    router.route(order(1, 3), 60.0)
    assert dates(router.route(order(2, 3), 60.0)) == []
    router.observe(Cancellation(70.0, 1))
    assert dates(router.route(order(3, 3), 80.0)) == [3.0]


def test_what_is_late_by_a_beat_is_sent_from_another_shelf_if_one_has_it() -> None:
    router = an_engine(sites=2)
    expect(router, (0, 0, 3.0, 3), sites=2)
    router.route(order(1, 3), 60.0)
    count(router, 9, at=2 * DAY, cell=1, sites=2)
    assert router.tick(2 * DAY) == []  # its date holds
    assert router.tick(3 * DAY + 180) == []  # not yet a beat of 4 hours
    assert sent(router.tick(3 * DAY + 240)) == [(1, 1, (Line(0, 3),))]
    count(router, 3, at=4 * DAY, sites=2)  # comes all the same: nobody waits for it any more
    assert router.tick(4 * DAY) == []
    assert [parcel.site for parcel in router.route(order(2, 3), 4 * DAY).parcels] == [0]


def test_what_is_late_and_nowhere_else_waits_for_the_next_receipt() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 3), (0, 0, 5.0, 3))
    router.route(order(1, 3), 60.0)
    ((again, plan),) = router.tick(3 * DAY + 240)
    assert (again.lines, plan.parcels, plan.backordered, dates(plan)) == ((Line(0, 3),), (), (Line(0, 3),), [5.0])
    assert dates(router.route(order(2, 3), 3 * DAY + 250)) == []  # the later receipt is promised
    count(router, 3, at=5 * DAY)
    assert sent(router.tick(5 * DAY)) == [(1, 0, (Line(0, 3),))]


def test_what_is_not_to_come_any_more_waits_without_a_date_until_it_is_given_up() -> None:
    router = an_engine()
    expect(router, (0, 0, 1.0, 3))
    router.route(order(1, 3), 60.0)
    expect(router, at=120.0)
    assert router.tick(240.0) == []  # perhaps it has just come, and the count is on its way
    ((_, plan),) = router.tick(480.0)
    assert (plan.backordered, plan.backordered_dates) == ((Line(0, 3),), ())
    assert router.next_wake() == 720.0
    assert router.tick(1.0 * DAY + 480) == []
    ((_, plan),) = router.tick(1.0 * DAY + 720)  # ten hours from the date it had
    assert plan.unfilled == (Line(0, 3),)
    assert router.next_wake() is None


def test_lines_without_a_date_get_one_when_goods_are_said_to_come() -> None:
    router = an_engine()
    assert dates(router.route(order(1, 3), 60.0)) == []
    assert router.tick(240.0) == []
    expect(router, (0, 0, 2.0, 3), at=300.0)
    assert router.next_wake() == 300.0  # before anybody new
    assert [dates(decision.plan) for decision in router.tick(300.0)] == [[2.0]]
    assert dates(router.route(order(2, 3), 490.0)) == []  # promised to the first
    count(router, 3, at=2 * DAY)
    assert sent(router.tick(2 * DAY)) == [(1, 0, (Line(0, 3),))]


def test_only_promises_in_parcels_can_be_released() -> None:
    router = an_engine()
    count(router, 2, at=0.0)
    expect(router, (0, 0, 3.0, 3))
    router.route(order(1, 5), 60.0)
    with pytest.raises(RoutingError, match="3 units released where only 2 are promised in parcels"):
        router.observe(Release(70.0, 1, 0, 0, 3))
    router.observe(Release(70.0, 1, 0, 0, 2))
    assert router.tick(70.0) == []  # two of the three that he waits for
    router.observe(StockNews(80.0, np.array([0]), np.array([0]), np.array([3], np.int32), np.array([0], np.int32)))
    assert sent(router.tick(80.0)) == [(1, 0, (Line(0, 3),))]


def test_a_shelf_found_empty_takes_nothing_from_who_waits_but_his_date() -> None:
    router = an_engine()
    count(router, 2, at=0.0)
    expect(router, (0, 0, 1.0, 3), (0, 0, 2.0, 9))
    router.route(order(1, 2), 10.0)
    assert dates(router.route(order(2, 3), 20.0)) == [1.0]
    router.observe(Refusal(30.0, 1, 0, 0, 2))
    again = router.route(order(1, 2, refused_by=(0,)), 40.0)
    assert (again.parcels, dates(again)) == ((), [])  # the refuser is not asked, for later neither
    assert dates(router.route(order(3, 3), 50.0)) == [2.0]


def test_once_it_is_sent_and_picked_nothing_is_reserved_any_more() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 4))
    router.route(order(1, 3), 60.0)
    count(router, 4, at=200.0)
    router.tick(200.0)
    count(router, 9, at=210.0, picked=3)
    assert router.available().tolist() == [9]
    assert router.next_wake() is None or router.tick(240.0) == []


def test_goods_that_have_left_the_picture_and_are_not_yet_counted_are_not_late() -> None:
    router = an_engine(sites=2)
    expect(router, (0, 0, 1.0, 3), sites=2)
    router.route(order(1, 3), 60.0)
    count(router, 9, at=100.0, cell=1, sites=2)
    router.tick(1200.0)
    expect(router, at=DAY, sites=2)  # they have come
    assert router.tick(DAY) == []
    count(router, 3, at=DAY + 15, sites=2)
    assert sent(router.tick(DAY + 15)) == [(1, 0, (Line(0, 3),))]
