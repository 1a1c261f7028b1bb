"""What the engine believes of stock: the one rule that turns news and promises into units it may promise.

    available = on hand as last heard - own promises not yet reported as picked - safety stock

News of a cell carries the moment t at which the site read its books, and how much it had picked for us in all by then.
A promise that was picked by t is therefore already missing from the count and is over; one that was not, made before t
or after, is still to be taken off it. Both counts are totals, so news may be lost, come twice or in any order: of two
pieces of news of a cell the one observed later is believed, the other adds nothing, and the next that arrives makes
good for all that were lost. Promising reserves at once. A refusal releases the promise, and is news too: at its moment
the shelf was empty. A promise of which nothing is heard is given up in time if the engine is told to (`unconfirmed`).

Where several systems speak for a site (tills, warehouse, ERP), what they say is put together before it comes here: the
count is the sum of what each was last heard to say of its own movements, and t the moment until which all of them are
known. News of the same t as the last is therefore believed too, unless it knows of fewer picks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.contract.news import StockNews
from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Line
    from sim.contract.news import Refusal, Release

NOTHING_PICKED = np.zeros(1, dtype=np.int32)
NOTHING_PICKED.flags.writeable = False


class Belief:
    """Believed stock of every product at every site.

    Parameters
    ----------
    products, sites
        Shape of the network.
    safety_stock
        Units never promised, shape (sites,) if the same for every product, else (products, sites).

    Attributes
    ----------
    available
        Units that may be promised, shape (products, sites); negative where too much was promised.
    observed_at
        Minute of the last news of each site, shape (sites,).
    """

    def __init__(self, products: int, sites: int, safety_stock: NDArray[np.int32]) -> None:
        self._sites = sites
        self._safety_stock = np.array(np.broadcast_to(safety_stock, (products, sites)), dtype=np.int32, order="C")
        self._heard = np.zeros((products, sites), dtype=np.int32)
        self._promised = np.zeros((products, sites), dtype=np.int32)
        self._picked: NDArray[np.int32] = np.zeros(products * sites, dtype=np.int32)  # in all, as last heard
        self._heard_at: NDArray[np.float64] = np.full(products * sites, -np.inf)
        self.available: NDArray[np.int32] = -self._safety_stock
        self.observed_at = np.zeros(sites)
        shelves = self._heard, self._promised, self.available, self._safety_stock
        self._flat = tuple([shelf.reshape(-1) for shelf in shelves])
        self._empty_at: dict[int, float] = {}  # cells found empty after the last news of their sites

    def fresh(self, news: StockNews) -> StockNews:
        """Return what of some news is not known yet, with the units picked since the last news of each cell."""
        observed_at, sites, cells, on_hand, picked, whole = news
        if cells.size == 1 and observed_at > self._heard_at.item(cell := cells.item()):  # an event: most of all news
            since = picked.item() - self._picked.item(cell)
            picked = np.array([since], dtype=picked.dtype) if since > 0 else NOTHING_PICKED
            return StockNews(observed_at, sites, cells, on_hand, picked, whole)
        known, heard_at = self._picked[cells], self._heard_at[cells]
        newer = (observed_at > heard_at) | ((observed_at == heard_at) & (picked >= known))
        if not newer.all():
            cells, on_hand, picked, known = cells[newer], on_hand[newer], picked[newer], known[newer]
        return StockNews(observed_at, sites, cells, on_hand, np.maximum(picked - known, 0), whole)

    def hear(self, news: StockNews) -> None:
        """Take in what some sites say of their stock, as far as it is `fresh`."""
        if news.cells.size == 1 == news.sites.size:
            self._hear_one(news)
            return
        self.observed_at[news.sites] = np.maximum(self.observed_at[news.sites], news.observed_at)
        cells = news.cells
        if cells.size == 0:
            return
        heard, promised, available, safety_stock = self._flat
        open_promises = promised[cells] - news.picked
        promised[cells] = open_promises
        self._picked[cells] += news.picked
        self._heard_at[cells] = news.observed_at
        heard[cells] = news.on_hand
        available[cells] = news.on_hand - open_promises - safety_stock[cells]
        if self._empty_at:
            self._keep_empty(news)

    def _hear_one(self, news: StockNews) -> None:
        """Do so for one cell: an event, and most of all news."""
        site, cell, picked = news.sites.item(), news.cells.item(), news.picked.item()
        heard, promised, available, safety_stock = self._flat
        if news.observed_at > self.observed_at.item(site):
            self.observed_at[site] = news.observed_at
        if picked:
            promised[cell] -= picked
            self._picked[cell] += picked
        self._heard_at[cell] = news.observed_at
        heard[cell] = on_hand = news.on_hand.item()
        available[cell] = on_hand - promised.item(cell) - safety_stock.item(cell)
        if self._empty_at:
            self._keep_empty(news)

    def rise(self, news: StockNews) -> NDArray[np.int32]:
        """Return by how much each count exceeds what was believed of it, picks apart; before the news is heard."""
        rise: NDArray[np.int32] = news.on_hand + news.picked - self._flat[0][news.cells]
        return rise

    def promised(self, sku: int, site: int) -> int:
        """Return the open promises of a product at a site."""
        return int(self._promised[sku, site])

    def view(self, skus: Sequence[int], now: float) -> StockNews:
        """Return what is believed of some products as news: on hand, minus own promises, at every site.

        A fresh engine that hears it believes the same units to be available.
        """
        every = np.arange(self._sites)
        cells = np.concatenate([sku * self._sites + every for sku in skus])
        on_hand = (self._heard[skus] - self._promised[skus]).reshape(-1)
        return StockNews(now, every, cells, on_hand, np.zeros_like(on_hand))

    def forget(self, cells: NDArray[np.int64]) -> None:
        """Unlearn some cells: nothing heard, nothing promised."""
        heard, promised, available, safety_stock = self._flat
        heard[cells] = promised[cells] = self._picked[cells] = 0
        self._heard_at[cells] = -np.inf
        available[cells] = -safety_stock[cells]
        self._empty_at.clear()

    def promise(self, site: int, lines: tuple[Line, ...]) -> None:
        """Reserve units at a site."""
        _, promised, available, _ = self._flat
        for sku, quantity in lines:
            cell = sku * self._sites + site
            promised[cell] += quantity
            available[cell] -= quantity

    def release(self, site: int, lines: tuple[Line, ...]) -> None:
        """Take back a promise that was not picked."""
        for sku, quantity in lines:
            self._promised[sku, site] -= quantity
            self.available[sku, site] += quantity

    def open_promises(self, cell: int) -> int:
        """Return the units of a cell promised and not reported as picked."""
        return int(self._flat[1][cell])

    def terms(self, skus: list[int] | slice) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Return on hand as last heard, open promises and safety stock, each of shape (skus, sites).

        Of a list of products they are copies.
        """
        shelves = self._heard, self._promised, self._safety_stock
        on_hand, promised, safety_stock = [
            shelf[skus] if isinstance(skus, slice) else shelf.take(skus, axis=0) for shelf in shelves
        ]
        return on_hand, promised, safety_stock

    def refused(self, refusal: Refusal) -> None:
        """Release a refused promise; believe the shelf empty unless the site is busy, or has been heard of since.

        Of units that are not promised, or no longer, a refusal says no more than that the shelf is empty.
        """
        sku, site = refusal.sku, refusal.site
        units = min(refusal.quantity, max(0, self._promised.item(sku, site)))
        self._promised[sku, site] -= units
        self.available[sku, site] += units
        if refusal.busy_until is None and refusal.at > self.observed_at[site]:
            cell = sku * self._sites + site
            self._empty_at[cell] = refusal.at
            self._empty(cell)

    def released(self, release: Release) -> None:
        """Take back a promise that is no longer wanted.

        Raises
        ------
        RoutingError
            If so much is not promised there: it was picked or released before.
        """
        sku, site, quantity = release.sku, release.site, release.quantity
        promised = int(self._promised[sku, site])
        if quantity > promised:
            raise RoutingError(f"order {release.order}: {quantity} units released where only {promised} are promised")
        self._promised[sku, site] -= quantity
        self.available[sku, site] += quantity

    def _keep_empty(self, news: StockNews) -> None:
        """Take back what counts read before a refusal say of its cell; forget refusals older than the news."""
        speaking = set(news.sites.tolist())
        for cell, at in list(self._empty_at.items()):
            if cell % self._sites in speaking:
                if news.observed_at < at:
                    self._empty(cell)
                else:
                    del self._empty_at[cell]

    def _empty(self, cell: int) -> None:
        heard, promised, available, safety_stock = self._flat
        heard[cell] = 0
        available[cell] = -promised[cell] - safety_stock[cell]
