"""What goes wrong for a time: a feed is dead, a site is closed, a supplier is late, records are counted wrong.

disruptions:
  - {kind: feed_dead, where: {kinds: [store]}, on: 2026-02-03, at: "09:00", lasts: 1 day}
  - {kind: site_closed, where: {states: [CA]}, per_year: 2, lasts: {law: exponential, mean: 12 h}}
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.fields import Between, Day, Model, PositiveCount, Share, Text, TimeOfDay, plain
from sim.scenario.exceptions import Where
from sim.scenario.laws import LawOfMinutes

MOST_PER_YEAR = 1000


class _Disruption(Model):
    """Scheduled by a day and a time on the scenario's clock, or random at a rate of its own for each site."""

    where: Where = Where()
    """The sites it may hit. Absent: all."""
    on: Day | None = None
    at: TimeOfDay | None = None
    per_year: Annotated[float, Between(plain, 0, MOST_PER_YEAR, above=True)] | None = None
    """How often it begins at each site, on average."""

    @model_validator(mode="after")
    def _when(self) -> _Disruption:
        if (self.on is None) == (self.per_year is None):
            raise ValueError("expected either the day it begins, `on`, or how often it does, `per_year`")
        if self.at is not None and self.on is None:
            raise ValueError("a time of day, `at`, is of a day - expected `on` beside it")
        return self


class FeedDead(_Disruption):
    """Sites whose systems say nothing of their stock; what is under way arrives."""

    kind: Literal["feed_dead"]
    lasts: LawOfMinutes
    system: Text = ""
    """Which of the systems of these sites. Absent: all that speak for them."""
    tells: Literal["full", "delta", "nothing"] = "full"
    """At recovery: all counts, those that have changed meanwhile, or none: these are told when they change again."""


class SiteClosed(_Disruption):
    """Sites where nobody picks, packs, collects or shops."""

    kind: Literal["site_closed"]
    lasts: LawOfMinutes
    announced: bool = True
    """Whether the router is told at once, and until when."""


class SupplierLate(_Disruption):
    """What is ordered meanwhile comes so many times as late."""

    kind: Literal["supplier_late"]
    lasts: LawOfMinutes
    factor: Annotated[float, Between(plain, 1, 100, above=True)]


class Miscount(_Disruption):
    """At one moment, the records of some products are changed, each up or down, never below zero."""

    kind: Literal["miscount"]
    share: Share
    """Of the products at a site."""
    units: PositiveCount


class LabourShort(_Disruption):
    """A share of the people of each shift stays away, unpaid; rounded to people, halves up."""

    kind: Literal["labour_short"]
    lasts: LawOfMinutes
    share: Share


AnyDisruption = FeedDead | SiteClosed | SupplierLate | Miscount | LabourShort
Disruption = Annotated[AnyDisruption, Field(discriminator="kind")]
