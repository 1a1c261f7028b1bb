"""What the engine believes of stock: the one rule that turns news and promises into units it may promise.

    available = on hand as last heard - own promises not yet reported as picked - safety stock

News carries the moment t at which a site read its books, and how much it had picked for us by then. A promise that was
picked by t is therefore already missing from the count and is over; one that was not is still to be taken off it.
Promising reserves at once. A refusal means an empty shelf: what is heard is put down to the promises still open there,
so that nothing is available until the next news of that cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Line, Refusal, StockNews


class Belief:
    """Believed stock of every product at every site.

    Parameters
    ----------
    products, sites
        Shape of the network.
    safety_stock
        Units of each product never promised, by site, shape (sites,).

    Attributes
    ----------
    available
        Units that may be promised, shape (products, sites); negative where too much was promised.
    observed_at
        Minute of the last news of each site, shape (sites,).
    """

    def __init__(self, products: int, sites: int, safety_stock: NDArray[np.int32]) -> None:
        self._sites = sites
        self._safety_stock = safety_stock
        self._heard = np.zeros((products, sites), dtype=np.int32)
        self._promised = np.zeros((products, sites), dtype=np.int32)
        self.available: NDArray[np.int32] = np.zeros((products, sites), dtype=np.int32) - safety_stock
        self.observed_at = np.zeros(sites)
        self._flat = self._heard.reshape(-1), self._promised.reshape(-1), self.available.reshape(-1)

    def hear(self, news: StockNews) -> None:
        """Take in what some sites say of their stock."""
        self.observed_at[news.sites] = news.observed_at
        cells = news.cells
        if cells.size == 0:
            return
        heard, promised, available = self._flat
        open_promises = promised[cells] - news.picked
        promised[cells] = open_promises
        heard[cells] = news.on_hand
        available[cells] = news.on_hand - open_promises - self._safety_stock[cells % self._sites]

    def promise(self, site: int, lines: tuple[Line, ...]) -> None:
        """Reserve units at a site."""
        for sku, quantity in lines:
            self._promised[sku, site] += quantity
            self.available[sku, site] -= quantity

    def release(self, site: int, lines: tuple[Line, ...]) -> None:
        """Take back a promise that was not picked."""
        for sku, quantity in lines:
            self._promised[sku, site] -= quantity
            self.available[sku, site] += quantity

    def refused(self, refusal: Refusal) -> None:
        """Release a refused promise and believe the shelf empty until the next news."""
        sku, site = refusal.sku, refusal.site
        self._promised[sku, site] -= refusal.quantity
        self._heard[sku, site] = self._promised[sku, site]
        self.available[sku, site] = -self._safety_stock[site]
