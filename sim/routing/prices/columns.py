"""Ways to serve orders as columns of a linear programme: what each costs and which stock it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Columns(NamedTuple):
    """Some configurations: whole assignments of an order type's units to sites.

    Parameters
    ----------
    of_type
        The order type each serves, shape (columns,).
    cost
        True cost of one order served so, shape (columns,).
    column, cell, units
        Stock taken: `units` of stock cell `cell` by configuration `column`, one entry each.
    """

    of_type: NDArray[np.int64]
    cost: NDArray[np.float64]
    column: NDArray[np.int64]
    cell: NDArray[np.int64]
    units: NDArray[np.float64]

    def priced(self, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return cost plus the price of the stock taken, shape (columns,)."""
        spent = np.bincount(self.column, weights=self.units * prices[self.cell], minlength=len(self.cost))
        priced: NDArray[np.float64] = self.cost + spent
        return priced

    def only(self, keep: NDArray[np.bool_]) -> Columns:
        """Return the configurations where `keep` holds."""
        number = np.cumsum(keep) - 1
        entries = keep[self.column]
        return Columns(
            self.of_type[keep],
            self.cost[keep],
            number[self.column[entries]],
            self.cell[entries],
            self.units[entries],
        )

    def and_also(self, other: Columns) -> Columns:
        """Return these configurations followed by others."""
        return Columns(
            np.concatenate((self.of_type, other.of_type)),
            np.concatenate((self.cost, other.cost)),
            np.concatenate((self.column, other.column + len(self.cost))),
            np.concatenate((self.cell, other.cell)),
            np.concatenate((self.units, other.units)),
        )
