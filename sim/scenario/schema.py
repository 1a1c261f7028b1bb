"""The scenario file, block by block. What a key means stands in its docstring; `fulfillsim check` enforces it."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.fields import (
    Cents,
    Kilometres,
    Minutes,
    Model,
    Number,
    PositiveCount,
    PositiveMinutes,
    PositiveNumber,
    Raw,
    Share,
    Text,
    TimeOfDay,
    written,
)
from sim.network.calendar import WEEKDAYS, Weekday
from sim.network.site import SiteKind
from sim.scenario.laws import LawOfMinutes


def _span_of_day(value: Any) -> Any:
    """Read ``"09:00-21:00"`` or ``"closed"``."""
    if value == "closed":
        return None
    match = re.fullmatch(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} - expected opening hours such as '09:00-21:00', or closed")
    h1, m1, h2, m2 = map(int, match.groups())
    if h1 > 23 or h2 > 24 or m1 > 59 or m2 > 59 or (h2 == 24 and m2) or (h1, m1) >= (h2, m2):
        raise ValueError(f"{value!r} - expected opening hours within one day, the later time second")
    return time(h1, m1), time.max if h2 == 24 else time(h2, m2)


Span = Annotated[tuple[time, time] | None, BeforeValidator(_span_of_day), written("09:00-21:00")]


def _days(value: Any) -> Any:
    """Read whole days such as ``"28 days"``."""
    from sim.units import MINUTES_PER_DAY, minutes

    days = minutes(value) / MINUTES_PER_DAY
    if days != int(days):
        raise ValueError(f"{value!r} - expected whole days, such as '28 days'")
    return int(days)


Days = Annotated[int, BeforeValidator(_days), Field(ge=0), written("28 days")]
PositiveDays = Annotated[int, BeforeValidator(_days), Field(ge=1), written("28 days")]


def _sums_to_one(shares: dict[int, float]) -> dict[int, float]:
    if not shares or abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares add up to {sum(shares.values()):g} - expected 1")
    return shares


def _whole_keys(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} - expected a share for each number, such as {{1: 80 %, 2: 20 %}}")
    if not all(str(key).isdigit() and int(key) > 0 for key in value):
        raise ValueError(f"{value!r} - expected whole numbers from 1 as keys")
    return {int(key): share for key, share in value.items()}


Shares = Annotated[dict[int, Share], BeforeValidator(_whole_keys)]


class ClockBlock(Model):
    """When the scenario starts and what is measured."""

    start: date
    time_zone: Text
    warm_up: Days
    measure: PositiveDays
    drain_limit: PositiveDays
    """How long after the measured days their orders are followed at most."""


class NetworkBlock(Model):
    """The tables of the network, paths within the scenario's folder."""

    sites: Text
    places: Text
    products: Text
    packing_factor: PositiveNumber
    """Outer volume of a parcel over that of the goods in it."""


class LateBlock(Model):
    """The carrier's right tail: now and then a parcel takes some working days more than published."""

    share: Share
    extra_days: Shares
    """Of the late parcels, the share that is 1, 2, ... working days late."""

    @model_validator(mode="after")
    def _complete(self) -> LateBlock:
        _sums_to_one(self.extra_days)
        return self


class ServiceBlock(Model):
    """One service of a carrier."""

    rates: Text
    """Table with `max_lb` and a column `zone_1` ... per zone, USD."""
    discount: Share
    surcharge: Cents
    fuel: Share
    dim_divisor: PositiveNumber
    """Cubic inches billed as one lb."""
    dim_from_cubic_inch: Number
    """Volume from which dimensional weight applies."""
    business_days: tuple[PositiveCount, ...]
    """Published transit by zone."""
    works: tuple[Weekday, ...] = Field(min_length=1)
    closed_on: tuple[date, ...] = ()
    late: LateBlock


class CarriersBlock(Model):
    """Zones by distance, and the services."""

    zone_edges: tuple[Kilometres, ...] = Field(min_length=1)
    """Upper edge of every zone but the last."""
    services: dict[str, ServiceBlock] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> CarriersBlock:
        if list(self.zone_edges) != sorted(set(self.zone_edges)):
            raise ValueError("zone_edges must ascend")
        return self


class HandlingBlock(Model):
    """What it costs to get a parcel ready."""

    pick_per_line: Cents
    pick_per_unit: Cents
    pack_per_parcel: Cents
    packaging_per_parcel: Cents
    fee_per_parcel: Cents
    fee_per_unit: Cents


class EventFeed(Model):
    """Every change is sent at once and arrives after `latency`."""

    kind: Literal["event"]
    latency: Minutes


class PollFeed(Model):
    """All changes since the last time are read every so often and arrive after `latency`."""

    kind: Literal["poll"]
    every: PositiveMinutes
    latency: Minutes = 0.0


