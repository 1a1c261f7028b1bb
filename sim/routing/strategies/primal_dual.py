"""Cost plus a price of stock that grows exponentially with the share of it that is used: no forecast at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.contract.news import StockNews
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request


class FullShelves:
    """What stood on each shelf when it was last filled up, from stock news alone.

    Attributes
    ----------
    full
        Units, shape (products, sites), at least 1; written in place.
    """

    next_solve = None

    def __init__(self, products: int, sites: int) -> None:
        self._heard = np.zeros(products * sites, dtype=np.int32)
        self.values: NDArray[np.float64] = np.ones((products, sites))
        self.full = self.values

    def note(self, order: Order) -> None:
        """Learn nothing from orders."""

    def hear(self, news: StockNews) -> None:
        """Remember a count that has risen by more than our own picks explain: goods have come in."""
        risen = news.on_hand + news.picked > self._heard[news.cells]
        self.full.reshape(-1)[news.cells[risen]] = np.maximum(news.on_hand[risen], 1)
        self._heard[news.cells] = news.on_hand

    def forget(self) -> None:
        """Forget nothing of orders: none was remembered."""

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Solve nothing."""


class PrimalDual:
    """Objective: cost of the parcel plus the price of its stock.

    A unit costs ``worth (exp(used) - 1) / (e - 1)``, `used` being the share of the full shelf that is gone: nothing on
    a full shelf, all of `worth` for the last unit of many. For large stocks no price without a forecast can promise
    more than this one: 1 - 1/e of hindsight (Buchbinder and Naor 2009; Golrezaei, Nazerzadeh, Rusmevichientong 2014).

    Parameters
    ----------
    worth_cents
        What it costs at most to be without a unit, such as a parcel from far away instead of from near.
    full
        As in `FullShelves`.
    """

    def __init__(self, costs: ParcelCosts, full: NDArray[np.float64], worth_cents: float) -> None:
        self._costs = costs
        self._full = full
        self._worth = worth_cents / (math.e - 1)

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return cost plus price of stock from each site."""
        scores = self._costs.by_site(request, basket)
        for sku, quantity, row in zip(request.skus, basket, request.rows, strict=True):
            if quantity:
                # at the middle of what is taken, so that a unit more never lowers the price
                full = np.maximum(self._full[sku], 1)
                used = 1 - (row - (quantity - 1) / 2).clip(0, full) / full
                scores += quantity * self._worth * np.expm1(used)
        return scores

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel: the price of stock only adds to it."""
        return self._costs.floor(request.place)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be."""
        return self._costs.bound(request, basket)
