"""Own warehouses first, then third parties, then stores; among equals the cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.network.site import SiteKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers import Basket, Request

# More than any order costs: no money makes up for a parcel from a lower rank.
RANK_CENTS = 1e9
RANK = {SiteKind.DC: 0, SiteKind.THIRD_PARTY: 1, SiteKind.STORE: 2}


class DcFirst:
    """Objective: rank of the site's kind first, cost second.

    A split over two DCs is preferred to one parcel from a store: the store is asked only for what no warehouse has.
    """

    def __init__(self, costs: ParcelCosts, network: Network) -> None:
        self._costs = costs
        self._rank = np.array([RANK[site.kind] * RANK_CENTS for site in network.sites])

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
