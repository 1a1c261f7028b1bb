"""Own warehouses first, then third parties and vendors, then stores; among equals the cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.network.site import SiteKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request

# What a parcel from each kind costs on top: no money makes up for one from a lower rank, nor does any number of others.
RANK_CENTS = {SiteKind.DC: 0.0, SiteKind.THIRD_PARTY: 1e8, SiteKind.VENDOR: 1e8, SiteKind.STORE: 1e11}


class DcFirst:
    """Objective: as few parcels as possible from stores, then from third parties and vendors, then at the least cost.

    A split over two warehouses is preferred to one parcel from a store: the store is asked only for orders that the
    warehouses cannot serve together.
    """

    def __init__(self, costs: ParcelCosts, network: Network) -> None:
        self._costs = costs
        self._rank = np.array([RANK_CENTS[site.kind] for site in network.sites])

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the cost from each site plus the price of its rank."""
        scores = self._costs.by_site(request, basket)
        scores += self._rank
        return scores

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel."""
        return self._costs.floor(request.place)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be."""
        return self._costs.bound(request, basket)
