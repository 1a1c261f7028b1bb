"""What lies in carts is kept from others until it is ordered, given up, or its time is over."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line
from sim.contract.news import CartHeld
from sim.contract.wire import Wire
from sim.contract.wire_values import dumps, loads
from sim.routing.belief.carts import Carts
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog, replay
from sim.routing.engine import Engine
from sim.routing.explain import explain
from sim.routing.rules.reasons import Reason
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.service.sessions import Session
from tests.routing.ruled import BOSTON, DC_EAST, DC_WEST, NEAREST, OAKLAND, A, B, build, heard, network, order, ruled

TWO_EACH = [2, 2, 2, 2]


def cart(units: int, until: float = 60.0, at: float = 0.0, name: str = "c", site: int = -1, sku: int = A) -> CartHeld:
    return CartHeld(at, name, (Line(sku, units),), until, site)


def got(engine: Engine, quantity: int, now: float = 1.0, **more: Any) -> int:
    """Return how many cables an order is promised."""
    plan = engine.route(order((A, quantity), **more), now)
    return sum(line.quantity for parcel in plan.parcels for line in parcel.lines)


def test_units_in_a_cart_are_not_promised_to_others_but_to_the_order_it_becomes() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3))
    assert (got(engine, 8, id=1), got(engine, 8, id=2, cart="c")) == (5, 3)


def test_they_are_not_shown_either() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3))
    assert engine.available()[[A, B]].tolist() == [5, 8]


@pytest.mark.parametrize(("now", "units"), [(59.9, 5), (60.0, 8)])
def test_a_cart_s_time_is_over_at_its_minute(now: float, units: int) -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3, until=60.0))
    assert got(engine, 8, now) == units


def test_a_cart_that_is_given_up_keeps_nothing() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3))
    engine.observe(cart(3, at=5.0, until=5.0))
    assert got(engine, 8, 6.0) == 8


def test_later_news_of_a_cart_takes_the_place_of_earlier_in_whatever_order_they_come() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(1, at=5.0))
    engine.observe(cart(6, at=0.0))
    assert got(engine, 8, 6.0) == 7


def test_a_cart_may_be_kept_for_ever() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3, until=math.inf))
    assert got(engine, 8, 1e6) == 5


def test_an_ordered_cart_keeps_nothing_more_whatever_came_of_the_order() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3))
    assert (got(engine, 1, cart="c"), got(engine, 8, id=2)) == (1, 7)


def test_old_news_does_not_fill_an_ordered_cart_again() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3))
    got(engine, 3, 10.0, cart="c")
    engine.observe(cart(3, at=1.0))
    assert got(engine, 8, 11.0, id=2) == 5


def test_a_cart_at_a_site_keeps_units_of_that_shelf() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(2, site=BOSTON))
    assert [parcel.site for parcel in engine.route(order((A, 2)), 1.0).parcels] == [DC_EAST]


def test_a_cart_anywhere_changes_no_decision_while_enough_is_left() -> None:
    engine, other = ruled(stock=TWO_EACH), ruled(stock=TWO_EACH)
    engine.observe(cart(6))
    assert engine.route(order((A, 2)), 1.0) == other.route(order((A, 2)), 1.0)


def test_what_is_cut_off_is_cut_off_from_the_smallest_shelves() -> None:
    engine = ruled(stock=[1, 5, 2, 3])
    engine.observe(cart(3))
    plan = engine.route(order((A, 11)), 1.0)
    assert {parcel.site: parcel.lines[0].quantity for parcel in plan.parcels} == {DC_WEST: 5, OAKLAND: 3}


def test_what_lies_where_nobody_serves_helps_no_cart() -> None:
    engine = heard(build({"choose": "cheapest", "only": ["dc"]}, network()), [2, 2, 9, 9], network())
    engine.observe(cart(3))
    assert got(engine, 4) == 1


@pytest.mark.parametrize("choose", ["cheapest", "nearest", "fewest_parcels", "batch", "bid_price", "primal_dual"])
def test_every_strategy_keeps_it(choose: str) -> None:
    ahead = {"horizon": "2 days", "resolve_every": "4 h", "memory": "7 days"}
    more: dict[str, Any] = {"batch": {"window": "0 min"}, "bid_price": ahead, "primal_dual": {"worth": "2 USD"}}
    strategy = {"choose": choose, **more.get(choose, {})}
    engine = heard(build(strategy, network(), max_parcels=4), TWO_EACH, network())
    engine.observe(cart(3))
    assert got(engine, 8) == 5


def test_a_joint_decision_keeps_it() -> None:
    engine = heard(build({"choose": "batch", "window": "30 min"}, network()), TWO_EACH, network())
    engine.observe(cart(3))
    plans = engine.route_batch([order((A, 2), id=k) for k in range(4)], 1.0)
    assert sum(line.quantity for plan in plans for parcel in plan.parcels for line in parcel.lines) <= 5


def test_the_order_of_a_cart_does_not_wait_for_the_batch() -> None:
    engine = heard(build({"choose": "batch", "window": "30 min"}, network()), TWO_EACH, network())
    engine.observe(cart(8))
    assert got(engine, 8, cart="c") == 6  # three parcels at most


def test_an_explanation_says_that_it_is_held_back() -> None:
    engine = ruled(stock=[0, 0, 2, 0])
    engine.observe(cart(2))
    told = explain(engine, order((A, 1)), 1.0)
    assert (told.sites[BOSTON].reason, told.sites[BOSTON].shelves[0].held_back) == (Reason.HELD_BACK, 2)


def deployment() -> Deployment:
    strategies = {"it": {"choose": "rules", "steps": [NEAREST]}}
    config = RoutingConfig.model_validate({"max_parcels": 3, "strategies": strategies})
    return Deployment(network(), config, "it", Limits())


def test_decisions_in_sight_of_carts_are_repeated_byte_for_byte() -> None:
    here, file = deployment(), BytesIO()
    engine = heard(here.engine(), TWO_EACH, network())
    DecisionLog(file, here.wire, here.version).attach(engine, "test")
    for news in (cart(3), cart(1, name="d", site=BOSTON, until=math.inf), cart(1, name="e", until=1.5)):
        engine.observe(news)
    for number, (now, name) in enumerate([(1.0, ""), (2.0, "c"), (3.0, "d")]):
        got(engine, 4, now, id=number, cart=name)
    lines = file.getvalue().splitlines()
    assert [line.equal for line in replay(lines, here.wire, here.version, here.engine())] == [True] * 3
    assert "carts" in loads(lines[0])["memory"]


def test_a_session_hears_of_carts() -> None:
    here = deployment()
    session = Session(here, heard(here.engine(), TWO_EACH, network()))
    news = {"kind": "cart_held", "at": 0, "cart": "c", "lines": [{"sku": "A", "quantity": 3}], "until": 60}
    session.call("observe", dumps({"news": [news]}))
    assert loads(session.call("available", b"{}"))["available"]["A"] == 5
    body = {"order": {**here.wire.plain(order((A, 6))), "cart": "c"}, "now": 1}
    plan = loads(session.call("route", dumps(body)))["plan"]
    assert sum(line["quantity"] for parcel in plan["parcels"] for line in parcel["lines"]) == 6


@pytest.mark.parametrize("news", [cart(3), cart(1, until=math.inf, site=BOSTON), CartHeld(1.0, "c", (), 1.0)])
def test_news_of_carts_goes_over_the_wire_and_back(news: CartHeld) -> None:
    wire = Wire(network())
    assert wire.news(loads(dumps(wire.plain(news)))) == news


def test_an_order_without_a_cart_says_nothing_of_it() -> None:
    wire = Wire(network())
    assert "cart" not in wire.plain(order((A, 1)))
    assert wire.order(wire.plain(order((A, 1), cart="c"))).cart == "c"


def test_an_engine_that_forgets_has_no_carts() -> None:
    engine = ruled(stock=TWO_EACH)
    engine.observe(cart(3))
    engine.forget(engine.view(order((A, 1)), 1.0).believed)
    heard(engine, TWO_EACH, network(), at=2.0)
    assert engine.available()[A] == 8


NAMES = st.sampled_from(["a", "b", "c"])
CARTS = st.builds(
    cart, st.integers(1, 3), until=st.floats(0, 40), name=NAMES, site=st.sampled_from([-1, -1, 0, 2]), at=st.just(0.0)
)
ORDERS = st.tuples(st.integers(1, 5), st.sampled_from(["", "", "a", "b"]))


@given(
    stock=st.lists(st.integers(0, 4), min_size=4, max_size=4), steps=st.lists(CARTS | ORDERS, min_size=1, max_size=10)
)
@settings(max_examples=40, deadline=None)
def test_nobody_else_ever_gets_a_unit_that_a_cart_keeps(stock: list[int], steps: list[Any]) -> None:
    """At every moment units left >= units in carts that are not over, unless there were fewer before the order."""
    engine = ruled(stock=stock)
    left, kept = np.array(stock), dict[str, CartHeld]()
    for number, step in enumerate(steps):
        now = float(number)
        if isinstance(step, CartHeld):
            news = step._replace(at=now)
            engine.observe(news)
            kept[news.cart] = news
            continue
        quantity, name = step
        others = [held for held in kept.values() if held.until > now and held.cart != name]
        plan = engine.route(order((A, quantity), id=number, cart=name), now)
        taken = np.bincount([p.site for p in plan.parcels], [p.lines[0].quantity for p in plan.parcels], minlength=4)
        at_sites = sum(np.eye(4)[held.site] * held.lines[0].quantity for held in others if held.site >= 0)
        free = np.maximum(left - at_sites, 0)
        assert (taken <= free).all()
        anywhere = sum(held.lines[0].quantity for held in others if held.site < 0)
        assert taken.sum() == min(quantity, max(0, free.sum() - anywhere))
        left = left - taken.astype(int)
        kept.pop(name, None)


def test_carts_that_are_over_are_forgotten() -> None:
    carts = Carts()
    for number in range(5000):
        carts.hear(cart(1, at=float(number), until=number + 10.0, name=f"c{number}", sku=number))
    assert len(carts.products()) == 10
    assert len(carts._carts) < 1100
