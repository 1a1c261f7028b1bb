"""Where a shopper may collect: the pick-up sites around a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.columns import Columns

PickupSort = Literal["distance", "distance_desc", "city", "distance_over_city"]


def pickup_sites(
    columns: Columns, distance_km: NDArray[np.float64], radius_km: float, sort: PickupSort = "distance"
) -> list[int]:
    """Return the open sites with `pickup` no farther than a radius, the edge included; unknown distances are too far.

    Parameters
    ----------
    distance_km
        Distance from each site, shape (sites,), NaN where unknown.
    sort
        Nearest first, farthest first, by city, or nearest first and by city among equals.
    """
    distance_km = np.round(distance_km, 6)  # to the millimetre, so that equal distances tie
    may = columns.open & (columns.number("pickup") == 1) & (distance_km <= radius_km)
    sites = np.flatnonzero(may)
    city, km, usual = columns.words("city")[sites], distance_km[sites], columns.usual[sites]
    keys = {
        "distance": (usual, km),
        "distance_desc": (usual, -km),
        "city": (usual, city),
        "distance_over_city": (usual, city, km),
    }[sort]
    order: list[int] = sites[np.lexsort(keys)].tolist()
    return order
