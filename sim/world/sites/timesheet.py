"""What people are paid for and what they did, day by day."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sim.units import MINUTES_PER_DAY, round_cents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.scenario.labour import LabourBlock
    from sim.world.sites.crews import Crew

Row = tuple[float, int, float, float, float, int]


class Timesheet:
    """The minutes of a site's people by day; a span belongs to the day on which it begins."""

    def __init__(self, block: LabourBlock, crews: Sequence[Crew]) -> None:
        self._crews = crews
        self._factor = 1.0 if block.overtime is None else block.overtime.factor
        self._worked: defaultdict[int, float] = defaultdict(float)
        self._overtime: defaultdict[tuple[int, Crew], float] = defaultdict(float)

    def worked(self, crew: Crew, start: float, end: float) -> None:
        """Note that one of a crew worked from a moment to another, and how much of it lay beyond his shift."""
        day = int(start // MINUTES_PER_DAY)
        self._worked[day] += end - start
        if beyond := crew.beyond(start, end):
            self._overtime[day, crew] += beyond

    def stays(self, crew: Crew, at: float, minutes: float) -> None:
        """Note that all of a crew stay on after their shift."""
        # what ends at midnight belongs to the day it ends
        self._overtime[int((at - 1e-6) // MINUTES_PER_DAY), crew] += crew.people * minutes

    def rows(self, site: int, until: float) -> Iterator[Row]:
        """Return a row for each day that has begun: minutes paid, worked and beyond shifts, and what they cost."""
        for day in range(int(until // MINUTES_PER_DAY) + 1):
            start, end = day * MINUTES_PER_DAY, min((day + 1) * MINUTES_PER_DAY, until)
            paid = overtime = cents = 0.0
            for crew in self._crews:
                regular = crew.people * (crew.hours.worked(end) - crew.hours.worked(start))
                beyond = self._overtime.get((day, crew), 0.0)
                paid, overtime = paid + regular, overtime + beyond
                cents += (regular + self._factor * beyond) * crew.cents_per_minute
            worked = self._worked.get(day, 0.0)
            if paid or overtime or worked:
                yield float(start), site, paid, worked, overtime, round_cents(cents)
