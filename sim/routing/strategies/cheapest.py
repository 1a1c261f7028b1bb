"""Least expected cost: handling at the site plus the carrier's label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request


@dataclass(frozen=True, slots=True)
class Cheapest:
    """Objective: cost of the parcel, cents."""

    costs: ParcelCosts

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the cost from each site."""
        return self.costs.by_site(request, basket)

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel."""
        return self.costs.floor(request.place)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be."""
        return self.costs.bound(request, basket)
