"""How long a service's parcels really take, when many are late together, and what becomes of lost ones."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.fields import Between, Cents, Model, PositiveNumber, Share, Shares, Text, plain
from sim.scenario.blocks.exceptions import Where
from sim.scenario.blocks.laws import LawOfMinutes
from sim.scenario.blocks.values import MOST_PER_YEAR


class LateBlock(Model):
    """The carrier's right tail: now and then a parcel takes some working days more than published."""

    share: Share
    extra_days: Shares
    """Of the late parcels, the share that is 1, 2, ... working days late."""


class SpreadTransit(Model):
    """``{law: lognormal, mean: 1.1, cv: 0.4}``: so many times the published days of the zone or lane.

    The time is rounded to whole working days, never below one.
    """

    law: Literal["lognormal", "gamma"]
    mean: Annotated[PositiveNumber, Between(plain, 0.1, 10)]
    cv: Annotated[float, Between(plain, 0, 3, above=True)]


class TableTransit(Model):
    """``{law: table, days: [{1: 90 %, 2: 10 %}, ...]}``: for each zone the shares of parcels by working days.

    What takes days of its own on a lane takes as many more or fewer than the table says.
    """

    law: Literal["table"]
    days: tuple[Shares, ...] = Field(min_length=1)


TransitLaw = Annotated[SpreadTransit | TableTransit, Field(discriminator="law")]


class CarrierSpells(Model):
    """Spells of trouble of one service: what is handed over meanwhile is late by a law of the spell.

    ``{per_year: 6, lasts: {law: exponential, mean: 4 days}, late: {share: 50 %, extra_days: {1: 60 %, 3: 40 %}}}``
    """

    origin: Where = Where()
    """The sites whose parcels it hits. Absent: all."""
    to: tuple[Text, ...] | None = Field(default=None, min_length=1)
    """The states to which they go, to shoppers or to sites. Absent: all."""
    per_year: Annotated[float, Between(plain, 0, MOST_PER_YEAR, above=True)]
    """How often one begins, on average, while none lasts."""
    lasts: LawOfMinutes
    late: LateBlock
    """In place of the service's usual law, on top of the published days."""


class LostBlock(Model):
    """What follows when a parcel is lost or its contents are spoilt."""

    noticed_after: LawOfMinutes
    """From the moment of delivery, or when it should have come, until the shopper contacts us."""
    contact: Cents
    """What his contact costs us."""
    then: Literal["refund", "reship"]
    """`reship`: the router decides anew about what was in it."""
    insured: Share = 0.0
    """Of the goods' value at cost, what the carrier or an insurance pays back."""
