"""The exact choice for every order code of an instance at once: a fast twin of the engine's own search.

For a set S of opened nodes an order costs its boxes plus, item by item, the cheapest unit in S, so the best of all
2^(K+1) sets is the exact optimum. The cheapest unit in S is found by doubling: that of S + {k} is the smaller of that
of S and that at k. All order codes together take a tenth of a millisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.prices.columns import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.study.published.spec_a import Instance

# More than any order costs: what has no stock is never chosen, and sums stay finite.
BLOCKED = 1e7


class ExactSubsets:
    """Least-cost assignments of all order codes of an instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        nodes, items = instance.nodes, instance.shape.items
        inside = np.arange(1 << nodes)[:, None] >> np.arange(nodes) & 1
        self._inside = inside.astype(bool)
        self._boxes = (inside @ instance.fixed)[1:]
        self._contains = np.zeros((len(instance.contents), items))
        for q, contents in enumerate(instance.contents):
            self._contains[q, list(contents)] = 1
        self._priced = np.empty((nodes, items, instance.regions))
        self._best = np.empty((1 << nodes, items, instance.regions))
        self._best[0] = BLOCKED
        self._region = instance.line_code % instance.regions
        self._line = np.arange(len(instance.line_code))

    def nodes(self, prices: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the node that serves each line, shape (lines,), when stock costs `prices`, shape (items, centres).

        Cells at price `BLOCKED` or more are not used: the drop-shipper, whose stock has no price, is always cheaper.
        """
        instance = self._instance
        items = instance.shape.items
        priced, best = self._priced, self._best
        priced[:] = instance.unit.T[:, None, :]
        priced[:-1] += np.minimum(prices, BLOCKED).T[:, :, None]
        for k in range(instance.nodes):
            np.minimum(best[: 1 << k], priced[k], out=best[1 << k : 2 << k])
        total = self._contains @ best[1:].transpose(1, 2, 0).reshape(items, -1)
        opened = (total.reshape(-1, len(self._boxes)) + self._boxes).argmin(axis=1) + 1
        at = np.where(
            self._inside[opened[instance.line_code]], priced[:, instance.line_item, self._region].T, 2 * BLOCKED
        )
        node: NDArray[np.int64] = at.argmin(axis=1)
        return node

    def cost(self, node: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the true cost of every order code when its lines are served by `node`, shape (codes,)."""
        instance = self._instance
        opened = np.zeros((len(instance.rate), instance.nodes), dtype=bool)
        opened[instance.line_code, node] = True
        units = np.bincount(instance.line_code, weights=instance.line_unit[self._line, node])
        cost: NDArray[np.float64] = units + opened @ instance.fixed
        return cost

    def cheapest(self, prices: NDArray[np.float64]) -> Columns:
        """Return the choice of every order code as a column; prices by cell, shape (items * centres,)."""
        instance = self._instance
        node = self.nodes(prices.reshape(instance.stock.shape))
        cell = instance.line_cell[self._line, node]
        stocked = cell >= 0
        codes = np.arange(len(instance.rate))
        return Columns(codes, self.cost(node), instance.line_code[stocked], cell[stocked], np.ones(int(stocked.sum())))
