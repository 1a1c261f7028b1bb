"""The tiny network's engine under rules that a test states."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.network.network import Network
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from tests.tiny import tiny

DC_EAST, DC_WEST, BOSTON, OAKLAND = range(4)
TO_BOSTON, TO_CHICAGO, TO_SAN_FRANCISCO = range(3)
A, B, C, D = range(4)
NEAREST = {"rank": [{"by": "distance"}]}


@functools.cache
def network() -> Network:
    """Return the tiny network: two warehouses, two stores, three places, four products."""
    with tempfile.TemporaryDirectory() as folder:
        return tiny(Path(folder)).network


def with_attributes(*attributes: dict[str, Any]) -> Network:
    """Return the tiny network with something more known of its sites, in their order."""
    sites = network().sites
    known = [*attributes, *({} for _ in sites[len(attributes) :])]
    return replace(network(), sites=tuple(replace(s, attributes=a) for s, a in zip(sites, known, strict=True)))


def ruled(
    *steps: dict[str, Any],
    on: Network | None = None,
    stock: Any = 5,
    routing: dict[str, Any] | None = None,
    **more: Any,
) -> Engine:
    """Return an engine that follows some steps and has heard at minute 0 of `stock` units (by site, or everywhere)."""
    there = on or network()
    strategy = {"choose": "rules", "steps": list(steps) or [NEAREST], **more}
    return heard(build(strategy, there, **(routing or {})), stock, there)


def build(strategy: dict[str, Any], there: Network, **routing: Any) -> Engine:
    """Return an engine that has heard nothing yet."""
    config = RoutingConfig.model_validate({"max_parcels": 3, "strategies": {"it": strategy}, **routing})
    return build_engine(config, "it", there)


def heard(engine: Engine, stock: Any, there: Network, at: float = 0.0) -> Engine:
    """Tell an engine of the stock of every product, by site or by product and site."""
    shape = len(there.products), len(there.sites)
    units = np.array(np.broadcast_to(np.asarray(stock), shape), dtype=np.int32, order="C").reshape(-1)
    cells = np.arange(units.size)
    engine.observe(StockNews(at, np.arange(shape[1]), cells, units, np.zeros_like(units)))
    return engine


def order(*lines: tuple[int, int], id: int = 1, place: int = TO_BOSTON, **more: Any) -> Order:
    """Return an order of some products and quantities."""
    return Order(id, 0.0, place, tuple(Line(*line) for line in lines), **more)


def sites(engine: Engine, asked_for: Order, now: float = 1.0) -> list[int]:
    """Return who serves an order."""
    return [parcel.site for parcel in engine.route(asked_for, now).parcels]
