"""What explaining costs: 200 sites, three lines, the exact cost path; engines in turn in one process.

*Off* is `route`. *Recorded* is what explanations cost when they are on: it also keeps all that explains the decision.
*With reasons* also works out the reason of every site at once, which can as well be done when somebody asks. *Full* is
a question of its own, with counterfactuals, each checked by deciding again.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from sim.routing.explain import explain, routed
from tests.benchmarks import test_rules_speed as by_rules
from tests.networks import dearer, network, product, service, site

SITES, PRODUCTS, ORDERS = 200, 300, 400


def engine() -> Engine:
    """Return an engine that knows 200 sites, each of which holds about two thirds of the products."""
    draw = np.random.default_rng(1)
    sites = [
        site(float(km), id=f"s{k}", handling=dearer(float(draw.integers(50, 200))))
        for k, km in enumerate(draw.uniform(5, 2000, SITES))
    ]
    rates = service([[500 + 150 * k + 120 * zone for zone in range(3)] for k in range(20)])
    places = network(sites, [product(float(kg)) for kg in draw.uniform(0.1, 12, PRODUCTS)], [rates])
    raw: dict[str, Any] = {"max_parcels": 3, "strategies": {"cheapest": {"choose": "cheapest"}}}
    built = build_engine(RoutingConfig.model_validate(raw), "cheapest", places)
    stock = draw.poisson(1.1, PRODUCTS * SITES).astype(np.int32)
    built.observe(StockNews(0.0, np.arange(SITES), np.arange(stock.size), stock, np.zeros_like(stock)))
    return built


def orders() -> list[Order]:
    """Return orders of three lines."""
    draw = np.random.default_rng(2)
    return [
        Order(k, 0.0, 0, tuple(Line(int(s), int(draw.integers(1, 3))) for s in draw.choice(PRODUCTS, 3, False)))
        for k in range(ORDERS)
    ]


def seconds(how: Any, asked: list[Order], built: Engine) -> float:
    gc.collect()
    gc.disable()  # what tests before this one have left behind is not looked through meanwhile
    start = time.process_time()
    for order in asked:
        how(built, order)
    taken = time.process_time() - start
    gc.enable()
    return taken


@pytest.mark.benchmark
def test_explaining_a_decision_takes_at_most_twice_its_time(capsys: pytest.CaptureFixture[str]) -> None:
    ways = {
        "off": lambda e, o: e.route(o, 60.0),
        "recorded": lambda e, o: routed(e, o, 60.0),
        "with reasons": lambda e, o: routed(e, o, 60.0)[1].bench.codes,
    }
    rounds = [{name: seconds(how, orders(), engine()) for name, how in ways.items()} for _ in range(7)]
    few, built = orders()[:20], engine()
    full = seconds(lambda e, o: explain(e, o, 60.0), few, built) / len(few)
    off = statistics.median(each["off"] for each in rounds) / ORDERS
    ratios = {name: statistics.median(each[name] / each["off"] for each in rounds) for name in ways}
    with capsys.disabled():
        print(f"\nmean time of a decision {off * 1e6:.0f} us; times that: " + ", ".join(
            f"{name} {ratio:.2f}" for name, ratio in ratios.items()
        ) + f"; full {full / off:.0f} ({full * 1e3:.1f} ms)")  # fmt: skip
    assert ratios["recorded"] <= 1.5
    assert ratios["with reasons"] <= 2


@pytest.mark.benchmark
@pytest.mark.parametrize("rules", list(by_rules.RULES))
def test_explaining_a_decision_by_rules_takes_less_than_twice_its_time(
    capsys: pytest.CaptureFixture[str], rules: str
) -> None:
    """Twice is allowed; 1.53 to 1.60 was measured, by three sets of rules. A decision itself is of some 35 us."""
    places, asked, stock = by_rules.country(), by_rules.orders()[:600], by_rules.news()[0]
    best = {"off": math.inf, "recorded": math.inf}
    for _ in range(7):
        for name in best:
            built = by_rules.engine({"choose": "rules", **by_rules.RULES[rules]}, places)
            built.observe(stock)
            how = Engine.route_now if name == "off" else routed
            for order in asked[:200]:  # what stands still at a place is known by then
                how(built, order, 60.0)
            best[name] = min(best[name], seconds(lambda e, o: how(e, o, 60.0), asked[200:], built))  # noqa: B023
    ratio = best["recorded"] / best["off"]
    with capsys.disabled():
        print(f"\n{rules}: {best['off'] / 400 * 1e6:.0f} us a decision, recorded {ratio:.2f} times that")
    assert ratio <= 1.85
