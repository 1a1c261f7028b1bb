"""When and how much is ordered: the rules of stock control, for many shelves at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import StockBlock

    Units = NDArray[np.int32]
    Rule = Callable[[Units, Units, Units], Units]


def min_max(position: Units, point: Units, level: Units) -> Units:
    """(s, S): where the position is at or below the reorder point s, up to the level S."""
    missing: Units = np.where(position <= point, level - position, 0).astype(np.int32)
    return missing


def order_up_to(position: Units, point: Units, level: Units) -> Units:
    """(R, S), and base stock where review is continuous: whatever is missing to the level S."""
    missing: Units = np.maximum(level - position, 0).astype(np.int32)
    return missing


def fixed_quantity(position: Units, point: Units, level: Units) -> Units:
    """(r, Q): as few times Q = S - s as lift the position above the reorder point."""
    quantity = np.maximum(level - point, 1)
    times = np.maximum(-((position - point - 1) // quantity), 0)
    wanted: Units = (times * quantity).astype(np.int32)
    return wanted


RULES: dict[str, Rule] = {"min_max": min_max, "order_up_to": order_up_to, "fixed_quantity": fixed_quantity}


def to_order(block: StockBlock, position: Units, point: Units, level: Units) -> Units:
    """Return what a site orders of each product, as its suppliers sell it.

    Parameters
    ----------
    position
        On hand and on order, less what is owed if that counts.
    point, level
        Reorder point and order-up-to level; both 0 where the product is not carried.
    """
    wanted = RULES[block.policy](position, point, level)
    wanted[level <= 0] = 0
    if block.minimum_order > 1 or block.multiple > 1:
        bought = np.maximum(wanted, block.minimum_order)
        bought = -(-bought // block.multiple) * block.multiple
        wanted = np.where(wanted > 0, bought, 0).astype(np.int32)
    return wanted


class Reviews:
    """Which sites are reviewed on which day; those whose review is continuous never are."""

    def __init__(self, scenario: Scenario) -> None:
        every = [block.stock.review_every for block in scenario.site_blocks]
        self._every = np.array([days or 1 for days in every])
        self._ever = np.array([days is not None for days in every], dtype=bool)
        kinds = [site.kind for site in scenario.network.sites]
        self._turn = np.array([kinds[:j].count(kind) for j, kind in enumerate(kinds)])

    def on(self, day: int) -> NDArray[np.int64]:
        """Return the sites of a day: those of a kind take turns, and one more DC moves no store."""
        return np.flatnonzero(self._ever & ((day + self._turn) % self._every == 0))
