"""Policies that choose for each order with the stock at hand, at prices that may be solved for again.

Between two events (a cell runs out, prices change) the exact choice of an order code does not change, so it is
made once for all codes and looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.study.published.exact import BLOCKED
from sim.study.published.outcome import lines_of
from sim.study.published.spec_a import EMPTY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.study.published.exact import ExactSubsets
    from sim.study.published.spec_a import Instance

# Periods left and stock left, shape (items, centres), to prices of the same shape.
Pricing = Callable[[int, "NDArray[np.int64]"], "NDArray[np.float64]"]
# Stock prices, infinite where nothing is left, to the node of each line.
Choice = Callable[["NDArray[np.float64]"], "NDArray[np.int64]"]


def nearest_live(instance: Instance) -> Choice:
    """Return the rule that takes each item from the nearest centre with stock."""

    def choose(prices: NDArray[np.float64]) -> NDArray[np.int64]:
        empty = np.column_stack((prices >= BLOCKED, np.zeros(len(prices), dtype=bool)))
        node: NDArray[np.int64] = np.where(empty[instance.line_item], BLOCKED, instance.line_unit).argmin(axis=1)
        return node

    return choose


def serve(
    instance: Instance,
    orders: NDArray[np.int64],
    choose: Choice,
    pricing: Pricing | None = None,
    starts: Sequence[int] = (0,),
) -> NDArray[np.int64]:
    """Serve a sequence order by order and return the node of each of its lines.

    Parameters
    ----------
    pricing
        Where prices come from; None means stock costs nothing.
    starts
        Periods before which prices are solved for; the first is 0.
    """
    desk = Desk(instance, choose)
    served: list[int] = []
    for start, end in zip(starts, [*starts[1:], len(orders)], strict=True):
        if pricing is not None:
            desk.set_prices(pricing(len(orders) - start, desk.stock()))
        for code in orders[start:end].tolist():
            if code != EMPTY:
                served += desk.serve(code)
    return np.array(served)


class Desk:
    """Serves one order after the other from the table of choices that holds at the moment."""

    def __init__(self, instance: Instance, choose: Choice) -> None:
        self._instance = instance
        self._choose = choose
        self._prices = np.zeros(instance.stock.shape)
        self._left: list[int] = instance.stock.ravel().tolist()
        self._lines = np.arange(len(instance.line_code))
        self._cells: list[list[int]] = []
        self._nodes: list[list[int]] = []
        self._renew()

    def stock(self) -> NDArray[np.int64]:
        """Return the units left, shape (items, centres)."""
        return np.array(self._left).reshape(self._instance.stock.shape)

    def has(self, cell: int) -> bool:
        """Whether a cell has a unit left; the drop-shipper always has."""
        return cell == EMPTY or self._left[cell] > 0

    def set_prices(self, prices: NDArray[np.float64]) -> None:
        """Choose at these prices from now on."""
        self._prices = prices
        self._renew()

    def serve(self, code: int) -> list[int]:
        """Serve an order as the table says and return the node of each line."""
        nodes = self._nodes[code]  # before the table is renewed for the next order
        self.take(self._cells[code])
        return nodes

    def take(self, cells: list[int]) -> None:
        """Take a unit out of each of some cells."""
        out = False
        for cell in cells:
            if cell != EMPTY:
                self._left[cell] -= 1
                out = out or self._left[cell] == 0
        if out:
            self._renew()

    def _renew(self) -> None:
        node = self._choose(np.where(self.stock() > 0, self._prices, np.inf))
        cell = self._instance.line_cell[self._lines, node]
        bounds = self._instance.first_line[1:-1]
        self._cells = [part.tolist() for part in np.split(cell, bounds)]
        self._nodes = [part.tolist() for part in np.split(node, bounds)]


def equal_intervals(periods: int, solves: int) -> tuple[int, ...]:
    """Return when to solve: in equal intervals."""
    return tuple(round(k * periods / solves) for k in range(solves))


def shrinking_intervals(periods: int, solves: int) -> tuple[int, ...]:
    """Return when to solve: the square root of what is left falls in equal steps.

    A miss of a few units matters more the fewer are left to make up for it.
    """
    return tuple(sorted({round(periods * (1 - (1 - k / solves) ** 2)) for k in range(solves)}))


def exact(subsets: ExactSubsets) -> Choice:
    """Return the exact choice."""
    return subsets.nodes


def serve_drawn(
    instance: Instance,
    orders: NDArray[np.int64],
    drawn: NDArray[np.int64],
    choose: Choice,
    prices: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Serve each order as drawn, or, where a drawn node is empty or the drop-shipper, by the exact choice.

    Parameters
    ----------
    drawn
        Node drawn for each line of the sequence.
    """
    desk = Desk(instance, choose)
    desk.set_prices(prices)
    lines = lines_of(instance, orders)
    cell = instance.line_cell[lines.line, drawn]
    seams = np.searchsorted(lines.order, np.arange(1, int(lines.order[-1]) + 1))
    served: list[int] = []
    codes = orders[orders != EMPTY].tolist()
    for code, cells, nodes in zip(codes, np.split(cell, seams), np.split(drawn, seams), strict=True):
        wanted = cells.tolist()
        if EMPTY not in wanted and all(desk.has(each) for each in wanted):
            desk.take(wanted)
            served += nodes.tolist()
        else:
            served += desk.serve(code)
    return np.array(served)
