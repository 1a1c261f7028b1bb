r"""The aggregated LP: the plain transportation programme with parcels, the known alternative to configurations.

    min  sum_t w_t (sum_k fixed_{t,k} y_{t,k} + sum_{l in t,k} unit_{l,k} u_{l,k})
    s.t. sum_k u_{l,k} = 1                         for every line l
         u_{l,k} <= y_{t(l),k}                     for every line l and site k
         sum_l w_{t(l)} u_{l,k} <= stock_{k,i}     for every site k with finite stock of the line's product i
         u, y >= 0

(Jasin and Sinha 2015, with one unit a line.) A parcel may be opened by halves here, line by line, so the bound is
weaker than that of configurations for orders of three lines and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.routing.prices.highs import Entries, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Shares(NamedTuple):
    """What a solve found.

    Parameters
    ----------
    prices
        Worth of one more unit in each stock cell, shape (cells,).
    share
        Share of each line served by each site, shape (lines, sites); types without orders go to their cheapest.
    """

    value: float
    prices: NDArray[np.float64]
    share: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class AggregatedLP:
    """Order types by their lines.

    Parameters
    ----------
    type_of_line
        The order type of each line, shape (lines,).
    fixed
        Cost of a parcel of each type from each site, shape (types, sites).
    unit
        Cost of a unit of each line from each site, shape (lines, sites).
    cell
        Stock cell of each line at each site, shape (lines, sites); -1 where there is no end of stock.
    """

    type_of_line: NDArray[np.int64]
    fixed: NDArray[np.float64]
    unit: NDArray[np.float64]
    cell: NDArray[np.int64]

    def solve(self, weights: NDArray[np.float64], stock: NDArray[np.float64]) -> Shares:
        """Solve for expected orders of each type, shape (types,), and units in each stock cell, shape (cells,)."""
        lines, sites = self.unit.shape
        types = len(self.fixed)
        # in orders rather than shares, so that only the right-hand side knows how many are expected
        u = np.arange(lines * sites).reshape(lines, sites)
        y = lines * sites + np.arange(types * sites).reshape(types, sites)
        line = np.repeat(np.arange(lines), sites)
        each = np.arange(lines * sites)
        every_line = Entries(line, each, np.ones(lines * sites))
        stocked = self.cell.ravel() >= 0
        link = len(stock) + each
        at_most = Entries(
            np.concatenate((self.cell.ravel()[stocked], link, link)),
            np.concatenate((each[stocked], each, y[self.type_of_line].ravel())),
            np.concatenate((np.ones(stocked.sum() + lines * sites), -np.ones(lines * sites))),
        )
        found = solve(
            np.concatenate((self.unit.ravel(), self.fixed.ravel())),
            every_line,
            weights[self.type_of_line],
            at_most,
            np.concatenate((stock, np.zeros(lines * sites))),
            presolve=True,
        )
        served = found.x[u]
        total = served.sum(axis=1, keepdims=True)
        nearest = np.eye(sites)[self.unit.argmin(axis=1)]
        share = np.where(total > 0, np.clip(served, 0, None) / np.where(total > 0, total, 1), nearest)
        return Shares(found.value, np.maximum(-found.most_duals[: len(stock)], 0.0), share)
