"""What an engine has learnt from its own past: who ordered what, and how stock came and went.

Nothing here knows a true rate. Orders are those the engine was asked to route. Stock news tells the rest: a count that
has risen by more than the picks account for is a receipt; one that has fallen by more was sold to somebody else.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Line, Order
    from sim.contract.news import StockNews

# Half an order of every product is taken for granted: who has not sold for a week may still sell tomorrow.
UNITS_TAKEN_FOR_GRANTED = 0.5


class Memory:
    """Orders of the last days, receipts and other departures by site.

    Parameters
    ----------
    days
        How long orders are remembered.
    """

    def __init__(self, products: int, sites: int, days: float) -> None:
        self._shape = products, sites
        self._keep = days * MINUTES_PER_DAY
        self._orders: deque[Order] = deque()
        self._heard: NDArray[np.int32] | None = None
        self._carried = np.zeros(products * sites, dtype=bool)
        self._received = np.zeros(sites)
        self._departed = np.zeros(sites)
        self._since = 0.0

    @property
    def orders(self) -> int:
        """Number of orders remembered."""
        return len(self._orders)

    @property
    def past(self) -> Iterable[Order]:
        """The orders remembered, the oldest first."""
        return self._orders

    def hear(self, news: StockNews) -> None:
        """Learn from stock news what came and what went."""
        if self._heard is None:
            self._heard = np.zeros(self._carried.size, dtype=np.int32)
            self._since = news.observed_at
        else:
            change = news.on_hand - self._heard[news.cells] + news.picked
            site = news.cells % self._shape[1]
            self._received += np.bincount(site, weights=np.maximum(change, 0), minlength=self._shape[1])
            self._departed += np.bincount(site, weights=np.maximum(-change, 0), minlength=self._shape[1])
        self._heard[news.cells] = news.on_hand
        self._carried[news.cells[news.on_hand > 0]] = True

    def note(self, order: Order) -> None:
        """Remember an order."""
        self._orders.append(order)

    def forget(self, now: float) -> None:
        """Drop what is too long ago."""
        while self._orders and self._orders[0].placed_at < now - self._keep:
            self._orders.popleft()

    def orders_per_day(self, now: float) -> float:
        """Return how many orders a day came lately."""
        return len(self._orders) / self._span_days(now)

    def units_per_day(self, now: float) -> NDArray[np.float64]:
        """Return how many units of each product were ordered a day lately, shape (products,)."""
        return self._units() / self._span_days(now)

    def _span_days(self, now: float) -> float:
        return max(min(now - self._since, self._keep), 1.0) / MINUTES_PER_DAY

    def _units(self) -> NDArray[np.float64]:
        units = np.full(self._shape[0], UNITS_TAKEN_FOR_GRANTED)
        for order in self._orders:
            for sku, quantity in order.lines:
                units[sku] += quantity
        return units

    def future(self, luck: np.random.Generator, count: int) -> list[tuple[int, tuple[Line, ...]]]:
        """Draw orders that may come: the basket of one order of the past to the place of another."""
        past = list(self._orders)
        baskets, places = luck.integers(len(past), size=(2, count)).tolist()
        return [(past[p].place, past[b].lines) for b, p in zip(baskets, places, strict=True)]

    def flows_per_day(self, now: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return units received and units departed otherwise a day, each of shape (products, sites).

        A site's flow is spread over what it carries as orders spread over products: of a single product at a single
        site an engine sees too little to say more.
        """
        weight = np.where(self._carried.reshape(self._shape), self._units()[:, None], 0.0)
        weight /= np.maximum(weight.sum(axis=0), UNITS_TAKEN_FOR_GRANTED)
        days = max((now - self._since) / MINUTES_PER_DAY, 1.0)
        return weight * (self._received / days), weight * (self._departed / days)
