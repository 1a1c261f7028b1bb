"""What is due, in order of time: SimPy's clock, and beside its events plain calls, which cost half as much.

A process is for what waits on something uncertain; a call is for what takes time.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import simpy
from simpy.events import NORMAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from simpy.events import EventPriority


class Agenda(simpy.Environment):
    """An environment of SimPy whose heap holds calls: what to do, and with what. An event of SimPy is one of them.

    Attributes
    ----------
    now
        Minutes since the start.
    """

    now: float = 0.0

    def later(self, minutes: float, do: Callable[..., object], *what: Any) -> None:
        """Have something done after so many minutes; what is due at one moment is done in the order it was asked for.

        Raises
        ------
        ValueError
            If that lies in the past.
        """
        if minutes < 0:
            raise ValueError(f"{minutes:g} minutes from now - expected at least 0")
        heappush(self._queue, (self.now + minutes, NORMAL, next(self._eid), do, what))  # type: ignore[misc]

    def schedule(self, event: simpy.Event, priority: EventPriority = NORMAL, delay: float = 0.0) -> None:
        """Put an event of SimPy on the agenda."""
        heappush(self._queue, (self.now + delay, priority, next(self._eid), _happen, (event,)))  # type: ignore[misc]

    def step(self) -> None:
        """Do what is due next."""
        self.now, _, _, do, what = heappop(self._queue)  # type: ignore[misc]
        do(*what)

    def run(self, until: simpy.Event | float | None = None) -> None:
        """Do what is due until an event has happened, or before a moment."""
        queue = self._queue
        if isinstance(until, simpy.Event):
            while until.callbacks is not None:
                self.now, _, _, do, what = heappop(queue)  # type: ignore[misc]
                do(*what)
            return
        assert until is not None, "shoppers come without end"
        while queue and queue[0][0] < until:
            self.step()
        self.now = until


def _happen(event: simpy.Event) -> None:
    """Tell whoever waits for an event of SimPy; a failure that nobody has dealt with is everybody's."""
    callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
    for callback in callbacks:
        callback(event)
    if not event.ok and not event.defused:
        assert isinstance(event.value, BaseException), "what fails tells why"
        raise event.value
