"""The block `labour:` of a kind of site: who works when, what it costs, and in which order work is done.

labour:
  per_hour: 20 USD
  shifts:
    early: {hours: "06:00-14:00", people: 12, breaks: ["10:00-10:30"]}
    late: {days: [mon, tue, wed, thu, fri], hours: "14:00-22:00", people: 8}
  temps:
    - {shift: late, since: 2026-11-20, until: 2026-12-24, people: 10, productivity: 70 %, per_hour: 17 USD}
  overtime: {backlog: 2 h, at_most: 3 h, factor: 1.5}
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from sim import units
from sim.errors import expected_one_of
from sim.fields import Between, Cents, Day, Model, Name, PositiveCount, PositiveMinutes, plain, written
from sim.network.calendar import WEEKDAYS, Weekday
from sim.scenario.values import SpanOfWork

Productivity = Annotated[float, Between(units.share, "1 %", "200 %"), written("70 %", "string", "number")]


class Shift(Model):
    """People who work the same hours, local time."""

    days: tuple[Weekday, ...] = Field(default=WEEKDAYS, min_length=1)
    hours: SpanOfWork
    breaks: tuple[SpanOfWork, ...] = ()
    """Not paid. Who has begun something finishes it first, before a break and at the end."""
    people: PositiveCount

    @model_validator(mode="after")
    def _breaks_within(self) -> Shift:
        last = self.hours[0]
        for start, end in self.breaks:
            if start < last or end > self.hours[1]:
                raise ValueError("breaks - expected them within the hours, one after the other")
            last = end
        return self


class Temps(Model):
    """People hired for a time."""

    shift: Name
    """Whose hours they work."""
    since: Day
    until: Day
    """Their last day."""
    people: PositiveCount
    productivity: Productivity = 1.0
    """Relative to that of the others, at picking."""
    per_hour: Cents | None = None
    """Absent: what the others are paid."""

    @model_validator(mode="after")
    def _ordered(self) -> Temps:
        if self.until < self.since:
            raise ValueError("until lies before since - expected their last day")
        return self


class Overtime(Model):
    """Who is at the end of a shift stays on while there is too much left to do."""

    backlog: PositiveMinutes
    """Work that waits at the end of the shift: with more of it, its people stay as long as it takes them together."""
    at_most: PositiveMinutes
    factor: Annotated[float, Between(plain, 1, 10)] = 1.5
    """What a minute beyond the shift is paid, relative to the wage."""


class LabourBlock(Model):
    """People who pick online orders, and pack them unless there are stations for it; paid by the minute.

    They take the place of `pickers`. What `handling` says of picking and packing is then what a router reckons with;
    what is paid is wages, for every minute of a shift, worked or idle.
    """

    per_hour: Cents
    shifts: dict[Name, Shift] = Field(min_length=1)
    closed_on: tuple[Day, ...] = ()
    """Days on which nobody works."""
    temps: tuple[Temps, ...] = ()
    overtime: Overtime | None = None
    """Absent: nobody stays on, but to finish what he has begun, for the plain wage."""

    @model_validator(mode="after")
    def _known_shifts(self) -> LabourBlock:
        for k, each in enumerate(self.temps):
            if each.shift not in self.shifts:
                raise ValueError(f"temps[{k}].shift: unknown {expected_one_of(each.shift, list(self.shifts))}")
        return self


def people_once(pickers: Any, labour: Any) -> None:
    """Refuse a block that says twice, or never, who picks."""
    if (pickers is None) == (labour is None):
        raise ValueError("pickers and labour - expected one of the two: how many people, or who works when")
