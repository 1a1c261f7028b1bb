"""What each site by itself could send of an order."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.offers.lines import lines_of
from sim.routing.offers.offers import Share
from sim.routing.ways.stated import as_stated

if TYPE_CHECKING:
    from sim.contract.messages import Order, Parcel
    from sim.routing.engine import Engine


def candidates(engine: Engine, order: Order, now: float) -> list[Parcel]:
    """Return the parcel that each site could send: most units first, the cheaper first. Nothing is promised."""
    request, means, parts = as_stated(engine.request(order, now)), engine.means(), engine.parts()
    zone = parts.network.zone_lists[request.place]
    parcels = []
    for site in np.flatnonzero(parts.may_serve).tolist():
        if site in request.order.refused_by or not zone[site]:
            continue
        rows = zip(request.wanted, request.rows, strict=True)
        basket = tuple([max(0, min(wanted, int(row[site]))) for wanted, row in rows])
        if any(basket):
            parcels.append(means.parcel(request, Share(site, basket), lines_of(request.skus, basket)))
    able = [parcel for parcel in parcels if math.isfinite(sum(parcel.cents))]
    return sorted(able, key=lambda parcel: (-sum([q for _, q in parcel.lines]), sum(parcel.cents), parcel.site))
