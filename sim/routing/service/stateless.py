"""Calls that carry their own stock, in columns: nothing is remembered from one to the next."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.wire_values import dumps, loads
from sim.errors import WireError
from sim.routing.asked import hold_of
from sim.routing.explain import describe, explain
from sim.routing.offers.candidates import candidates
from sim.routing.returns import goes_back_to
from sim.routing.service.searching import LIMITS, options, read_limits
from sim.routing.service.sessions import fields_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.contract.messages import Order
    from sim.contract.news import StockNews
    from sim.routing.engine import Engine
    from sim.routing.service.deployment import Deployment


class Stateless:
    """One engine that forgets everything after each call."""

    def __init__(self, deployment: Deployment, engine: Engine) -> None:
        self._wire, self._now = deployment.wire, deployment.now
        self._engine = engine
        self._sites = len(deployment.network.sites)
        self._names = [site.id for site in deployment.network.sites]
        self._products = [product.id for product in deployment.network.products]
        self._most_orders = deployment.limits.batch_orders
        self._lock = threading.Lock()
        self.verbs: dict[str, Callable[[Any], dict[str, Any]]] = {
            "route": self._route,
            "route_batch": self._route_batch,
            "candidates": self._candidates,
            "explain": self._explain,
            "pickup": self._pickup,
            "return": self._return,
        }

    def call(self, verb: str, body: bytes) -> bytes:
        """Answer one call.

        Raises
        ------
        WireError
            If the body is wrong.
        """
        with self._lock:
            return dumps(self.verbs[verb](loads(body)))

    def _route(self, body: object) -> dict[str, Any]:
        tree = fields_of(body, ["order", "now", "stock"])
        order, now = self._wire.order(tree["order"]), self._now(tree["now"])
        stock = self._stock(tree["stock"], [order], now)
        if (hold := hold_of(order, now)) is not None:  # nothing is kept here: it is to be asked again then
            self._engine.ways.check(order)
            return {"hold": self._wire.plain(hold)}
        with self._told(stock):
            return {"plan": self._wire.plain(self._engine.route_now(order, now))}

    def _route_batch(self, body: object) -> dict[str, Any]:
        tree = fields_of(body, ["orders", "now", "stock"])
        items = tree["orders"]
        if not isinstance(items, list) or not 1 <= len(items) <= self._most_orders:
            found = f"{len(items)} orders" if isinstance(items, list) else type(items).__name__
            raise WireError(found, "orders", f"a list of 1 to {self._most_orders}")
        orders = [self._wire.order(item, f"orders[{i}]") for i, item in enumerate(items)]
        now = self._now(tree["now"])
        with self._told(self._stock(tree["stock"], orders, now)):
            return {"plans": [self._wire.plain(plan) for plan in self._engine.route_batch(orders, now)]}

    def _candidates(self, body: object) -> dict[str, Any]:
        tree = fields_of(body, ["order", "now", "stock"])
        order, now = self._wire.order(tree["order"]), self._now(tree["now"])
        with self._told(self._stock(tree["stock"], [order], now)):
            return {"candidates": [self._wire.plain(parcel) for parcel in candidates(self._engine, order, now)]}

    def _explain(self, body: object) -> dict[str, Any]:
        tree = fields_of(body, ["order", "now", "stock"])
        order, now = self._wire.order(tree["order"]), self._now(tree["now"])
        with self._told(self._stock(tree["stock"], [order], now)):
            explanation = explain(self._engine, order, now)
            return {"explanation": explanation.as_json(), "text": describe(explanation)}

    def _pickup(self, body: object) -> dict[str, Any]:
        tree = fields_of(body, ["order", "now", "stock"], LIMITS)
        order, now = self._wire.order(tree["order"]), self._wire.now(tree["now"])
        limits = read_limits(tree)
        with self._told(self._stock(tree["stock"], [order], now)):
            return {"options": options(self._engine, self._wire, order, now, limits)}

    def _return(self, body: object) -> dict[str, Any]:
        tree = fields_of(body, ["order", "now", "stock"])
        order, now = self._wire.order(tree["order"]), self._wire.now(tree["now"])
        with self._told(self._stock(tree["stock"], [order], now)):
            return {"site": self._names[goes_back_to(self._engine, order, now)]}

    def _stock(self, value: object, orders: list[Order], now: float) -> StockNews:
        stock = self._wire.stock(value)
        if isinstance(value, dict) and "observed_at" not in value:  # what a call carries is of now, unless it says when
            stock = stock._replace(observed_at=now)
        told = set(np.unique(stock.cells // self._sites).tolist())
        for order in orders:
            for sku, _ in order.lines:
                if sku not in told:
                    name = self._products[sku]
                    raise WireError(f"ordered product {name!r} has no column", "stock.on_hand", "one for each product")
        return stock

    @contextmanager
    def _told(self, stock: StockNews) -> Iterator[None]:
        self._engine.observe(stock)
        try:
            yield
        finally:
            self._engine.forget(stock)
