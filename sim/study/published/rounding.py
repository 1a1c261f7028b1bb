"""Published rules that turn the shares of a linear programme into a draw of one node for each line.

Every rule gives a line its node with the programme's own probability u; they differ in how often lines of one order
meet at one node. Shares have shape (lines of an order, nodes) here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.strategies import rounding

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.study.published.outcome import Lines
    from sim.study.published.spec_a import Instance

    # Shares of an order's lines, how many orders to draw, luck; to nodes, shape (orders, lines).
    Rounding = Callable[[NDArray[np.float64], int, np.random.Generator], NDArray[np.int64]]


def independent(shares: NDArray[np.float64], count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Draw each line by itself."""
    return rounding.independent(shares, luck.random((count, len(shares))))


def correlated(shares: NDArray[np.float64], count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Draw by the correlated rounding of Jasin and Sinha (2015)."""
    each = luck.random((count, len(shares)))
    return rounding.correlated(shares, each, luck.random(count))


def dilated(shares: NDArray[np.float64], count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Draw by Ma's dilated clocks: every node opens after an exponential time, divided by the share for each line."""
    return rounding.dilated(shares, luck.exponential(size=(count, shares.shape[1])))


def force_open(shares: NDArray[np.float64], count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Draw by Ma's clocks with one node, that of the line's largest share, forced to open by time 1."""
    lines = len(shares)
    clock = np.broadcast_to(luck.exponential(size=(count, 1, shares.shape[1])), (count, *shares.shape)).copy()
    coin = luck.random((count, lines))
    most = shares.argmax(axis=1)
    x = shares[np.arange(lines), most]
    whole = x > 1 - rounding.NOTHING  # served by this node alone: no other clock ever rings
    late = np.where(whole, 0.0, (1 - x) / np.where(whole, 1.0, 1 - x + x * np.exp(1 / x) - np.e))
    each = np.arange(lines)
    # times are dilated by the share afterwards, as for all nodes: a clock of 1 / x means a time of 1 before that
    own = np.where(coin < late, 1.0, np.minimum(clock[:, each, most], 1.0))
    clock[:, each, most] = own
    return rounding.dilated(shares, clock)


def draw(
    rounding: Rounding,
    instance: Instance,
    lines: Lines,
    shares: NDArray[np.float64],
    luck: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw the node of every line of a sequence.

    Parameters
    ----------
    shares
        Of every line of the instance, shape (lines of the instance, nodes).
    """
    node = np.empty(len(lines.line), dtype=np.int64)
    first = instance.first_line[:-1]
    start = np.flatnonzero(np.diff(lines.order, prepend=-1))
    code = instance.line_code[lines.line[start]]
    for each in np.unique(code).tolist():
        size = int(instance.size[each])
        own = start[code == each]
        node[own[:, None] + np.arange(size)] = rounding(shares[first[each] : first[each] + size], len(own), luck)
    return node


def admitted(instance: Instance, lines: Lines, node: NDArray[np.int64]) -> NDArray[np.int64]:
    """Send every line that comes after its node has run out to the drop-shipper: the published rule."""
    cell = instance.line_cell[lines.line, node]
    by_cell = np.argsort(cell, kind="stable")
    ordered = cell[by_cell]
    rank = np.arange(len(ordered)) - np.searchsorted(ordered, ordered, side="left")
    stock = np.append(instance.stock.ravel(), len(node) + 1)  # cell -1 is the drop-shipper: the last entry
    there = np.empty(len(node), dtype=bool)
    there[by_cell] = rank < stock[ordered]
    return np.where(there, node, instance.nodes - 1)


def static(instance: Instance) -> NDArray[np.float64]:
    """Return the shares of the static rule: each line from the nearest centre that carries its item."""
    carried = np.column_stack((instance.carrying, np.ones(len(instance.carrying), dtype=bool)))
    nearest = np.where(carried[instance.line_item], instance.line_unit, np.inf).argmin(axis=1)
    shares: NDArray[np.float64] = np.eye(instance.nodes)[nearest]
    return shares
