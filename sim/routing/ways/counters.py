"""When goods are ready at a site: what its people still have to do, in the hours they are there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.network.calendar import working_time

if TYPE_CHECKING:
    from sim.network.calendar import WorkingTime
    from sim.network.network import Network


class Counters:
    """Working time of sites, laid out when it is first asked for."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._open: dict[int, WorkingTime] = {}

    def ready(self, site: int, at: float, minutes: float | None = None) -> float:
        """Return when work that comes at `at` is done: within opening hours, never beyond the calendar.

        Parameters
        ----------
        minutes
            Working time it takes; None means what the site asks for an order.
        """
        if math.isinf(at):
            return at
        known = self._network.sites[site]
        open_time = self._open.get(site)
        if open_time is None:
            clock, (first, last) = self._network.clock, self._network.days
            open_time = self._open[site] = working_time(known.hours, clock, known.time_zone, first, last)
        return open_time.done(at, open_time.worked(at) + (known.lead_min if minutes is None else minutes))
