"""What one more unit of what is scarce would be worth to the orders of one priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.joint.scarcity import ScarceChoice
from sim.routing.prices.configuration import ConfigurationLP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.routing.joint.entry import Entry
    from sim.routing.joint.scarcity import Cell

GAP = 1e-6
DIGITS = 6  # beyond them a price is the solver's arithmetic


class Worth:
    """Duals of the linear programme of some orders before the stock that the more urgent leave them.

    Parameters
    ----------
    left
        Units that they can choose from, shape (products, sites).
    """

    def __init__(self, entries: Sequence[Entry], left: NDArray[np.int32]) -> None:
        self._entries = [entry for entry in entries if entry.exact]
        self._left = left
        self._duals, self._value = self._solved(left)

    def of(self, cell: Cell) -> float:
        """Return what one more unit would save, cents; of what is used up already, by trying it."""
        if cell in self._duals:
            return round(self._duals[cell], DIGITS)
        members = [entry for entry in self._entries if cell.pool in (None, entry.pool)]
        if not members:
            return 0.0
        held = members[0].held if cell.pool is not None else None
        aside = 0 if held is None else int(held[cell.sku, cell.site])
        if self._left[cell.sku, cell.site] > aside:
            return 0.0
        more = self._left.copy()
        more[cell.sku, cell.site] = aside + 1
        return round(max(0.0, self._value - self._solved(more)[1]), DIGITS)

    def _solved(self, stock: NDArray[np.int32]) -> tuple[dict[Cell, float], float]:
        mine = [entry.on(stock) for entry in self._entries]
        alone = [entry.choose(None, {}) for entry in mine]
        choice = ScarceChoice(mine, stock, alone) if mine else None
        if choice is None or not choice.cells:
            return {}, sum([each.score for each in alone])
        found = ConfigurationLP(choice, len(choice.stock), gap=GAP).solve(np.ones(len(mine)), choice.stock)
        return dict(zip(choice.cells, found.prices.tolist(), strict=True)), found.value
