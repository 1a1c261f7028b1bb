"""How many decisions a second `Engine.route` makes on one core: 200 sites, orders of three lines, news in between.

All orders are routed in several runs from the same start, which do the same work; of each order the fastest run counts,
in time of the processor: what another process on the machine takes away is no part of a decision. Rules and the exact
cost path are told side by side, on the same orders.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal, StockNews
from sim.network.network import Network
from sim.network.site import Place
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from tests.networks import dearer, network, product, service, site

SITES, PRODUCTS, PLACES, ORDERS, WARM, RUNS = 200, 300, 100, 4000, 1000, 5
FILTERS: list[dict[str, Any]] = [
    {"keep": "capacity", "counts": "orders", "limit": "daily_order_limit"},
    {"keep": "max_distance", "limit": "3000 km"},
    {"keep": "not_refused_within", "period": "2 days"},
]
RANK: list[dict[str, Any]] = [{"by": "units_covered"}, {"by": "distance", "band": "50 km"}, {"by": "id"}]
NEAR = {"keep": "max_distance", "limit": "1500 km"}

RULES: dict[str, dict[str, Any]] = {
    "greedy": {"steps": [{"filters": FILTERS, "rank": RANK}]},
    "fewest_sites": {"steps": [{"filters": FILTERS, "rank": RANK, "allocate": "fewest_sites", "max_sites": 3}]},
    "near and whole, else split": {
        "steps": [
            {"filters": [FILTERS[0], NEAR, FILTERS[2]], "rank": [{"by": "lines_covered"}, *RANK[1:]],
             "allocate": "one_site"},
            {"filters": FILTERS, "rank": [{"by": "distance"}]},
        ]
    },
}  # fmt: skip


def country() -> Network:
    draw = np.random.default_rng(1)

    def somewhere() -> dict[str, float]:
        return {"lat": float(draw.uniform(25, 48)), "lon": float(draw.uniform(-122, -72))}

    sites = [
        site(id=f"s{k}", handling=dearer(float(draw.integers(50, 200))), **somewhere(),
             attributes={"daily_order_limit": int(draw.integers(20, 400))})
        for k in range(SITES)
    ]  # fmt: skip
    places = tuple(Place(f"p{k}", "", "", **somewhere(), time_zone="UTC", population=1) for k in range(PLACES))
    rates = service([[500 + 150 * k + 120 * zone for zone in range(3)] for k in range(20)])
    goods = [product(float(kg)) for kg in draw.uniform(0.1, 12, PRODUCTS)]
    return network(sites, goods, [rates], places=places, zone_edges_km=(500.0, 1500.0))


def engine(strategy: dict[str, Any], places: Network) -> Engine:
    raw: dict[str, Any] = {"max_parcels": 3, "strategies": {"it": strategy}}
    return build_engine(RoutingConfig.model_validate(raw), "it", places)


def orders() -> list[Order]:
    draw = np.random.default_rng(2)
    return [
        Order(k, 0.0, int(draw.integers(PLACES)),
              tuple(Line(int(sku), int(draw.integers(1, 3))) for sku in draw.choice(PRODUCTS, 3, False)))
        for k in range(ORDERS)
    ]  # fmt: skip


def news() -> list[StockNews]:
    """Return the opening stock, and one count of 60 products at one site for every ten orders."""
    draw = np.random.default_rng(3)
    stock = draw.poisson(1.1, PRODUCTS * SITES).astype(np.int32)
    told = [StockNews(0.0, np.arange(SITES), np.arange(stock.size), stock, np.zeros_like(stock))]
    for k in range(ORDERS // 10):
        there, skus = int(draw.integers(SITES)), np.sort(draw.choice(PRODUCTS, 60, False))
        counts = draw.poisson(1.1, 60).astype(np.int32)
        told.append(StockNews(k / 10, np.array([there]), skus * SITES + there, counts, np.zeros(60, np.int32)))
    return told


def microseconds(strategy: dict[str, Any]) -> tuple[np.ndarray[Any, np.dtype[np.float64]], float]:
    """Return the time of each decision after the warm-up, at its fastest, and the share of orders that was split."""
    places, asked, told = country(), orders(), news()
    runs, split = [], 0
    for _ in range(RUNS):
        router, took, split = engine(strategy, places), [], 0
        router.observe(told[0])
        for k, order in enumerate(asked):
            if k % 10 == 0:
                router.observe(told[1 + k // 10])
            start = time.thread_time()
            plan = router.route_now(order, k / 100)
            took.append(time.thread_time() - start)
            split += len(plan.parcels) > 1
            if k % 50 == 0 and plan.parcels:
                router.observe(Refusal(k / 100, order.id, plan.parcels[0].site, *plan.parcels[0].lines[0]))
        runs.append(took[WARM:])
    return np.min(runs, axis=0) * 1e6, split / ORDERS


@pytest.mark.benchmark
def test_decisions_a_second_by_rules_and_by_exact_cost(capsys: pytest.CaptureFixture[str]) -> None:
    ways = {name: {"choose": "rules", **by} for name, by in RULES.items()} | {"cheapest": {"choose": "cheapest"}}
    took = {name: microseconds(strategy) for name, strategy in ways.items()}
    with capsys.disabled():
        for name, (each, split) in took.items():
            ratio = each.mean() / took["cheapest"][0].mean()
            print(
                f"\n{name}: {1e6 / each.mean():,.0f} decisions/s, mean {each.mean():.1f} us, "
                f"median {np.median(each):.1f}, p99 {np.quantile(each, 0.99):.0f}; {split:.1%} split; "
                f"times cheapest {ratio:.2f}", end=""
            )  # fmt: skip
    for name in RULES:
        assert 1e6 / took[name][0].mean() >= 20_000
        assert np.quantile(took[name][0], 0.99) < 1000
    assert 1e6 / took["cheapest"][0].mean() >= 5_000
