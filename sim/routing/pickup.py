"""Where a shopper may collect: the pick-up sites around a point, and what an order could have there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.contract.pickup_option import PickupOption
from sim.errors import NotOfferedError
from sim.routing.offers.lines import cents_of
from sim.routing.strategies.by_rules import site_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.routing.engine import Engine
    from sim.routing.rules.columns import Columns

PickupSort = Literal["distance", "distance_desc", "city", "distance_over_city"]


def pickup_sites(
    columns: Columns,
    distance_km: NDArray[np.float64],
    radius_km: float,
    sort: PickupSort = "distance",
    attribute: str = "pickup",
) -> list[int]:
    """Return the open sites with `attribute` within a radius, the edge included.

    Parameters
    ----------
    distance_km
        Distance from each site, shape (sites,), NaN where unknown.
    radius_km
        Unknown distances are beyond any; of an infinite radius nothing is, and they come last.
    sort
        Nearest first, farthest first, by city, or nearest first and by city among equals.
    """
    distance_km = np.round(distance_km, 6)  # to the millimetre, so that equal distances tie
    within = (distance_km <= radius_km) | np.isposinf(radius_km)
    may = columns.open & (columns.number(attribute) == 1) & within
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


def pickup_options(
    engine: Engine, order: Order, now: float, radius_km: float = np.inf, whole: bool = False
) -> list[PickupOption]:
    """Return the sites around an order's place where some of it could be collected, nearest first.

    Parameters
    ----------
    whole
        Whether to leave out the sites where not all of it could be had.

    Raises
    ------
    NotOfferedError
        If nothing can be collected anywhere.
    """
    collecting = engine.ways.collecting
    if collecting is None:
        raise NotOfferedError("where could it be collected? - expected a block pickup in the routing")
    network = engine.parts().network
    distance_km = network.distance_km[order.place]
    options = []
    for site in pickup_sites(site_columns(network), distance_km, radius_km, attribute=collecting.attribute):
        plan = engine.plan(engine.request(order._replace(collect_at=site), now))
        unfilled = plan.unfilled + plan.backordered
        if not plan.parcels or (whole and unfilled):
            continue
        option = PickupOption(
            site,
            None if np.isnan(distance_km[site]) else float(distance_km[site]),
            max([parcel.deliver_at for parcel in plan.parcels]),
            tuple([line for parcel in plan.parcels if parcel.via < 0 for line in parcel.lines]),
            cents_of(plan),
            tuple([line for parcel in plan.parcels if parcel.via >= 0 for line in parcel.lines]),
            unfilled,
        )
        options.append(option)
    return options
