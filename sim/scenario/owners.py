"""Stock that is owned: each channel, and the walk-in customers, have their own part of what every site holds.

A product owned by one of them is a product of its own, so that neither the engine nor the world need know of it. Its
stock is the owner's part of what would be kept for all: shares of the demand there, whole units by largest remainder.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.blocks.stocking import StockPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.network.site import Product

WALK_IN = "walk_in"
"""The owner of what walk-in customers may buy."""


def owned(products: Sequence[Product], owners: Sequence[str]) -> tuple[Product, ...]:
    """Return each product once for each of its owners, such as ``P0001@web``; as they are if nobody owns them."""
    if not owners:
        return tuple(products)
    return tuple(replace(p, id=f"{p.id}@{owner}") for p in products for owner in owners)


def parted(units: NDArray[np.int32], parts: NDArray[np.float64]) -> NDArray[np.int32]:
    """Part units among owners by largest remainder, so that they add up to what there was.

    Parameters
    ----------
    units
        Shape (products, sites).
    parts
        Share of each owner, shape (products, owners, sites).

    Returns
    -------
    NDArray
        Shape (products * owners, sites).
    """
    exact = units[:, np.newaxis, :] * parts
    whole = np.floor(exact + 1e-9)
    left = units - whole.sum(axis=1)
    order = np.argsort(-(exact - whole), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    whole += rank < left[:, np.newaxis, :]
    return whole.reshape(-1, units.shape[1]).astype(np.int32)


def parted_plan(plan: StockPlan, parts: NDArray[np.float64]) -> StockPlan:
    """Part what each site keeps among the owners; an owner orders when the site would, at his part of that point."""
    products, owners, sites = parts.shape
    level = parted(plan.order_up_to, parts)
    # who holds anything orders at least a unit
    point = np.minimum(parted(plan.reorder_point, parts), np.maximum(level - 1, 0))
    daily = (plan.daily_demand[:, np.newaxis, :] * parts).reshape(-1, sites)
    walk_in = np.zeros((products, owners, sites))
    walk_in[:, -1, :] = plan.walk_in_share
    return StockPlan(point, level, daily, walk_in.reshape(-1, sites))
