"""Cost plus the worth of the stock that is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request


class BidPrice:
    """Objective: cost of the parcel plus the price of each of its units at the site it would leave.

    A unit that a nearer or a later shopper will miss has a price; giving it away must save more than that (bid-price
    control, Talluri and van Ryzin 1998).

    Parameters
    ----------
    prices
        Cents a unit, shape (products, sites), never negative. Whoever solves for prices writes them here in place.
    """

    def __init__(self, costs: ParcelCosts, prices: NDArray[np.float64]) -> None:
        self._costs = costs
        self._prices = prices

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return cost plus price of stock from each site."""
        scores = self._costs.by_site(request, basket)
        for sku, quantity in zip(request.skus, basket, strict=True):
            if quantity:
                scores += self._prices[sku] * quantity if quantity > 1 else self._prices[sku]
        return scores

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel: stock prices only add to it."""
        return self._costs.floor(request.place)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be."""
        return self._costs.bound(request, basket)
