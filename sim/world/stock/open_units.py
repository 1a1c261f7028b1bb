"""What is owed from each shelf: units promised and not picked yet, and backorders of what only one site keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Line


class OpenUnits:
    """Counts them, and tells who must know at once.

    Parameters
    ----------
    carried
        Whether a site keeps a product, shape (products, sites).

    Attributes
    ----------
    units
        Owed from each shelf, shape (products, sites). A backorder is owed by the only site that keeps the product;
        where several do, by none of them until it is promised.
    on_change
        Called with product and site after a count changed.
    """

    def __init__(self, carried: NDArray[np.bool_]) -> None:
        self.units = np.zeros(carried.shape, dtype=np.int32)
        self._only = np.where(carried.sum(axis=1) == 1, carried.argmax(axis=1), -1).tolist()
        self.on_change: Callable[[int, int], None] | None = None

    def promised(self, site: int, lines: Iterable[Line]) -> None:
        """Count a parcel that was sent to a site."""
        for sku, quantity in lines:
            self._add(sku, site, quantity)

    def over(self, site: int, lines: Iterable[Line]) -> None:
        """Count a parcel that was picked, or withdrawn."""
        for sku, quantity in lines:
            self._add(sku, site, -quantity)

    def kept(self, lines: Iterable[Line], sign: int = 1) -> None:
        """Count lines that the router keeps; with `sign` -1 those that it keeps no longer."""
        for sku, quantity in lines:
            if self._only[sku] >= 0:
                self._add(sku, self._only[sku], sign * quantity)

    def _add(self, sku: int, site: int, quantity: int) -> None:
        self.units[sku, site] += quantity
        if self.on_change is not None:
            self.on_change(sku, site)
