"""What a policy did with a sequence of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.study.published.spec_a import EMPTY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.study.published.spec_a import Instance


class Outcome(NamedTuple):
    """Sums over a sequence.

    Parameters
    ----------
    boxes
        Boxes opened, the drop-shipper's included.
    dropped
        Units served by the drop-shipper.
    """

    cost: float
    orders: int
    boxes: int
    units: int
    dropped: int


class Lines(NamedTuple):
    """All lines of a sequence of orders, in time.

    Parameters
    ----------
    order
        Which non-empty order each belongs to, counted from 0.
    line
        Its number among the instance's lines.
    """

    order: NDArray[np.int64]
    line: NDArray[np.int64]


def lines_of(instance: Instance, orders: NDArray[np.int64]) -> Lines:
    """Lay the lines of a sequence out one after the other."""
    codes = orders[orders != EMPTY]
    size = instance.size[codes]
    order = np.repeat(np.arange(len(codes)), size)
    within = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    return Lines(order, instance.first_line[codes][order] + within)


def outcome_of(instance: Instance, lines: Lines, node: NDArray[np.int64]) -> Outcome:
    """Add up what it costs to serve every line of a sequence by its node, shape (lines,)."""
    orders = int(lines.order[-1]) + 1 if len(lines.order) else 0
    opened = np.zeros((orders, instance.nodes), dtype=bool)
    opened[lines.order, node] = True
    cost = float(instance.line_unit[lines.line, node].sum() + (opened @ instance.fixed).sum())
    return Outcome(cost, orders, int(opened.sum()), len(node), int((node == instance.nodes - 1).sum()))
