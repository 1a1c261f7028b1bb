from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order, Plan
from sim.contract.news import StockNews
from sim.routing.engine import Engine
from sim.routing.waiting.backorders import BackorderPolicy
from tests.networks import network, site
from tests.routing.engines import engine

EVERY_FOUR_HOURS = BackorderPolicy(retry_every=240.0, give_up_after=600.0)


def an_engine(policy: BackorderPolicy | None = EVERY_FOUR_HOURS, sites: int = 1) -> Engine:
    return engine(network([site()] * sites, products=1), backorders=policy)


def order(number: int, quantity: int = 1, at: float = 0.0, **changes: Any) -> Order:
    return Order(number, at, 0, (Line(0, quantity),), **changes)


def restock(router: Engine, units: int, at: float, site_: int = 0, picked: int = 0) -> None:
    counts = (np.array([n], dtype=np.int32) for n in (units, picked))
    router.observe(StockNews(at, np.array([site_]), np.array([site_]), *counts))


def test_without_a_policy_what_nobody_has_is_given_up() -> None:
    router = an_engine(None)
    assert router.route(order(1), 0.0) == Plan((), unfilled=(Line(0, 1),), reason="part")
    assert router.next_wake() is None
    assert router.tick(9.0) == []


def test_what_nobody_has_is_kept_and_what_somebody_has_is_sent() -> None:
    router = an_engine()
    restock(router, 2, at=0.0)
    plan = router.route(order(1, quantity=5), 0.0)
    assert [parcel.lines for parcel in plan.parcels] == [(Line(0, 2),)]
    assert plan.backordered == (Line(0, 3),)
    assert plan.unfilled == ()


@pytest.mark.parametrize(("now", "wake"), [(0.0, 240.0), (239.0, 240.0), (240.0, 480.0), (1000.0, 1200.0)])
def test_kept_lines_are_tried_again_on_a_fixed_beat_whoever_came_first(now: float, wake: float) -> None:
    router = an_engine()
    assert router.next_wake() is None
    router.route(order(1), now)
    assert router.next_wake() == wake


def test_a_later_order_does_not_put_off_the_next_try() -> None:
    router = an_engine()
    router.route(order(1), 10.0)
    router.route(order(2), 230.0)
    assert router.next_wake() == 240.0


def test_who_came_first_is_served_first() -> None:
    router = an_engine()
    for number in (3, 1, 2):
        router.route(order(number), 0.0)
    restock(router, 2, at=200.0)
    assert [decision.order.id for decision in router.tick(240.0)] == [3, 1]
    restock(router, 1, at=470.0, picked=2)
    assert [decision.order.id for decision in router.tick(480.0)] == [2]


def test_who_was_tried_in_vain_keeps_his_place_before_later_orders() -> None:
    router = an_engine()
    router.route(order(1), 0.0)
    assert router.tick(240.0) == []
    router.route(order(2, at=300.0), 300.0)
    restock(router, 1, at=400.0)
    assert [decision.order.id for decision in router.tick(480.0)] == [1]


def test_a_part_that_has_come_in_is_sent_and_the_rest_is_kept() -> None:
    router = an_engine()
    router.route(order(1, quantity=3), 0.0)
    restock(router, 2, at=200.0)
    ((_, plan),) = router.tick(240.0)
    assert [parcel.lines for parcel in plan.parcels] == [(Line(0, 2),)]
    assert plan.backordered == (Line(0, 1),)
    assert router.next_wake() == 480.0


def test_lines_are_given_up_at_the_first_try_from_their_deadline_on() -> None:
    router = an_engine()
    router.route(order(1), 120.0)  # until 720
    assert router.tick(240.0) == router.tick(480.0) == []
    ((late, plan),) = router.tick(720.0)
    assert late.id == 1
    assert plan.unfilled == (Line(0, 1),)
    assert router.next_wake() is None
    assert router.tick(960.0) == []


def test_a_last_try_at_the_deadline_may_still_succeed() -> None:
    router = an_engine()
    router.route(order(1), 120.0)
    router.tick(480.0)
    restock(router, 1, at=700.0)
    ((_, plan),) = router.tick(720.0)
    assert [parcel.lines for parcel in plan.parcels] == [(Line(0, 1),)]


def test_when_an_order_is_tried_again_sites_that_once_refused_it_are_asked() -> None:
    router = an_engine(sites=2)
    restock(router, 1, at=0.0)
    assert router.route(order(1, refused_by=(0,)), 0.0).parcels == ()
    ((again, plan),) = router.tick(240.0)
    assert again.refused_by == ()
    assert [parcel.site for parcel in plan.parcels] == [0]


def test_nothing_is_left_of_the_queue_once_all_is_served() -> None:
    router = an_engine()
    router.route(order(1), 0.0)
    restock(router, 1, at=200.0)
    assert len(router.tick(240.0)) == 1
    assert router.next_wake() is None
