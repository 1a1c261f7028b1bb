"""Two sites, one near and one far, with more than enough on their shelves: what decides is how much they take on."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.network.network import Network
from sim.network.site import SiteKind
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from tests.networks import network, site

NEAR, FAR = range(2)
DAY = 1440.0
PLENTY = 500


def shops(near: dict[str, Any] | None = None, **changes: Any) -> Network:
    """Return a store nearby and a warehouse far away."""
    store = site(10.0, SiteKind.STORE, **{"id": "near", **(near or {})})
    return network([store, site(450.0, id="far")], **changes)


def engine(*limits: dict[str, Any], at: Network | None = None, strategy: Any = None, **routing: Any) -> Engine:
    """Return an engine under some limits that hold whatever the strategy; it has heard of the stock at minute 0."""
    there = at or shops()
    raw = {"max_parcels": 2, "capacity": list(limits), "strategies": {"it": strategy or {"choose": "nearest"}}}
    built = build_engine(RoutingConfig.model_validate({**raw, **routing}), "it", there)
    tell(built, 0.0, [[PLENTY] * 2] * len(there.products))
    return built


def tell(built: Engine, at: float, on_hand: Any, picked: Any = 0) -> None:
    """Tell an engine what stands on all shelves and what was picked of each cell in all."""
    units = np.array(on_hand, dtype=np.int32).reshape(-1)
    done = np.zeros_like(units) + np.array(picked, dtype=np.int32).reshape(-1)
    built.observe(StockNews(at, np.arange(2), np.arange(units.size), units, done))


def order(number: int, *lines: tuple[int, int], **more: Any) -> Order:
    """Return an order, of one unit unless told otherwise."""
    return Order(number, 0.0, 0, tuple(Line(*line) for line in lines or ((0, 1),)), **more)


def served_near(built: Engine, orders: int, now: float, *lines: tuple[int, int], first: int = 0, **more: Any) -> int:
    """Send some equal orders; return how many the near site got."""
    plans = [built.route(order(first + k, *lines, **more), now) for k in range(orders)]
    return sum(parcel.site == NEAR for plan in plans for parcel in plan.parcels)  # type: ignore[union-attr]
