"""The engine's own search makes the same decisions as the fast twin that runs the published experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.routing.belief.belief import Belief
from sim.routing.offers.offers import Request
from sim.routing.prices.configuration import ConfigurationLP
from sim.routing.strategies.least_score import LeastScore
from sim.study.published.choosing import Desk, exact
from sim.study.published.exact import ExactSubsets
from sim.study.published.spec_a import EMPTY, Instance, generate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.offers.offers import Basket

FOR_EVER = 1_000_000


class BoxesAndUnits:
    """Objective of the published experiment: a box, its units, and the price of the stock they take."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.prices = np.zeros((instance.shape.items, instance.nodes))

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        scores = self._instance.fixed + sum(basket) * self._instance.unit[request.place]
        for sku, quantity in zip(request.skus, basket, strict=True):
            if quantity:
                scores += self.prices[sku]
        return scores

    def floor(self, request: Request) -> float:
        return self.bound(request, (1,))

    def bound(self, request: Request, basket: Basket) -> float:
        return float(self._instance.fixed.min() + sum(basket) * self._instance.unit[request.place].min())


class EngineDesk:
    """Belief, search and promise of the engine around the instance's stock."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.objective = BoxesAndUnits(instance)
        self._strategy = LeastScore(self.objective, max_parcels=instance.nodes)
        self._belief = Belief(instance.shape.items, instance.nodes, np.zeros(instance.nodes, dtype=np.int32))
        stock = np.column_stack((instance.stock, np.full(instance.shape.items, FOR_EVER))).astype(np.int32)
        sites, cells = np.arange(instance.nodes), np.arange(stock.size)
        self._belief.hear(StockNews(0.0, sites, cells, stock.ravel(), np.zeros(stock.size, dtype=np.int32)))

    def serve(self, code: int, number: int) -> list[int]:
        skus = self._instance.contents[code // self._instance.regions]
        lines = tuple(Line(sku, 1) for sku in skus)
        order = Order(number, 0.0, code % self._instance.regions, lines)
        request = Request(order, self._belief.available, 0.0)
        node_of = {}
        for share in self._strategy.choose(request):
            taken = tuple(line for line, q in zip(lines, share.basket, strict=True) if q)
            self._belief.promise(share.site, taken)
            node_of.update({line.sku: share.site for line in taken})
        return [node_of[sku] for sku in skus]


def prices_without_ties(instance: Instance, subsets: ExactSubsets) -> NDArray[np.float64]:
    """Return configuration prices, moved a little: at optimal prices many choices cost the same to the last bit."""
    opening = instance.stock.ravel().astype(float)
    found = ConfigurationLP(subsets, opening.size).solve(instance.shape.periods * instance.rate, opening)
    noise = np.random.default_rng(5).uniform(0.98, 1.02, opening.size)
    return (found.prices * noise).reshape(instance.stock.shape)


@pytest.mark.parametrize(("priced", "orders"), [(False, 3_000), (True, 10_000)], ids=["myopic", "bid price"])
def test_engine_and_twin_decide_alike_order_by_order(priced: bool, orders: int) -> None:
    instance = generate(11, 0)
    codes = [code for s in range(2) for code in instance.sequence(11, 0, s).tolist() if code != EMPTY][:orders]
    subsets = ExactSubsets(instance)
    engine, twin = EngineDesk(instance), Desk(instance, exact(subsets))
    if priced:
        prices = prices_without_ties(instance, subsets)
        twin.set_prices(prices)
        engine.objective.prices[:, :-1] = prices
    assert len(codes) == orders
    assert [engine.serve(code, k) for k, code in enumerate(codes)] == [twin.serve(code) for code in codes]
