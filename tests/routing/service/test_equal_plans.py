"""In process and over HTTP the engine decides the same, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.http_router import HttpRouter
from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.contract.wire_values import dumps, loads
from sim.ledger.orders import orders_of
from sim.routing.service.stateless import Stateless
from sim.scenario.load import load
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.serving import deployment_of, post, serving

if TYPE_CHECKING:
    from sim.network.network import Network
    from sim.scenario.load import Scenario

THROUGH_SESSION, IN_BATCHES = 2_000, 8_000
TRADED = 200  # products, of 1,200


def random_order(rng: np.random.Generator, network: Network, number: int, now: float) -> Order:
    lines = rng.choice(TRADED, int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15])), replace=False)
    refused_by = (int(rng.integers(len(network.sites))),) if rng.random() < 0.1 else ()
    wanted = tuple(Line(sku, int(rng.integers(1, 4))) for sku in lines.tolist())
    return Order(number, now, int(rng.integers(len(network.places))), wanted, refused_by)


def random_news(rng: np.random.Generator, network: Network, now: float, cells: int) -> StockNews:
    """Some cells of all sites, mostly scarce, so that orders are split and kept."""
    sites = len(network.sites)
    chosen = np.sort(rng.choice(TRADED * sites, cells, replace=False))
    on_hand = (rng.integers(0, 6, cells) * (rng.random(cells) < 0.1)).astype(np.int32)
    return StockNews(now, np.arange(sites), chosen, on_hand, np.zeros(cells, dtype=np.int32))


def test_a_session_decides_as_the_engine_does() -> None:
    big = load("us_electronics")
    network, deployment = big.network, deployment_of(big, "balanced", decision_time="10 min")
    rng = np.random.default_rng(5)
    local = deployment.engine()
    reasons = set()
    with serving(deployment) as url, HttpRouter(url, network) as remote:
        news = random_news(rng, network, 0.0, TRADED * len(network.sites))
        for number in range(THROUGH_SESSION):
            now = number * 2.0
            if number % 20 == 0:
                local.observe(news)
                remote.observe(news)
                news = random_news(rng, network, now, 500)
            wake = local.next_wake()
            assert remote.next_wake() == wake
            if wake is not None and wake <= now:
                assert remote.tick(now) == local.tick(now)
            order = random_order(rng, network, number, now)
            plan, theirs = local.route(order, now), remote.route(order, now)
            assert dumps(deployment.wire.plain(theirs)) == dumps(deployment.wire.plain(plan))
            reasons.add(plan.reason)
        assert np.array_equal(local.available(), remote.available())
    assert {"whole", "split"} <= reasons


def test_calls_that_carry_their_stock_decide_as_the_engine_does() -> None:
    big = load("us_electronics")
    # a busy machine must not cut a search short: that is another decision, and marked as such
    network, deployment = big.network, deployment_of(big, "cheapest", decision_time="10 min")
    rng, wire = np.random.default_rng(6), deployment.wire
    with serving(deployment) as url:
        for batch in range(IN_BATCHES // 1000):
            news = random_news(rng, network, 0.0, TRADED * len(network.sites))
            orders = [random_order(rng, network, number, 0.0) for number in range(1000)]
            local = deployment.engine()
            local.observe(news)
            plans = [wire.plain(local.route(order, batch * 100.0)) for order in orders]
            stock = {key: value for key, value in wire.plain(news).items() if key != "kind"}
            body = {"orders": [wire.plain(order) for order in orders], "now": batch * 100.0, "stock": stock}
            status, answer = post(f"{url}/route_batch", body)
            assert (status, answer) == (200, dumps({"plans": plans}))


def test_a_call_leaves_no_trace_for_the_next(scenario: Scenario) -> None:
    deployment = deployment_of(scenario, "cheapest")
    stateless = Stateless(deployment, deployment.engine())
    order = {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 2}]}
    full = {"sites": ["dc_east"], "on_hand": {"A": [2]}}
    first = stateless.call("route", dumps({"order": order, "now": 0, "stock": full}))
    assert stateless.call("route", dumps({"order": order, "now": 0, "stock": full})) == first
    assert loads(first)["plan"]["reason"] == "whole"
    empty = {"sites": ["dc_east"], "on_hand": {"A": [0]}}
    second = loads(stateless.call("route", dumps({"order": order, "now": 0, "stock": empty})))
    assert second["plan"]["backordered"] == [{"sku": "A", "quantity": 2}]


@pytest.mark.parametrize("verb", ["route", "candidates"])
def test_two_lines_of_one_product_are_one(scenario: Scenario, verb: str) -> None:
    deployment = deployment_of(scenario, "cheapest")
    stateless = Stateless(deployment, deployment.engine())
    stock = {"sites": ["dc_east", "dc_west"], "on_hand": {"A": [3, 0], "B": [1, 1]}}

    def answer(*lines: tuple[str, int]) -> bytes:
        wanted = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
        order = {"id": 1, "placed_at": 0, "place": "021", "lines": wanted}
        return stateless.call(verb, dumps({"order": order, "now": 0, "stock": stock}))

    assert answer(("A", 2), ("B", 1), ("A", 2)) == answer(("A", 4), ("B", 1))


@pytest.mark.parametrize("replication", [0, 1])
def test_a_simulation_with_a_remote_engine_has_the_same_ledger_and_kpis(scenario: Scenario, replication: int) -> None:
    deployment = deployment_of(scenario, "balanced")
    with serving(deployment) as url, HttpRouter(url, scenario.network) as remote:
        here = simulate(scenario, Tape(scenario, 1, replication), deployment.engine())
        there = simulate(scenario, Tape(scenario, 1, replication), remote)
    assert there.parcels.columns()["order"].size > 100
    for table in ("parcels", "decisions", "cancellations", "picks"):
        there_columns = getattr(there, table).columns()
        for name, column in getattr(here, table).columns().items():
            assert np.array_equal(column, there_columns[name]), f"{table}.{name}"
    mine, theirs = (sums_of(cohort_of(ledger, orders_of(ledger))) for ledger in (here, there))
    assert theirs.pairs == mine.pairs
    assert theirs.samples.keys() == mine.samples.keys()
    assert all(np.array_equal(theirs.samples[name], mine.samples[name]) for name in mine.samples)
