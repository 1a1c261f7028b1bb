"""The carriers: zones by distance, lanes of their own, and services with their prices, days, luck and limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim import units
from sim.fields import Between, Cents, Day, Kilometres, Model, Name, Number, PositiveCount, Share, Text, plain, written
from sim.fields import whole as whole_number
from sim.network.calendar import Weekday
from sim.network.carrier import TIMINGS
from sim.scenario.blocks.carrier_luck import CarrierSpells, LateBlock, LostBlock, TableTransit, TransitLaw
from sim.scenario.blocks.laws import LawOfMinutes
from sim.scenario.blocks.values import ZoneEdges

Mass = Annotated[float, Between(units.kilograms, "0 kg", "100000 kg", above=True), written("20 kg")]
Volume = Annotated[float, Between(units.cubic_centimetres, "0 l", "100000 l", above=True), written("40 l")]


class CapacityBlock(Model):
    """How many parcels a service takes a day; what is more waits, in the order in which parcels are picked."""

    per_site: PositiveCount | None = None
    """At each site."""
    in_all: PositiveCount | None = None
    """Of all sites together."""
    beyond: Literal["next_pick_up", "next_service"] = "next_pick_up"
    """`next_pick_up`: the next one that has room. `next_service`: another service, if one has room at the site's next
    pick-up: the cheapest that keeps the promise, or else the fastest. Where services are chosen at hand-over all that
    have room are looked at anyway."""

    @model_validator(mode="after")
    def _some_limit(self) -> CapacityBlock:
        if self.per_site is None and self.in_all is None:
            raise ValueError("no limit - expected parcels a day, per_site or in_all")
        return self


class PeakBlock(Model):
    """A surcharge of some weeks. The router is not told: by its tariff a parcel costs the same all year."""

    first: Day
    last: Day
    surcharge: Cents
    """Per package handed over in these days, before fuel."""

    @model_validator(mode="after")
    def _in_order(self) -> PeakBlock:
        if self.last < self.first:
            raise ValueError(f"last ({self.last}) lies before first ({self.first}) - expected first first")
        return self


class PackageBlock(Model):
    """The largest package: what is more goes as several, each billed by its share of the weight and volume."""

    max_weight: Mass | None = None
    max_volume: Volume | None = None

    @model_validator(mode="after")
    def _some_limit(self) -> PackageBlock:
        if self.max_weight is None and self.max_volume is None:
            raise ValueError("no limit - expected max_weight or max_volume")
        return self


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
    business_days: tuple[Annotated[int, Between(whole_number, 0, TIMINGS - 1)], ...]
    """Published transit by zone; 0 is delivered on the day of the pick-up, see `hours`."""
    works: tuple[Weekday, ...] = Field(min_length=1)
    closed_on: tuple[Day, ...] = ()
    late: LateBlock | None = None
    transit: TransitLaw | None = None
    """A law of the days in transit, instead of `late`."""
    spells: tuple[CarrierSpells, ...] = ()
    """Spells of trouble: while one lasts, many are late together."""
    lost: Share = 0.0
    """Probability that a parcel never arrives; what follows says the carriers' block `claims`."""
    damaged: Share = 0.0
    """Probability that it arrives and what is in it is spoilt."""
    capacity: CapacityBlock | None = None
    peaks: tuple[PeakBlock, ...] = ()
    area_surcharges: dict[Name, Cents] = Field(default_factory=dict)
    """By delivery area, per package and before fuel; see the carriers' key `areas`."""
    package: PackageBlock | None = None
    reach: Kilometres | None = None
    """Farthest delivery, such as a courier's. Absent: anywhere."""
    hours: LawOfMinutes | None = None
    """From pick-up to delivery where `business_days` is 0."""
    co2_per_tonne_km: Mass | None = None
    """Emitted for each tonne carried a kilometre of great-circle distance."""

    @model_validator(mode="after")
    def _late_somehow(self) -> ServiceBlock:
        if (self.late is None) == (self.transit is None):
            raise ValueError("expected either `late` or `transit`, which say how long a parcel really takes")
        if (0 in self.business_days) != (self.hours is not None):
            raise ValueError("expected `hours` where, and only where, business_days has a 0")
        return self


class CarriersBlock(Model):
    """Zones by distance, and the services."""

    zone_edges: ZoneEdges
    """Upper edge of every zone but the last."""
    services: dict[Name, ServiceBlock] = Field(min_length=1)
    lanes: Text | None = None
    """Table of what is different from zones by distance: `origin` and `destination` (a site or place, its state, or
    empty for all), `service` (empty for all), and any of `zone`, `days`, `price_factor`, `surcharge_usd`, `served`
    (true or false). Of several rows that meet a lane, each changes what the one before has left."""
    areas: Name | None = None
    """The attribute of places that names their delivery area."""
    choice: Literal["routing", "hand_over"] = "routing"
    """Who chooses the service: the router, or the dock at hand-over, where it takes the cheapest that still keeps the
    promise (or else the fastest)."""
    claims: LostBlock | None = None

    @model_validator(mode="after")
    def _fitting(self) -> CarriersBlock:
        services = self.services.values()
        if any(s.lost or s.damaged for s in services) != (self.claims is not None):
            raise ValueError("expected `claims` where, and only where, a service loses or damages parcels")
        if any(s.area_surcharges for s in services) != (self.areas is not None):
            raise ValueError("expected `areas` where, and only where, a service has area_surcharges")
        zones = len(self.zone_edges) + 1
        for name, service in self.services.items():
            if isinstance(service.transit, TableTransit) and len(service.transit.days) != zones:
                found = f"services.{name}.transit.days: {len(service.transit.days)} entries"
                raise ValueError(f"{found} - expected {zones}, one per zone")
        if self.choice == "hand_over" and len(self.services) == 1:
            raise ValueError("choice: hand_over with one service makes no difference - expected several")
        if any(s.capacity and s.capacity.beyond == "next_service" for s in services):
            if len(self.services) == 1:
                raise ValueError("beyond: next_service with one service - expected several, or next_pick_up")
            if self.choice == "hand_over":
                raise ValueError(
                    "beyond: next_service with choice: hand_over makes no difference, the dock looks at every service "
                    "that has room - expected one of the two"
                )
        return self

    @property
    def watched(self) -> bool:
        """Whether anything happens to parcels beyond what is published and a late law."""
        return self.choice == "hand_over" or any(
            s.spells or s.lost or s.damaged or s.capacity or s.peaks or s.hours or s.co2_per_tonne_km
            for s in self.services.values()
        )
