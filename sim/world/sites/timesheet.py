"""What people are paid for and what they did, day by day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.units import MINUTES_PER_DAY, round_cents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.scenario.blocks.labour import LabourBlock
    from sim.world.sites.crews import Crew

Row = tuple[float | int, ...]


@dataclass(slots=True)
class _Day:
    """What was done for what began on a day."""

    worked: float = 0.0
    customers: int = 0
    served: float = 0.0
    customers_waited: float = 0.0
    gave_up: int = 0
    parcels: int = 0
    waited: float = 0.0
    longest: float = 0.0


class Timesheet:
    """The minutes of a site's people by day; a span belongs to the day on which it begins."""

    def __init__(self, block: LabourBlock, crews: Sequence[Crew]) -> None:
        self._crews = list(crews)
        self._factor = 1.0 if block.overtime is None else block.overtime.factor
        service = block.walk_ins
        self._wait_cents, self._left_cents = (
            (0.0, 0.0) if service is None else (service.wait_per_minute, service.leaving)
        )
        self._days: defaultdict[int, _Day] = defaultdict(_Day)
        self._overtime: defaultdict[tuple[int, Crew], float] = defaultdict(float)

    def also(self, crew: Crew) -> None:
        """Pay a crew that has work of its own."""
        self._crews.append(crew)

    def worked(self, crew: Crew, start: float, end: float) -> _Day:
        """Note that one of a crew worked from a moment to another, and how much of it lay beyond his shift.

        Returns
        -------
        _Day
            What was done that day.
        """
        number = int(start // MINUTES_PER_DAY)
        day = self._days[number]
        day.worked += end - start
        if beyond := crew.beyond(start, end):
            self._overtime[number, crew] += beyond
        return day

    def packed(self, at: float, minutes: float) -> None:
        """Note the minutes of a parcel that is packed now."""
        self._days[int((at - minutes) // MINUTES_PER_DAY)].worked += minutes

    def begun(self, at: float, waited: float) -> None:
        """Note how long a parcel has waited whose pick begins."""
        day = self._days[int(at // MINUTES_PER_DAY)]
        day.parcels += 1
        day.waited += waited
        day.longest = max(day.longest, waited)

    def served(self, crew: Crew, start: float, end: float, waited: float) -> None:
        """Note that one of a crew served a customer."""
        day = self.worked(crew, start, end)
        day.customers += 1
        day.served += end - start
        day.customers_waited += waited

    def gave_up(self, at: float) -> None:
        """Note that a customer has left the queue."""
        self._days[int(at // MINUTES_PER_DAY)].gave_up += 1

    def stays(self, crew: Crew, at: float, minutes: float) -> None:
        """Note that all of a crew stay on after their shift."""
        # what ends at midnight belongs to the day it ends
        self._overtime[int((at - 1e-6) // MINUTES_PER_DAY), crew] += crew.people * minutes

    def rows(self, site: int, until: float) -> Iterator[Row]:
        """Return a row for each day that has begun, as the ledger's table `labour` has them."""
        for number in range(int(until // MINUTES_PER_DAY) + 1):
            start, end = number * MINUTES_PER_DAY, min((number + 1) * MINUTES_PER_DAY, until)
            paid = overtime = cents = 0.0
            for crew in self._crews:
                regular = crew.people * (crew.hours.worked(end) - crew.hours.worked(start))
                beyond = self._overtime.get((number, crew), 0.0)
                paid, overtime = paid + regular, overtime + beyond
                cents += (regular + self._factor * beyond) * crew.cents_per_minute
            day = self._days.get(number, _Day())
            if paid or overtime or day.worked or day.gave_up:
                in_store = round_cents(cents * day.served / day.worked) if day.worked else 0
                yield (
                    float(start), site, paid, day.worked, overtime, day.parcels, day.waited, day.longest,
                    day.customers, day.served, day.customers_waited,
                    round_cents(cents) - in_store, in_store, round_cents(day.customers_waited * self._wait_cents),
                    day.gave_up, round_cents(day.gave_up * self._left_cents),
                )  # fmt: skip
