"""Opening hours and pick-up times in local time, turned into minutes before the clock starts.

Time is minutes since the scenario's start date at 00:00 in its own time zone, and runs evenly: a day on which the
clocks change is 23 or 25 hours long in local time and nothing else happens.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# calendars kept: sites with the same hours in one time zone share theirs
LAID_OUT = 1024
# sites open at the same hours of the same days
MINUTES_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class Clock:
    """The scenario's time line: minute 0 is `start` at 00:00 in `time_zone`."""

    start: date
    time_zone: str

    def minute(self, day: int, at: time, time_zone: str) -> float:
        """Return the minute at which local clocks in `time_zone` show `at` on the start date plus `day` days."""
        return _minute(self, day, at, time_zone)

    def day_start(self, day: int, time_zone: str) -> float:
        """Return the minute of local midnight on the start date plus `day` days."""
        return self.minute(day, time(0), time_zone)

    def weekday(self, day: int) -> int:
        """Return the weekday (Monday is 0) of the start date plus `day` days."""
        return (self.start.weekday() + day) % 7

    def date_of(self, day: int) -> date:
        """Return the date of the start date plus `day` days."""
        return self.start + timedelta(days=day)


@lru_cache(maxsize=MINUTES_KEPT)
def _minute(clock: Clock, day: int, at: time, time_zone: str) -> float:
    local = datetime.combine(clock.start + timedelta(days=day), at, ZoneInfo(time_zone))
    origin = datetime.combine(clock.start, time(0), ZoneInfo(clock.time_zone))
    return (local.astimezone(UTC) - origin.astimezone(UTC)).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly opening hours in local time: for each weekday a span, or None when closed.

    A span whose end is 24:00 is written with `time.max`; one whose end is not later than its start ends on the next
    day. It belongs to the day on which it begins.
    """

    week: tuple[tuple[time, time] | None, ...]
    closed_on: frozenset[date] = frozenset()

    def on(self, clock: Clock, day: int) -> tuple[time, time] | None:
        """Return the span of the start date plus `day` days, None when closed."""
        return None if clock.date_of(day) in self.closed_on else self.week[clock.weekday(day)]


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Open spans on the time line, and the arithmetic of working minutes.

    Parameters
    ----------
    opens, closes
        Minutes, ascending, disjoint.
    """

    opens: list[float]
    closes: list[float]
    _worked_before: list[float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        total, before = 0.0, []
        for opened, closed in zip(self.opens, self.closes, strict=True):
            before.append(total)
            total += closed - opened
        object.__setattr__(self, "_worked_before", before)

    def worked(self, at: float) -> float:
        """Return the working minutes between the start and `at`."""
        k = bisect_right(self.opens, at) - 1
        if k < 0:
            return 0.0
        return self._worked_before[k] + min(at, self.closes[k]) - self.opens[k]

    def is_open(self, at: float) -> bool:
        """Return whether a moment lies in a span; its end does not."""
        k = bisect_right(self.opens, at) - 1
        return k >= 0 and at < self.closes[k]

    def holds(self, start: float, end: float) -> bool:
        """Return whether a span of time lies within a single span of it."""
        k = bisect_right(self.opens, start) - 1
        return k >= 0 and end <= self.closes[k]

    def next_open(self, at: float) -> float:
        """Return when the first span after a moment begins; infinite if none does."""
        k = bisect_right(self.opens, at)
        return self.opens[k] if k < len(self.opens) else float("inf")

    def closes_at(self, at: float) -> bool:
        """Return whether a span ends at a moment."""
        k = bisect_left(self.closes, at)
        return k < len(self.closes) and self.closes[k] == at

    def last(self, worked: float) -> float:
        """Return the last minute by which no more than `worked` working minutes are over."""
        k = bisect_right(self._worked_before, worked) - 1
        if k < 0:
            return -float("inf")
        at = self.opens[k] + worked - self._worked_before[k]
        if at < self.closes[k]:
            return at
        return self.opens[k + 1] if k + 1 < len(self.opens) else float("inf")

    def when(self, worked: float) -> float:
        """Return the first minute by which `worked` working minutes are over; infinite beyond the last span."""
        k = bisect_left(self._worked_before, worked) - 1
        if k < 0:
            return self.opens[0] if self.opens else float("inf")
        at = self.opens[k] + worked - self._worked_before[k]
        return at if at <= self.closes[k] else float("inf")

    def done(self, at: float, worked: float) -> float:
        """Return when work that comes at `at` is done, if it takes until `worked` working minutes are over.

        Work of no length that comes while the site is closed is done when it opens.
        """
        moment = self.when(worked)
        if moment < at:
            moment = self.last(worked)
        # spans that are no whole minutes may fall short by the last bit: not done when it closed, but when it opens
        return moment if moment >= at or self.is_open(at) else self.next_open(at)


def without(open_time: WorkingTime, closures: Sequence[tuple[float, float]]) -> WorkingTime:
    """Return working time less some spans, which ascend and are disjoint."""
    opens: list[float] = []
    closes: list[float] = []
    for opened, closed in zip(open_time.opens, open_time.closes, strict=True):
        at = opened
        for start, end in closures:
            if start < closed and end > at:
                if start > at:
                    opens.append(at)
                    closes.append(start)
                at = end
        if at < closed:
            opens.append(at)
            closes.append(closed)
    return WorkingTime(opens, closes)


@lru_cache(maxsize=LAID_OUT)
def working_time(hours: Hours, clock: Clock, time_zone: str, first_day: int, last_day: int) -> WorkingTime:
    """Lay weekly hours on the time line for the days `first_day` to `last_day`, both included."""
    opens: list[float] = []
    closes: list[float] = []
    for day in range(first_day, last_day + 1):
        span = hours.on(clock, day)
        if span is None:
            continue
        opened = clock.minute(day, span[0], time_zone)
        if span[1] == time.max:
            closed = clock.day_start(day + 1, time_zone)
        else:
            closed = clock.minute(day if span[1] > span[0] else day + 1, span[1], time_zone)
        if closed <= opened:  # it lies in the hour that clocks leave out
            continue
        if opens and opened <= closes[-1]:  # open round the clock: one long span, no seam at midnight
            closes[-1] = closed
        else:
            opens.append(opened)
            closes.append(closed)
    return WorkingTime(opens, closes)


@dataclass(frozen=True, slots=True)
class PickUps:
    """When a carrier collects at a site: minutes, ascending, with the day each belongs to."""

    minutes: list[float]
    days: list[int]

    def first_from(self, at: float) -> int:
        """Return the index of the first pick-up at or after `at`; ``len(minutes)`` when there is none."""
        return bisect_left(self.minutes, at)

    def without(self, closures: Sequence[tuple[float, float]]) -> PickUps:
        """Return the pick-ups that fall into none of some spans."""
        rows = zip(self.minutes, self.days, strict=True)
        left = [(at, day) for at, day in rows if not any(start <= at < end for start, end in closures)]
        return PickUps([at for at, _ in left], [day for _, day in left])


@lru_cache(maxsize=LAID_OUT)
def pick_ups(week: Hours, at: time, clock: Clock, time_zone: str, first_day: int, last_day: int) -> PickUps:
    """Lay a daily pick-up at local time `at`, on the days that `week` is open, on the time line."""
    days = [day for day in range(first_day, last_day + 1) if week.on(clock, day) is not None]
    return PickUps([clock.minute(day, at, time_zone) for day in days], days)


class BusinessDays:
    """Counts a carrier's working days.

    Parameters
    ----------
    most
        Largest count that will be asked for in one look-up of `table`.
    """

    def __init__(self, week: Hours, clock: Clock, first_day: int, last_day: int, most: int) -> None:
        working = [day for day in range(first_day, last_day + 1) if week.on(clock, day) is not None]
        # beyond the calendar's end every day counts, so that a very late parcel still arrives
        working += range(last_day + 1, last_day + 2 + most)
        self.first_day = first_day
        self._working = np.array(working)
        days = np.arange(first_day, last_day + 1)
        self._next = np.searchsorted(self._working, days, side="right")
        self.table: NDArray[np.int64] = self._working[self._next[:, None] + np.arange(-1, most)[None, :]]
        self.table[:, 0] = days
        self._rows: list[list[int]] = self.table.tolist()

    def after(self, day: int, count: int) -> int:
        """Return the `count`-th working day after `day`; `day` itself when `count` is 0."""
        return self._rows[day - self.first_day][count]
