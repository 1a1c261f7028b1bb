"""Cutting a queue of orders into batches that are decided together."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_MOST_LINES = {"simple": 100, "production": 1500}


def partition(lines: Sequence[int], most_lines: int, solver: str = "production") -> list[range]:
    """Return consecutive runs of orders, each of at most so many lines; an order is never broken.

    An order that is larger than a batch has one to itself.

    Parameters
    ----------
    lines
        Number of lines of each order in the queue.
    most_lines
        Most lines a batch; 0 means the solver's default.

    Raises
    ------
    RoutingError
        If 0 is given and the solver has no default.
    """
    if most_lines == 0:
        if solver not in DEFAULT_MOST_LINES:
            raise RoutingError(f"solver {solver!r} - expected one of {', '.join(DEFAULT_MOST_LINES)}")
        most_lines = DEFAULT_MOST_LINES[solver]
    starts, filled = [0] if lines else [], 0
    for k, count in enumerate(lines):
        if filled and filled + count > most_lines:
            starts.append(k)
            filled = 0
        filled += count
    return [range(a, b) for a, b in pairwise([*starts, len(lines)])]
