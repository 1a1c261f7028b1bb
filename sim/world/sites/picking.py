"""Pickers at a site: one queue, first come first served, within working hours.

With service times known when a job arrives, a first-come queue needs no event of its own: on a time line that only runs
while the site is open, each picker is the moment at which he is next free. A test holds it equal to `simpy.Resource`.
"""

from __future__ import annotations

from heapq import heapreplace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.network.calendar import WorkingTime


class Pickers:
    """The people who pick online orders at one site.

    Parameters
    ----------
    open_time
        When they work.
    people
        How many.
    """

    def __init__(self, open_time: WorkingTime, people: int) -> None:
        self._open_time = open_time
        self._free_at = [0.0] * people  # a heap, in working minutes

    def finish(self, arrives: float, minutes: float) -> float:
        """Put a job of `minutes` in the queue and return when it is done; jobs must come in order of arrival."""
        arrived = self._open_time.worked(arrives)
        start = max(arrived, self._free_at[0])
        heapreplace(self._free_at, start + minutes)
        return self._open_time.done(arrives, start + minutes)
