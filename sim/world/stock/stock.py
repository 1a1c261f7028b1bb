"""The truth of stock: what stands on every shelf. What the sites' systems say of it is the same, unless they err."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.world.orders.vendors import FileErrors


class Stock:
    """Units on hand, shape (products, sites).

    Attributes
    ----------
    cells
        The same numbers as one row; the cell of a product at a site is ``sku * number_of_sites + site``.
    on_record, record_cells
        The same two of the sites' own records: here the very same arrays.
    file_errors
        What the files of vendors tell wrongly; None if nothing.
    """

    file_errors: FileErrors | None = None

    def __init__(self, opening: NDArray[np.int32]) -> None:
        self.on_hand = self.on_record = opening.astype(np.int32, copy=True)
        self.cells = self.record_cells = self.on_hand.reshape(-1)

    def take(self, sku: int, site: int, quantity: int) -> int:
        """Take up to `quantity` units off the shelf and return how many there were."""
        there = self.on_hand.item(sku, site)
        if there >= quantity:
            self.on_hand[sku, site] = there - quantity
            return quantity
        self.on_hand[sku, site] = 0
        return there

    def sell(self, cells: NDArray[np.int64], wanted: NDArray[np.int32]) -> NDArray[np.int32]:
        """Sell to walk-in customers, each cell named once; return what they got."""
        there = self.cells[cells]
        sold: NDArray[np.int32] = np.minimum(there, wanted)
        self.cells[cells] = there - sold
        return sold

    def receive(self, cells: NDArray[np.int64], quantity: NDArray[np.int32]) -> None:
        """Put units on the shelf, each cell named once."""
        self.cells[cells] += quantity

    def told(self, cells: NDArray[np.int64], at: float) -> NDArray[np.int32]:
        """Return what the sites tell of their stock: their records, none of which is said to be below zero."""
        counts = self.record_cells[cells]
        return counts if self.file_errors is None else self.file_errors.told(at, cells, counts)
