"""Engines that promise against goods on their way: what they are told, and how to read what they answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.contract.messages import Decision, Line, Order, Plan
from sim.contract.news import Receipts, StockNews
from sim.routing.engine import Engine
from sim.units import MINUTES_PER_DAY
from tests.networks import network, site
from tests.routing.engines import engine

DAY = MINUTES_PER_DAY
AT_18 = 18 * 60.0  # the pick-up of every day; orders until 16:00 make it
AT_20 = 20 * 60.0  # the end of a promised day
POLICY: dict[str, Any] = {"retry_every": "4 h", "give_up_after": "10 h", "against_supply": {}}


def an_engine(sites: int = 1, products: int = 1, strategy: str = "cheapest", **changes: Any) -> Engine:
    """Return an engine of sites 10, 110, 210, ... km away: zones, days and prices grow with them."""
    policy = {**POLICY, "against_supply": changes.pop("against_supply", {})}
    places = [site(10.0 + 100.0 * k) for k in range(sites)]
    return engine(network(places, products=products), strategy, **{"backorders": policy, **changes})


def order(number: int, *units: int, at: float = 0.0, **changes: Any) -> Order:
    """Return an order of so many units of the first, second, ... product."""
    return Order(number, at, 0, tuple(Line(sku, n) for sku, n in enumerate(units) if n), **changes)


def expect(router: Engine, *rows: tuple[int, int, float, int], at: float = 0.0, sites: int = 1) -> None:
    """Tell what is on its way to all sites: product, site, day, units."""
    skus, where, days, units = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
    cells = np.asarray(skus, dtype=np.int64) * sites + np.asarray(where, dtype=np.int64)
    router.observe(
        Receipts(at, np.arange(sites), cells, np.asarray(units, dtype=np.int32), np.asarray(days, dtype=float) * DAY)
    )


def count(router: Engine, units: int, at: float, cell: int = 0, picked: int = 0, sites: int = 1) -> None:
    counts = (np.array([n], dtype=np.int32) for n in (units, picked))
    router.observe(StockNews(at, np.array([cell % sites]), np.array([cell]), *counts))


def dates(plan: Plan) -> list[float | None]:
    """Return the day at which each backordered line should be there."""
    return [None if later is None else later.available_at / DAY for later in plan.backordered_dates]


def sent(answers: list[Any]) -> list[tuple[int, int, tuple[Line, ...]]]:
    """Return order, site and lines of every parcel in some decisions."""
    assert all(isinstance(answer, Decision) for answer in answers)
    return [(answer.order.id, p.site, p.lines) for answer in answers for p in answer.plan.parcels]
