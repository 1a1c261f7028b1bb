"""What one channel shows of each product: a publication, and what is taken off it until the next."""

from __future__ import annotations

from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Line
    from sim.scenario.blocks.storefront import ListingBlock


class Listing:
    """One channel's listing.

    A publication read at a moment replaces one read before, whenever it arrives; what was sold since that moment is
    taken off it. News of a sale tells all that was sold of the product by then, so the latest is enough. What is not to
    be seen yet waits until somebody looks.

    Attributes
    ----------
    shown
        Units of each product, as of the last `settle`; may be negative.
    """

    def __init__(self, block: ListingBlock, products: int) -> None:
        self.block = block
        self.counts_own = block.falls_with == "own_sales"
        self.counts_all = block.falls_with == "all_sales"
        self.shown: list[int] = []
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._read_at = float("-inf")
        # units sold of each product ever: in truth, as heard, and when the publication shown was read
        self._sold, self._heard, self._known = (np.zeros(products, dtype=np.int64) for _ in range(3))
        self._published = np.zeros(products, dtype=np.int64)

    def publish(self, available: NDArray[np.int64], read_at: float, visible_at: float) -> None:
        """Show what was available when it was read, from a moment on."""
        block = self.block
        units = available
        if block.opens_above:
            units = np.where(units > block.opens_above, units, 0)
        if block.buffer:
            units = units - block.buffer
        if block.cap is not None:
            units = np.minimum(units, block.cap)
        if not (self.counts_own or self.counts_all):
            self._when(visible_at, read_at, lambda: self._replace(units, read_at))
            return
        sold = self._sold.copy()
        self._when(visible_at, read_at, lambda: self._replace(units, read_at, sold))

    def sold(self, lines: Iterable[Line], at: float, visible_at: float) -> None:
        """Take sold units off, from a moment on."""
        for sku, quantity in lines:
            self._sold[sku] += quantity
            self._when(visible_at, at, partial(self._hear, sku, self._sold.item(sku)))

    def settle(self, now: float) -> None:
        """Show all that is to be seen by now."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= now:
            heappop(waiting)[2]()

    def _when(self, visible_at: float, now: float, what: Callable[[], None]) -> None:
        if visible_at <= now:
            what()
            return
        self._number += 1
        heappush(self._waiting, (visible_at, self._number, what))

    def _replace(self, units: NDArray[np.int64], read_at: float, sold: NDArray[np.int64] | None = None) -> None:
        if read_at < self._read_at:
            return
        self._read_at = read_at
        if sold is None:
            self.shown = units.tolist()
            return
        self._published, self._known = units, sold
        self.shown = (units - np.maximum(self._heard - sold, 0)).tolist()

    def _hear(self, sku: int, sold: int) -> None:
        self._heard[sku] = heard = max(sold, self._heard.item(sku))
        self.shown[sku] = self._published.item(sku) - max(heard - self._known.item(sku), 0)
