"""Cost plus what the last units of a shelf are worth, as a function of how many are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request


class MarginalValue:
    """Objective: cost of the parcel plus the worth of each unit at the site it would leave.

    Parameters
    ----------
    worth
        Cents for giving the last, the last but one ... of the units left, shape (products, units left, sites); row 0
        stands for none left and is never asked for. With more left than there are rows, a unit is worth nothing.
    """

    def __init__(self, costs: ParcelCosts, worth: NDArray[np.float64]) -> None:
        self._costs = costs
        self._worth = worth
        self._most = worth.shape[1] - 1
        self._sites = np.arange(worth.shape[2])

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return cost plus worth of stock from each site."""
        scores = self._costs.by_site(request, basket)
        for sku, quantity, row in zip(request.skus, basket, request.rows, strict=True):
            for given in range(quantity):
                left = (row - given).clip(0, self._most)
                scores += self._worth[sku][left, self._sites]
        return scores

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel: the worth of stock only adds to it."""
        return self._costs.floor(request.place)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be."""
        return self._costs.bound(request, basket)
