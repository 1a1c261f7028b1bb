"""Who is there when: shifts, temps and absences laid on the time line, as crews of people with equal hours."""

from __future__ import annotations

import itertools
import math
from datetime import timedelta
from typing import TYPE_CHECKING

from sim.network.calendar import WEEKDAYS, Hours, without, working_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    from sim.network.calendar import WorkingTime
    from sim.network.network import Network
    from sim.network.site import Site
    from sim.scenario.blocks.labour import LabourBlock, Shift


class Crew:
    """People of one shift whose hours are the same to the minute.

    Attributes
    ----------
    idle
        Of its `people`, those with nothing in their hands.
    stays_until
        How long it stays beyond its shift.
    """

    def __init__(self, hours: WorkingTime, people: int, productivity: float, cents_per_minute: float) -> None:
        self.hours = hours
        self.people = self.idle = people
        self.productivity = productivity
        self.cents_per_minute = cents_per_minute
        self.stays_until = self._stays_from = -math.inf

    def is_there(self, now: float) -> bool:
        """Return whether a person of it begins something now."""
        return now < self.stays_until or self.hours.is_open(now)

    def stay(self, now: float, minutes: float) -> None:
        """Stay so long beyond the end of the shift, which is now."""
        self._stays_from, self.stays_until = now, now + minutes

    def beyond(self, start: float, end: float) -> float:
        """Return the minutes of a span that lie in no shift, and in no time for which it stays on anyway."""
        if self.hours.holds(start, end):
            return 0.0
        stays = max(0.0, min(end, self.stays_until) - max(start, self._stays_from))
        return max(0.0, end - start - (self.hours.worked(end) - self.hours.worked(start)) - stays)


def crews_of(
    block: LabourBlock,
    site: Site,
    network: Network,
    closures: Sequence[tuple[float, float]],
    absences: Sequence[tuple[float, float, float]],
) -> list[Crew]:
    """Return the crews of a site, the permanent ones first."""
    crews = []
    for shift in block.shifts.values():
        hours = _laid(shift, block, site, network)
        crews += _crews(hours, shift.people, 1.0, block.per_hour / 60, closures, absences)
    for temps in block.temps:
        hours = _laid(block.shifts[temps.shift], block, site, network, (temps.since, temps.until))
        wage = block.per_hour if temps.per_hour is None else temps.per_hour
        crews += _crews(hours, temps.people, temps.productivity, wage / 60, closures, absences)
    return crews


def shift_ends(block: LabourBlock, site: Site, network: Network) -> list[float]:
    """Return when shifts end, in order of time; what ends as another day begins is no end."""
    first, last = network.days
    ends: set[float] = set()
    for shift in block.shifts.values():
        ends.update(_time(shift.hours, shift, block, site, network, first, last).closes)
    return sorted(ends)


def _laid(
    shift: Shift, block: LabourBlock, site: Site, network: Network, between: tuple[date, date] | None = None
) -> WorkingTime:
    first, last = network.days
    if between is not None:
        start = network.clock.start
        first, last = max(first, (between[0] - start).days), min(last, (between[1] - start).days)
    hours = _time(shift.hours, shift, block, site, network, first, last)
    for each in shift.breaks:
        pause = _time(each, shift, block, site, network, first, last)
        hours = without(hours, list(zip(pause.opens, pause.closes, strict=True)))
    return hours


def _time(
    span: tuple[time, time], shift: Shift, block: LabourBlock, site: Site, network: Network, first: int, last: int
) -> WorkingTime:
    """Lay a shift, or a break of it: one that begins before its shift does lies on the day after, past midnight."""
    later = int(span[0] < shift.hours[0])
    week = [WEEKDAYS[(k - later) % 7] in shift.days for k in range(7)]
    closed = frozenset(day + timedelta(days=later) for day in block.closed_on)
    hours = Hours(tuple(span if works else None for works in week), closed)
    return working_time(hours, network.clock, site.time_zone, first + later, last + later)


def _crews(
    hours: WorkingTime, people: int, productivity: float, cents_per_minute: float,
    closures: Sequence[tuple[float, float]], absences: Sequence[tuple[float, float, float]],
) -> list[Crew]:  # fmt: skip
    """Part people by the absences that keep them away: each takes the first of them, so the last are always there."""
    if closures:
        hours = without(hours, closures)
    away = [(start, end, math.floor(share * people + 0.5)) for start, end, share in absences]
    crews = []
    edges = sorted({0, people, *(count for _, _, count in away)}, reverse=True)
    for upper, lower in itertools.pairwise(edges):
        out = [(start, end) for start, end, count in away if count >= upper]
        crews.append(Crew(without(hours, out) if out else hours, upper - lower, productivity, cents_per_minute))
    return crews
