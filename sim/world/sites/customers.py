"""Customers in a store, whom its people serve before anything else.

Nothing hangs on a customer but people's time. So he is no event: how customers have kept the people of a site busy is
worked out, up to now, before anything else happens there.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.world.sites.crews import Crew
    from sim.world.sites.timesheet import Timesheet

NEVER = float("inf")


class Customers:
    """Those of one site: on their way there, waiting, and being served.

    Parameters
    ----------
    takes
        Minutes that one asks for.
    """

    def __init__(self, takes: float, crews: Sequence[Crew], timesheet: Timesheet) -> None:
        self._takes = takes
        self._crews = crews
        self._timesheet = timesheet
        self._coming: deque[float] = deque()
        self._waiting: deque[float] = deque()
        self._served: list[tuple[float, int, Crew, float, float]] = []
        self._begun = 0
        self._somebody_comes_at = NEVER

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def minutes_waiting(self) -> float:
        """The work that those who wait will be."""
        return self._takes * len(self._waiting)

    @property
    def next_over(self) -> float:
        """When the next of those being served is."""
        return self._served[0][0] if self._served else NEVER

    def expect(self, moments: Iterable[float]) -> None:
        """Take note of customers who will come, in order of time."""
        self._coming.extend(moments)

    def come(self, now: float) -> None:
        """Let one come who was not expected."""
        self._waiting.append(now)

    def catch_up(self, now: float) -> None:
        """Let everything happen that has happened by now."""
        coming, waiting, served = self._coming, self._waiting, self._served
        while True:
            comes_at = coming[0] if coming else NEVER
            over_at = served[0][0] if served else NEVER
            at = min(comes_at, over_at, self._somebody_comes_at)
            if at > now or at == NEVER:
                return
            if at == over_at:
                _, _, crew, began, came = heappop(served)
                crew.idle += 1
                self._timesheet.served(crew, began, at, began - came)
            elif at == comes_at:
                waiting.append(coming.popleft())
            if waiting:
                self.begin(at)

    def begin(self, now: float) -> None:
        """Let everybody who is there and idle serve one."""
        waiting = self._waiting
        self._somebody_comes_at = NEVER
        if not waiting:
            return
        for crew in self._crews:
            while crew.idle and waiting and crew.is_there(now):
                crew.idle -= 1
                self._begun += 1
                heappush(
                    self._served, (now + self._takes / crew.productivity, self._begun, crew, now, waiting.popleft())
                )
        if waiting:
            idle = [crew.hours.next_open(now) for crew in self._crews if crew.idle]
            self._somebody_comes_at = min(idle, default=NEVER)
