r"""The configuration LP: one variable for each way to serve an order type whole, solved by column generation.

    min  sum_c cost_c x_c
    s.t. sum_{c serves type t} x_c = w_t           for every order type t      (dual mu_t)
         sum_c units_{c,i} x_c    <= stock_i       for every stock cell i      (dual -pi_i, pi_i >= 0)
         x >= 0

`w_t` are the orders expected, `cost_c` the true cost of a whole assignment, parcels included, so nothing of a parcel's
fixed cost is lost to fractions, as it is in the aggregated LP. A configuration is worth having when its cost plus the
price of its stock is below `mu_t`: the pricing problem is the choice an engine makes for one order anyway.

At any prices ``pi >= 0`` the Lagrangian value

    L(pi) = sum_t w_t min_c (cost_c + pi . units_c) - pi . stock

is a lower bound on the value, and so on what any policy can expect to pay (Dantzig and Wolfe 1960; Gilmore and Gomory
1961 for the pool of columns). The pool is kept: orders and stock change only the right-hand side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.routing.prices.highs import Entries, solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.routing.prices.columns import Columns

# A configuration must promise to save this share of the value of an order before it is worth a column.
WORTH = 1e-9


class ExactChoice(Protocol):
    """The pricing problem: an engine's own exact choice, for every order type, at given stock prices."""

    def cheapest(self, prices: NDArray[np.float64]) -> Columns:
        """Return each type's configuration of least cost plus price of stock, one a type, in order of type.

        Stock is not looked at. With infinite prices the configuration must take no stock at all.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class StockPrices:
    """What a solve found.

    Parameters
    ----------
    prices
        Worth of one more unit in each stock cell, shape (cells,).
    value
        Value of the restricted programme: an upper bound on the LP.
    bound
        Best Lagrangian value met: a lower bound on the LP.
    rounds
        Linear programmes solved.
    plan
        Orders to be served by each configuration of the pool, shape (configurations,).
    """

    prices: NDArray[np.float64]
    value: float
    bound: float
    rounds: int
    plan: NDArray[np.float64]


class ConfigurationLP:
    """Order types and the configurations found for them so far.

    Parameters
    ----------
    choice
        The pricing problem.
    cells
        Number of stock cells.
    gap
        Stop when value and bound are this close, relative to the value.
    max_rounds
        Stop after so many linear programmes: a count, not a time, so that runs repeat.
    also
        Configurations known already.
    stop
        Asked before every further linear programme whether to go on without it; never, if absent.
    """

    def __init__(
        self,
        choice: ExactChoice,
        cells: int,
        *,
        gap: float = 1e-6,
        max_rounds: int = 50,
        also: Columns | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> None:
        self._choice = choice
        self._gap = gap
        self._max_rounds = max_rounds
        self._stop = stop
        self._prices = np.zeros(cells)
        self._pool = choice.cheapest(np.full(cells, np.inf)).and_also(choice.cheapest(self._prices))
        if also is not None:
            self._pool = self._pool.and_also(also)

    @property
    def pool(self) -> Columns:
        """The configurations found so far."""
        return self._pool

    def bound(self, prices: NDArray[np.float64], weights: NDArray[np.float64], stock: NDArray[np.float64]) -> float:
        """Return the Lagrangian value at any prices: no policy can expect to pay less."""
        return _lagrangian(self._choice.cheapest(prices).priced(prices), prices, weights, stock)

    def solve(self, weights: NDArray[np.float64], stock: NDArray[np.float64]) -> StockPrices:
        """Solve for expected orders and stock on hand.

        Parameters
        ----------
        weights
            Orders expected of each type, shape (types,).
        stock
            Units in each cell, shape (cells,).
        """
        best, rounds = -np.inf, 0
        while True:
            rounds += 1
            value, prices, worth, plan = self._restricted(weights, stock)
            found = self._choice.cheapest(prices)
            priced = found.priced(prices)
            best = max(best, _lagrangian(priced, prices, weights, stock))
            better = (priced < worth - WORTH * np.abs(worth)) & (weights > 0)
            if value - best <= self._gap * abs(value) or not better.any() or rounds == self._max_rounds:
                break
            if self._stop is not None and self._stop():
                break
            self._pool = self._pool.and_also(found.only(better))
        self._prices = prices
        return StockPrices(prices, value, best, rounds, plan)

    def _restricted(
        self, weights: NDArray[np.float64], stock: NDArray[np.float64]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Solve over the pool; return value, prices of stock, worth of serving one order of each type, and plan."""
        pool = self._pool
        serves = Entries(pool.of_type, np.arange(len(pool.cost)), np.ones(len(pool.cost)))
        touched, row = np.unique(pool.cell, return_inverse=True)  # most cells of a large network are in no offer
        takes = Entries(row, pool.column, pool.units)
        found = solve(pool.cost, serves, weights, takes, stock[touched], presolve=False)
        prices = np.zeros(len(stock))
        prices[touched] = np.maximum(-found.most_duals, 0.0)
        return found.value, prices, found.equal_duals, found.x


def _lagrangian(
    priced: NDArray[np.float64],
    prices: NDArray[np.float64],
    weights: NDArray[np.float64],
    stock: NDArray[np.float64],
) -> float:
    return float(weights @ priced - prices @ stock)
