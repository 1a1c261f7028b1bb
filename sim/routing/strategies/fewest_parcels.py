"""As few parcels as possible; among equals the cheapest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request

# More than any order costs: one parcel less is worth any money, and costs still decide ties.
PARCEL_CENTS = 1e9


@dataclass(frozen=True, slots=True)
class FewestParcels:
    """Objective: parcels first, cost second."""

    costs: ParcelCosts

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the cost from each site plus the price of one more parcel."""
        return self.costs.by_site(request, basket) + PARCEL_CENTS

    def floor(self, request: Request) -> float:
        """Return the price of a parcel."""
        return PARCEL_CENTS

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the price of a parcel."""
        return PARCEL_CENTS + self.costs.bound(request, basket)
