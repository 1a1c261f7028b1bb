"""Pickers at a site: one queue, first come first served, within working hours.

With service times known when a job arrives, a first-come queue needs no event of its own: on a time line that only runs
while the site is open, each picker is the moment at which he is next free. A test holds it equal to `simpy.Resource`.

A job that has not begun can leave the queue: who began before it began without regard to it, and who stands behind it
queues anew. The times are then those of a queue in which it never stood, so no capacity is lost and none is won.
"""

from __future__ import annotations

from heapq import heapreplace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.network.calendar import WorkingTime


class Pickers:
    """The people who pick online orders at one site.

    Parameters
    ----------
    open_time
        When they work.
    people
        How many.

    Attributes
    ----------
    started
        When the job put in the queue last is begun, in working minutes.
    """

    def __init__(self, open_time: WorkingTime, people: int) -> None:
        self._open_time = open_time
        self._free_at = [0.0] * people  # a heap, in working minutes
        self.started = 0.0

    def finish(self, arrives: float, minutes: float) -> float:
        """Put a job of `minutes` in the queue and return when it is done; jobs must come in order of arrival."""
        arrived = self._open_time.worked(arrives)
        self.started = start = max(arrived, self._free_at[0])
        heapreplace(self._free_at, start + minutes)
        return self._open_time.done(arrives, start + minutes)

    def begun_before(self, at: float, started: float) -> bool:
        """Return whether a job that is begun at a working minute is begun before the moment `at`."""
        return started < self._open_time.worked(at)

    def clear(self, at: float, busy_until: Iterable[float]) -> None:
        """Forget the jobs that are not begun at a moment; those begun keep pickers busy until these working minutes."""
        # a picker's last job ends no sooner than any that is not the last of its picker
        free_at = [self._open_time.worked(at)] * len(self._free_at) + list(busy_until)
        self._free_at = sorted(free_at)[-len(self._free_at) :]  # sorted, so a heap
