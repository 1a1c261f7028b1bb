"""What lies in a cart is kept from those who wait for goods on their way, too."""

from __future__ import annotations

import math

import pytest

from sim.contract.messages import Line, Plan
from sim.contract.news import CartHeld
from sim.routing.engine import Engine
from tests.routing.supply import DAY, an_engine, count, dates, expect, order, sent


def waiting_behind_a_cart(come: int = 4) -> Engine:
    """Return an engine with two units in a cart and nothing else on the shelf; two ordered, `come` on their way."""
    router = an_engine()
    count(router, 2, 0.0)
    expect(router, (0, 0, 2.0, come))
    router.observe(CartHeld(0.0, "c", (Line(0, 2),), math.inf))
    plan = router.route(order(1, 2), 1.0)
    assert isinstance(plan, Plan)
    assert (plan.parcels, dates(plan)) == ((), [2.0])
    return router


def test_who_waits_is_not_served_from_a_cart() -> None:
    router = waiting_behind_a_cart()
    count(router, 2, 100.0)
    assert sent(router.tick(100.0)) == []
    own = router.route(order(2, 2, cart="c"), 110.0)
    assert isinstance(own, Plan)
    assert [parcel.lines for parcel in own.parcels] == [((0, 2),)]


def test_he_is_served_when_his_goods_have_come() -> None:
    router = waiting_behind_a_cart()
    count(router, 6, 2 * DAY)
    assert sent(router.tick(2 * DAY)) == [(1, 0, ((0, 2),))]


@pytest.mark.parametrize(("until", "served"), [(99.0, [(1, 0, ((0, 2),))]), (101.0, [])])
def test_he_is_served_from_the_shelf_once_the_cart_s_time_is_over(until: float, served: list[object]) -> None:
    router = waiting_behind_a_cart()
    router.observe(CartHeld(1.0, "c", (Line(0, 2),), until))
    count(router, 2, 100.0)
    assert sent(router.tick(100.0)) == served


def test_a_decision_about_a_cart_that_others_wait_behind_is_repeated() -> None:
    router = waiting_behind_a_cart()
    asked = order(2, 2, cart="c")
    view = router.view(asked, 50.0)
    plan = router.route(asked, 50.0)
    other = an_engine()
    other.recall(asked, view)
    assert other.route(asked, 50.0) == plan
    other.forget(view.believed)
    assert other.view(asked, 50.0).memory == {"expected": []}


def test_what_is_waited_for_is_not_lent_where_nothing_is_to_come() -> None:
    router = waiting_behind_a_cart()
    expect(router, at=50.0)
    plan = router.route(order(2, 2, cart="c"), 60.0)
    assert isinstance(plan, Plan)
    assert plan.parcels == ()
