"""The line from a site to the order system: what becomes of its messages on the way.

The fate of a message is a pure function of the site's luck and the number of the message, not of what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.chance.streams import Hashed, one_of_each
from sim.laws import LEAST_LUCK, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.scenario.blocks.feeds import BatchFeed, EventFeed, PollFeed

# A line so bad that a message is lost this often in a row is as good as dead.
MOST_TRIES = 50
DRAWS_PER_TRY = 4


class Line:
    """Carries the messages of one site.

    Parameters
    ----------
    luck
        ``luck(number of the message, number of the draw)``, uniform.
    """

    def __init__(self, feed: EventFeed | PollFeed | BatchFeed, luck: Hashed | Callable[[int, int], float]) -> None:
        self._luck = luck
        self._latency = feed.latency.build()
        self._varies = not isinstance(self._latency, Constant)
        self._loss = feed.loss
        self._retry_after = feed.retry_after
        self._duplicates = feed.duplicates
        self._sent = 0

    def arrivals(self, at: float) -> list[float]:
        """Return when the next message, sent at a moment, arrives: never, once or twice."""
        number = self._sent
        self._sent += 1
        for first in range(0, MOST_TRIES * DRAWS_PER_TRY, DRAWS_PER_TRY):
            if self._loss and self._luck(number, first) < self._loss:
                if self._retry_after is None:
                    return []
                at += self._retry_after
                continue
            arrivals = [at + self._takes(number, first + 1)]
            if self._duplicates and self._luck(number, first + 2) < self._duplicates:
                arrivals.append(at + self._takes(number, first + 3))
            return arrivals
        return []

    @property
    def is_plain(self) -> bool:
        """Whether a message is lost for good or arrives once, after the usual time."""
        return not (self._varies or self._duplicates) and self._retry_after is None

    def _takes(self, number: int, draw: int) -> float:
        return self._latency.quantile(max(self._luck(number, draw), LEAST_LUCK) if self._varies else 0.5)


def arrivals_together(lines: Sequence[Line], at: float) -> list[list[float]]:
    """Return the same for the next message of each of several lines of one feed, sent at one moment."""
    sources = [line._luck for line in lines if isinstance(line._luck, Hashed)]
    first = lines[0]
    if not first.is_plain or not first._loss or len(sources) < len(lines):
        return [line.arrivals(at) for line in lines]
    numbers = np.array([line._sent for line in lines], dtype=np.uint64)
    lost = one_of_each(sources, numbers, np.zeros_like(numbers)) < first._loss
    arrives = at + first._takes(0, 1)
    for line in lines:
        line._sent += 1
    return [[] if gone else [arrives] for gone in lost.tolist()]
