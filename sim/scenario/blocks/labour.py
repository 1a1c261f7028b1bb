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

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from sim import units
from sim.errors import expected_one_of
from sim.fields import (
    Between,
    Cents,
    Count,
    Day,
    Minutes,
    Model,
    Name,
    PositiveCount,
    PositiveMinutes,
    PositiveNumber,
    TimeOfDay,
    plain,
    written,
)
from sim.network.calendar import WEEKDAYS, Weekday
from sim.scenario.blocks.values import SpanOfWork, minutes_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.errors import Problem
    from sim.files import YamlFile
    from sim.scenario.schema import ScenarioFile

Productivity = Annotated[float, Between(units.share, "1 %", "200 %"), written("70 %", "string", "number")]


class Shift(Model):
    """People who work the same hours, local time; a shift belongs to the day on which it begins."""

    days: tuple[Weekday, ...] = Field(default=WEEKDAYS, min_length=1)
    hours: SpanOfWork
    """One that ends no later than it begins ends on the next day."""
    breaks: tuple[SpanOfWork, ...] = ()
    """Not paid. Who has begun something finishes it first, before a break and at the end."""
    people: PositiveCount

    @model_validator(mode="after")
    def _breaks_within(self) -> Shift:
        begins, ends = self.hours
        last = 0.0
        for start, end in self.breaks:
            after = minutes_after(begins, start)
            if after < last or after + minutes_after(start, end) > minutes_after(begins, ends):
                raise ValueError("breaks - expected them within the hours, one after the other")
            last = after + minutes_after(start, end)
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


class Batch(Model):
    """Orders picked on one walk through the aisles."""

    walk: PositiveMinutes
    """What a walk takes, on top of `pick_time` for each line."""
    orders: PositiveCount = 1
    """At most on one walk: as many as wait when somebody sets out. All are picked when he is back."""


class PackingStations(Model):
    """Stations with people of their own, at work while the site is open; parcels come to them as they are picked."""

    stations: PositiveCount


class Receiving(Model):
    """Goods that come in are unloaded and put away in turn with orders; on sale when that is done."""

    units_per_hour: PositiveNumber


class WalkInService(Model):
    """Customers in a store, whom the same people serve first; each may want one unit or more of a product."""

    takes: PositiveMinutes
    wait_per_minute: Cents = 0.0
    """What it costs to have one wait, as he may not come again."""
    leaves_beyond: Count | None = None
    """Who finds nobody free and so many customers waiting leaves, and what he wanted is not sold. Absent: all wait."""
    leaving: Cents = 0.0
    """What it costs when one leaves, beside the margin of what he wanted, as he may not come again."""

    @model_validator(mode="after")
    def _somebody_leaves(self) -> WalkInService:
        if self.leaving and self.leaves_beyond is None:
            raise ValueError("leaving: nobody leaves - expected leaves_beyond, the queue that is too long")
        return self


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
    queue: Literal["fifo", "due_time"] = "fifo"
    """What is picked next: what came first, or what is to be handed over first."""
    first: tuple[Name, ...] = ()
    """Channels whose orders are picked before all others."""
    waves: tuple[TimeOfDay, ...] = ()
    """Times at which orders are released to be picked. Absent: as they come."""
    batch: Batch | None = None
    """Absent: every order is picked on its own."""
    packing: PackingStations | None = None
    """Absent: whoever has picked a parcel packs it."""
    rework: Annotated[float, Between(units.share, "0 %", "90 %")] = 0.0
    """Share of parcels found wrong after the pick, each time: they are picked anew."""
    declines_beyond: Count | None = None
    """The site says no to a parcel if nobody is free and so many wait. Absent: it never does."""
    pause: Minutes = 60.0
    """For so long after it has said no it is asked for nothing more; what it has to do already stands."""
    receiving: Receiving | None = None
    """Absent: goods come in without taking anybody's time."""
    walk_ins: WalkInService | None = None
    """Absent: customers in a store are served by others."""

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


def idle_labour(source: YamlFile, file: ScenarioFile, channels: Sequence[str]) -> list[Problem]:
    """Tell of work that nobody will have, and of channels that nobody orders by."""
    problems = []
    for kind, block in file.site_kinds.items():
        if (labour := block.labour) is None:
            continue
        key = ("site_kinds", kind.value, "labour")
        for k, name in enumerate(labour.first):
            if name not in channels:
                message = f"unknown channel {expected_one_of(name, channels)}"
                problems.append(source.problem((*key, "first", k), message))
        if labour.receiving is not None and file.replenishment == "none" and file.transfers is None:
            message = "nothing ever comes in - expected replenishment: rules, or transfers"
            problems.append(source.problem((*key, "receiving"), message))
        if labour.walk_ins is not None and file.walk_ins is None:
            message = "nobody ever walks in - expected a block `walk_ins` in the scenario"
            problems.append(source.problem((*key, "walk_ins"), message))
    return problems
