"""What goes wrong for a time: a feed is dead, a site closed, a supplier late, records counted wrong, a carrier down.

disruptions:
  - {kind: feed_dead, where: {kinds: [store]}, on: 2026-02-03, at: "09:00", lasts: 1 day}
  - {kind: site_closed, where: {states: [CA]}, per_year: 2, lasts: {law: exponential, mean: 12 h}}
  - {kind: snow_day, states: [MA, NY], per_year: 4, lasts: 1 day}
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.fields import Between, Day, Model, Name, PositiveCount, Share, Text, TimeOfDay, plain, whole
from sim.scenario.blocks.exceptions import Where
from sim.scenario.blocks.laws import LawOfMinutes
from sim.scenario.blocks.values import MOST_PER_YEAR


class _Timed(Model):
    """Scheduled by a day and a time on the scenario's clock, or random at a rate."""

    on: Day | None = None
    at: TimeOfDay | None = None
    per_year: Annotated[float, Between(plain, 0, MOST_PER_YEAR, above=True)] | None = None
    """How often it begins, on average: at each site, in each state, or with the carrier."""

    @model_validator(mode="after")
    def _when(self) -> _Timed:
        if (self.on is None) == (self.per_year is None):
            raise ValueError("expected either the day it begins, `on`, or how often it does, `per_year`")
        if self.at is not None and self.on is None:
            raise ValueError("a time of day, `at`, is of a day - expected `on` beside it")
        return self


class _Disruption(_Timed):
    """At each site by a luck of its own."""

    where: Where = Where()
    """The sites it may hit. Absent: all."""


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


class _OfCarriers(_Timed):
    """Hits all it names at once."""

    lasts: LawOfMinutes
    services: tuple[Name, ...] | None = Field(default=None, min_length=1)
    """Absent: all."""
    where: Where = Where()
    """The sites whose parcels it hits. Absent: all."""
    to: tuple[Text, ...] | None = Field(default=None, min_length=1)
    """The states to which they go. Absent: all."""


class CarrierSlow(_OfCarriers):
    """What is handed over meanwhile takes some working days more."""

    kind: Literal["carrier_slow"]
    days: Annotated[int, Between(whole, 1, 30)]


class CarrierDown(_OfCarriers):
    """A carrier takes no parcels: they wait for the first pick-up afterwards."""

    kind: Literal["carrier_down"]


class SnowDay(_Timed):
    """In some states, each by a luck of its own, no carrier picks up or delivers."""

    kind: Literal["snow_day"]
    lasts: LawOfMinutes
    states: tuple[Text, ...] = Field(min_length=1)


SiteDisruption = FeedDead | SiteClosed | SupplierLate | Miscount | LabourShort
AnyDisruption = SiteDisruption | CarrierSlow | CarrierDown | SnowDay
Disruption = Annotated[AnyDisruption, Field(discriminator="kind")]