class BatchFeed(Model):
    """All changes are read once a day at a local time and arrive after `latency`."""

    kind: Literal["batch"]
    at: TimeOfDay
    latency: Minutes = 0.0


Feed = Annotated[EventFeed | PollFeed | BatchFeed, Field(discriminator="kind")]


class StockBlock(Model):
    """How much a site keeps of each product: a reorder point and an order quantity, from its expected demand d a day.

    reorder point = days_of_cover * d + safety_factor * sqrt(days_of_cover * d), rounded;
    order quantity = order_days * d, at least one unit. A product is carried where days_of_cover * d >= carried_from.
    """

    online_share: Share
    """Share of online demand this kind of site is stocked for, split by the people nearest to each site."""
    days_of_cover: PositiveNumber
    safety_factor: Number
    order_days: PositiveNumber
    carried_from: Number
    review_every: PositiveDays
    supply_lead: LawOfMinutes
    """From order to receipt, in whole days."""
    supplied_by: Literal["vendors", "trucks"] = "trucks"
    """Whose luck the lead time is. `vendors`: each product has its own supplier, as late to one site as to another
    on the same day. `trucks`: all a site orders on a day comes together."""


class SiteKindBlock(Model):
    """Everything a kind of site has in common."""

    hours: dict[Weekday, Span]
    """When online orders are worked on; a day not named is closed."""
    pick_up: TimeOfDay
    pick_up_days: tuple[Weekday, ...] = Field(min_length=1)
    lead: Minutes
    """Working time the site asks for between order and ready parcel: what promises rest on."""
    reach: Kilometres | None = None
    handling: HandlingBlock
    pickers: PositiveCount
    pick_time: LawOfMinutes
    """Per line."""
    pack_time: LawOfMinutes
    """Per parcel, after the pick."""
    message_delay: Minutes
    """Between the order system and the site, each way."""
    feed: Feed
    stock: StockBlock


class DemandBlock(Model):
    """Shoppers of the web shop."""

    shoppers_per_day: PositiveNumber
    day_cv: Number
    """Coefficient of variation of the daily level: over-dispersion beyond Poisson."""
    weekday: dict[Weekday, PositiveNumber]
    hours: tuple[Number, ...] = Field(min_length=24, max_length=24)
    """Relative level by local hour."""
    lines_per_order: Shares
    units_per_line: Shares

    @model_validator(mode="after")
    def _complete(self) -> DemandBlock:
        _sums_to_one(self.lines_per_order)
        _sums_to_one(self.units_per_line)
        if set(self.weekday) != set(WEEKDAYS):
            raise ValueError(
                f"weekday has {', '.join(self.weekday) or 'no days'} - expected all of {', '.join(WEEKDAYS)}"
            )
        if not any(self.hours):
            raise ValueError("hours are all zero")
        return self


class WalkInsBlock(Model):
    """Customers who take goods off a store's shelf."""

    units_per_store_day: Number
    """At a site whose `walk_in_size` is 1."""
    day_cv: Number
    weekday: dict[Weekday, PositiveNumber]
    hours: tuple[Number, ...] = Field(min_length=24, max_length=24)
    """Relative level by local hour; outside a store's hours nobody comes."""

    @model_validator(mode="after")
    def _complete(self) -> WalkInsBlock:
        if set(self.weekday) != set(WEEKDAYS):
            raise ValueError(
                f"weekday has {', '.join(self.weekday) or 'no days'} - expected all of {', '.join(WEEKDAYS)}"
            )
        if not any(self.hours):
            raise ValueError("hours are all zero")
        return self


class StorefrontBlock(Model):
    """What shoppers are shown."""

    published_every: PositiveMinutes
    """How often available units are read from the router and shown."""
    share_who_wait: Share
    """Shoppers who order all the same when too little is shown; the others leave."""


class FulfilmentBlock(Model):
    """The life of an order."""

    max_attempts: PositiveCount
    """Times an order may come back to the router after refusals before the rest is cancelled."""


class SnapshotBlock(Model):
    """When view and shelf are compared, each day."""

    at: TimeOfDay


class ScenarioFile(Model):
    """A scenario."""

    title: Text
    question: Text = ""
    clock: ClockBlock
    network: NetworkBlock
    carriers: CarriersBlock
    site_kinds: dict[SiteKind, SiteKindBlock] = Field(min_length=1)
    demand: DemandBlock
    walk_ins: WalkInsBlock | None = None
    storefront: StorefrontBlock
    fulfilment: FulfilmentBlock
    snapshot: SnapshotBlock
    opening_stock: Text | None = None
    """Table of the units on hand at the start, `sku`, `site`, `on_hand`: what it does not name is not there, and
    nothing is on its way. Absent: drawn as if replenishment had been going on for long."""
    replenishment: Literal["rules", "none"] = "rules"
    """`rules`: every site orders by its kind's block `stock:`. `none`: nothing ever comes in."""
    routing: Raw
    """Read by the routing engine's own schema."""
