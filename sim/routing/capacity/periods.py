"""Hours, days and weeks as the clocks on the wall show them, on the days on which these are changed as well."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.calendar import Clock
    from sim.network.network import Network
    from sim.network.site import Site

Per = Literal["hour", "day", "week"]


def period(clock: Clock, time_zone: str, per: Per, now: float) -> tuple[float, float]:
    """Return the minutes at which the hour, day or week that contains `now` begins and ends in a time zone.

    A day on which clocks change is 23 or 25 hours long; the hour that is shown twice is two hours.
    """
    ahead = _ahead_min(clock, time_zone, now)
    if per == "hour":
        begin = math.floor((now + ahead) / 60) * 60.0 - ahead
        return begin, begin + 60
    day = math.floor((now + ahead) / MINUTES_PER_DAY)
    days = 1
    if per == "week":
        day, days = day - clock.weekday(day), 7
    return clock.day_start(day, time_zone), clock.day_start(day + days, time_zone)


class Periods:
    """The period that runs at each site.

    Attributes
    ----------
    begin
        Minute at which it began, shape (sites,); minus infinity before anything is known.
    end
        First minute at which it ends anywhere.
    """

    def __init__(self, network: Network, per: Per) -> None:
        self._clock, self._sites, self._per = network.clock, network.sites, per
        self._zones = sorted({site.time_zone for site in network.sites})
        self._of = np.array([self._zones.index(site.time_zone) for site in network.sites])
        self.forget()

    def forget(self) -> None:
        """Know nothing."""
        self.begin: NDArray[np.float64] = np.full(len(self._of), -np.inf)
        self.end = -np.inf

    def move_on(self, now: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Have the periods run that contain `now`; return when those before began, and where another one runs."""
        running = [period(self._clock, zone, self._per, now) for zone in self._zones]
        before, self.begin = self.begin, np.array([begin for begin, _ in running])[self._of]
        self.end = min([end for _, end in running])
        return before, self.begin != before

    def worked(self, site: int, since: float, until: float) -> int:
        """Return in how many periods between two beginnings a site was open."""
        at, count = since, 0
        while at < until:
            begin, end = period(self._clock, self._sites[site].time_zone, self._per, at)
            count += self._opens(self._sites[site], begin, end)
            at = end
        return count

    def _opens(self, site: Site, begin: float, end: float) -> bool:
        clock, zone = self._clock, site.time_zone
        day = math.floor((begin + _ahead_min(clock, zone, begin)) / MINUTES_PER_DAY)
        while clock.day_start(day, zone) < end:
            span = site.hours.on(clock, day)
            if span is not None:
                late = span[1] == time.max
                closes = clock.day_start(day + 1, zone) if late else clock.minute(day, span[1], zone)
                if clock.minute(day, span[0], zone) < end and closes > begin:
                    return True
            day += 1
        return False


def _ahead_min(clock: Clock, time_zone: str, now: float) -> float:
    """Return by how many minutes local clocks run ahead of the time line."""
    start = datetime.combine(clock.start, time(0), ZoneInfo(clock.time_zone))
    shown = (start.astimezone(UTC) + timedelta(minutes=now)).astimezone(ZoneInfo(time_zone))
    there, origin = shown.utcoffset(), start.utcoffset()
    return ((there or timedelta(0)) - (origin or timedelta(0))).total_seconds() / 60
