from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.contract.messages import Decision, Line, Order, Plan
from sim.contract.news import News, Refusal, StockNews
from sim.network.site import SiteKind
from sim.routing.belief.belief import Belief
from sim.routing.engine import Engine
from tests.networks import network, site
from tests.routing.conversation import PRODUCTS, RETRIES, SAFETY_STOCK, converse, towns
from tests.routing.engines import STRATEGIES, engine

EVERY_STRATEGY = pytest.mark.parametrize("strategy", STRATEGIES)


class Examined:
    """An engine whose every plan is held against the books of what was asked and what may be promised."""

    def __init__(self, strategy: str) -> None:
        net = towns()
        safety = np.array([SAFETY_STOCK.get(site.kind, 0) for site in net.sites], dtype=np.int32)
        self._engine = engine(net, strategy, RETRIES, safety_stock=SAFETY_STOCK)
        self._belief = Belief(PRODUCTS, len(net.sites), safety)
        self.next_wake = self._engine.next_wake
        self.available = self._engine.available
        self.kept = Counter[tuple[int, int]]()

    def observe(self, news: News) -> None:
        """Pass news on."""
        if isinstance(news, StockNews):
            self._belief.hear(news)
        else:
            self._belief.refused(news)
        self._engine.observe(news)

    def route(self, order: Order, now: float) -> Plan:
        """Pass an order on."""
        plan = self._engine.route(order, now)
        self._examine(order, plan, now)
        return plan

    def tick(self, now: float) -> list[Decision]:
        """Give the engine its turn; what it decides about is no longer kept."""
        decisions = self._engine.tick(now)
        for order, plan in decisions:
            self.kept.subtract({(order.id, sku): quantity for sku, quantity in order.lines})
            self._examine(order, plan, now)
        assert min(self.kept.values(), default=0) >= 0
        return decisions

    def _examine(self, order: Order, plan: Plan, now: float) -> None:
        given = Counter[int]()
        for parcel in plan.parcels:
            for sku, quantity in parcel.lines:
                given[sku] += quantity
                assert 0 < quantity <= self._belief.available[sku, parcel.site]
            assert now <= parcel.ship_at <= parcel.deliver_at
            assert parcel.site not in order.refused_by
            self._belief.promise(parcel.site, parcel.lines)
        assert len({parcel.site for parcel in plan.parcels}) == len(plan.parcels)
        for sku, quantity in (*plan.backordered, *plan.unfilled):
            given[sku] += quantity
        assert given == Counter(dict(order.lines))
        self.kept.update({(order.id, sku): quantity for sku, quantity in plan.backordered})


@EVERY_STRATEGY
@pytest.mark.parametrize("seed", [1, 2])
def test_every_unit_asked_for_is_promised_once_kept_or_given_up_and_none_is_promised_twice(
    strategy: str, seed: int
) -> None:
    plans = [plan for _, plan in converse(Examined(strategy), seed)]
    # the conversation has everything in it: whole and split orders, kept lines, retries and lines given up
    assert {plan.reason for plan in plans} == {"whole", "split", "part"}
    assert any(plan.backordered for plan in plans)
    assert any(plan.unfilled for plan in plans)


@EVERY_STRATEGY
def test_two_engines_that_are_told_the_same_give_the_same_bytes(strategy: str) -> None:
    one, other = (list(converse(engine(towns(), strategy, RETRIES), 3, orders=80)) for _ in range(2))
    assert pickle.dumps(one) == pickle.dumps(other)


def test_plans_do_not_depend_on_the_process_or_its_hash_seed() -> None:
    root = Path(__file__).parents[2]

    def plans(hash_seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
        command = [sys.executable, "-m", "tests.routing.conversation"]
        return subprocess.run(command, env=environment, cwd=root, check=True, capture_output=True).stdout

    first = plans("1")
    assert first.count(b"\n") > 300
    assert first == plans("2")


def stocked(units: list[list[int]], **changes: object) -> Engine:
    """Return an engine that has heard of units by product at a warehouse and two stores."""
    router = engine(network([site(10.0), site(20.0, SiteKind.STORE), site(30.0, SiteKind.STORE)], 2), **changes)
    on_hand = np.array(units, dtype=np.int32).reshape(-1)
    router.observe(StockNews(0.0, np.arange(3), np.arange(6), on_hand, np.zeros_like(on_hand)))
    return router


def available(router: Engine) -> list[int]:
    units: NDArray[np.int64] = router.available()
    return units.tolist()


def test_a_promise_reserves_at_once() -> None:
    router = stocked([[1, 0, 0], [0, 0, 0]])
    order = Order(1, 0.0, 0, (Line(0, 1),))
    assert [len(router.route(order, now).parcels) for now in (0.0, 1.0)] == [1, 0]


def test_a_refusal_that_is_told_twice_makes_no_units_that_are_not_there() -> None:
    router = stocked([[5, 0, 0], [0, 0, 0]])
    router.route(Order(1, 0.0, 0, (Line(0, 3),)), 0.0)
    for _ in range(2):
        router.observe(Refusal(1.0, 1, 0, 0, 3))
    assert available(router) == [0, 0]
    router.observe(StockNews(2.0, np.arange(1), np.arange(1), np.array([4]), np.zeros(1, dtype=np.int32)))
    assert available(router) == [4, 0]


def test_what_may_be_published_is_the_sum_over_sites_of_what_each_may_promise() -> None:
    router = stocked([[5, 1, 3], [0, 2, 2]], safety_stock={"store": 2})
    assert available(router) == [5 + 0 + 1, 0]  # a store below its safety stock takes nothing from the others


def test_sites_that_may_not_serve_are_not_published() -> None:
    only_dc = {"warehouse": {"choose": "cheapest", "only": ["dc"]}}
    assert available(stocked([[5, 1, 3], [0, 2, 2]], strategy="warehouse", strategies=only_dc)) == [5, 0]


@pytest.mark.parametrize(
    ("units", "reason", "left"),
    [([[1, 0, 0], [1, 0, 0]], "whole", 0), ([[1, 0, 0], [0, 1, 0]], "split", 0), ([[1, 0, 0], [0, 0, 0]], "part", 1)],
)
def test_a_plan_says_in_a_word_how_it_came_about(units: list[list[int]], reason: str, left: int) -> None:
    plan = stocked(units).route(Order(1, 0.0, 0, (Line(0, 1), Line(1, 1))), 0.0)
    assert plan.reason == reason
    assert len(plan.unfilled) == left
