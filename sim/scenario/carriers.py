"""The block `carriers:` of a scenario: zones by distance, and services with their rates and days."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from sim.fields import Between, Cents, Day, Model, Name, Number, PositiveCount, Share, Shares, Text, plain, whole
from sim.network.calendar import Weekday
from sim.network.carrier import TIMINGS
from sim.scenario.laws import LawOfMinutes
from sim.scenario.values import ZoneEdges


class LateBlock(Model):
    """The carrier's right tail: now and then a parcel takes some working days more than published."""

    share: Share
    extra_days: Shares
    """Of the late parcels, the share that is 1, 2, ... working days late."""


class ServiceBlock(Model):
    """One service of a carrier."""

    rates: Text
    """Table with `max_lb` and a column `zone_1` ... per zone, USD."""
    discount: Share
    minimum: Cents = 0.0
    """Least price of a package after the discount, before surcharge and fuel."""
    surcharge: Cents
    fuel: Share
    dim_divisor: Annotated[float, Between(plain, 1, 1_000_000)]
    """Cubic inches billed as one lb."""
    dim_from_cubic_inch: Number
    """Volume from which dimensional weight applies."""
    business_days: tuple[Annotated[int, Between(whole, 0, TIMINGS - 1)], ...]
    """Published transit by zone; 0 is the same day, some `hours` after the hand-over."""
    hours: LawOfMinutes | None = None
    """From hand-over to delivery, of a courier who delivers the same day."""
    to_zone: PositiveCount | None = None
    """The last zone it goes to; absent: all. With a narrow first zone it is a courier's radius."""
    works: tuple[Weekday, ...] = Field(min_length=1)
    closed_on: tuple[Day, ...] = ()
    late: LateBlock

    @model_validator(mode="after")
    def _same_day_takes_hours(self) -> ServiceBlock:
        if (0 in self.business_days) != (self.hours is not None):
            raise ValueError("business_days of 0 and hours - expected both, or neither")
        return self


class CarriersBlock(Model):
    """Zones by distance, and the services."""

    zone_edges: ZoneEdges
    """Upper edge of every zone but the last."""
    services: dict[Name, ServiceBlock] = Field(min_length=1)
