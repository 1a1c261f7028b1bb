"""A warehouse far away and two shops: one round the corner with opening hours, one farther on."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import numpy as np

from sim.contract.messages import Line, Order, Parcel
from sim.contract.news import StockNews
from sim.network.network import Network
from sim.network.site import Handling, SiteKind
from sim.routing.engine import Engine
from tests.networks import network, site, weekdays
from tests.routing.engines import STRATEGIES, engine

DC, CORNER, FAR, LAST = range(4)
A, B = 0, 1
HANDLING = Handling(50, 10, 40, 70, 5, 1)
OPEN = weekdays(time(9), time(17))


def shops(**changes: Any) -> Network:
    """Return a warehouse at 300 km, shops at 10, 60 and 200 km; shoppers may collect at the first two shops.

    Labels cost 5, 6 and 7 USD by zone, and zones end at 100 and 500 km; transit takes 1, 2 and 3 days.
    """
    pickup: dict[str, Any] = {"pickup": True, "takes_returns": True}
    sites = [
        site(300.0, handling=HANDLING),
        site(10.0, SiteKind.STORE, handling=HANDLING, hours=OPEN, attributes=pickup),
        site(60.0, SiteKind.STORE, handling=HANDLING, hours=OPEN, attributes=pickup),
        site(200.0, SiteKind.STORE, handling=HANDLING, hours=OPEN),
    ]
    made = network(sites, **changes)
    return replace(made, products=tuple(replace(p, id=name) for p, name in zip(made.products, "ABCDEF", strict=False)))


def told(stock: Any, strategy: str = "cheapest", on: Network | None = None, **routing: Any) -> Engine:
    """Return an engine that has heard, at minute 0, of `stock` by product and site."""
    there = shops() if on is None else on
    strategies = {**STRATEGIES, "ruled": {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}]}}
    router = engine(there, strategy, **{"strategies": strategies, **routing})
    heard(router, stock)
    return router


def heard(router: Engine, stock: Any, at: float = 0.0) -> None:
    """Tell an engine of its stock by product and site."""
    units = np.array(stock, dtype=np.int32)
    sites, cells = np.arange(units.shape[1]), np.arange(units.size)
    router.observe(StockNews(at, sites, cells, units.reshape(-1), np.zeros(units.size, np.int32)))


def order(*lines: tuple[int, int], id: int = 1, **more: Any) -> Order:
    """Return an order of some products and quantities."""
    return Order(id, 0.0, 0, tuple(Line(*line) for line in lines), **more)


def gives(parcels: tuple[Parcel, ...]) -> dict[int, dict[int, int]]:
    """Return the units of each product by site."""
    return {parcel.site: dict(parcel.lines) for parcel in parcels}
