"""Carriers: services with published rates and days, and the tariff that prices a parcel over all of them."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.network.site import TOLD_IF_ANY
from sim.units import CUBIC_CM_PER_CUBIC_INCH, KG_PER_LB

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.calendar import Hours


# More working days than any published transit: the stride of `Rates.timing`.
TIMINGS = 32


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service of one carrier, as published.

    Parameters
    ----------
    max_lb
        Upper billed weight of each rate step, lb, ascending.
    list_cents
        Published price by step and zone, cents, shape (steps, zones); column 0 is zone 1.
    discount
        Negotiated share off the published price.
    surcharge_cents
        Paid per package, before fuel.
    fuel
        Fuel surcharge as a share of price and surcharge.
    dim_divisor
        Cubic inches that count as one lb (dimensional weight).
    dim_from_cubic_inch
        Volume from which dimensional weight applies.
    business_days
        Published transit, working days by zone; entry 0 is zone 1. No days: it is delivered on the day it is collected.
    works
        The days on which the carrier moves and delivers.
    in_packages
        Whether what is heavier than the last step goes as several packages; if not, the service does not take it.
    minimum_cents
        Least price of a package after the discount, before surcharge and fuel.
    zone_surcharge_cents
        Paid per package on top of `surcharge_cents`, by zone, before fuel; empty where there is none.
    not_to
        Zones that the service does not serve.
    package_kg, package_cm3
        The heaviest and the largest package: what is more goes as several; 0 means no limit.
    """

    id: str
    max_lb: tuple[float, ...]
    list_cents: NDArray[np.float64]
    discount: float
    surcharge_cents: float
    fuel: float
    dim_divisor: float
    dim_from_cubic_inch: float
    business_days: tuple[int, ...]
    works: Hours
    in_packages: bool
    minimum_cents: float = field(default=0.0, metadata=TOLD_IF_ANY)
    zone_surcharge_cents: tuple[float, ...] = field(default=(), metadata=TOLD_IF_ANY)
    not_to: tuple[int, ...] = field(default=(), metadata=TOLD_IF_ANY)
    package_kg: float = field(default=0.0, metadata=TOLD_IF_ANY)
    package_cm3: float = field(default=0.0, metadata=TOLD_IF_ANY)
    _cache: dict[tuple[int, int], NDArray[np.float64]] = field(default_factory=dict, repr=False)

    def step(self, weight_kg: float, volume_cm3: float) -> tuple[int, int]:
        """Return how many packages a parcel is billed as (more than one above the heaviest step), and the rate step."""
        billed = weight_kg / KG_PER_LB
        cubic_inch = volume_cm3 / CUBIC_CM_PER_CUBIC_INCH
        if cubic_inch >= self.dim_from_cubic_inch:
            billed = max(billed, cubic_inch / self.dim_divisor)
        packages = max(1, math.ceil(billed / self.max_lb[-1]))
        if self.package_kg:
            packages = max(packages, math.ceil(weight_kg / self.package_kg))
        if self.package_cm3:
            packages = max(packages, math.ceil(volume_cm3 / self.package_cm3))
        return packages, bisect_left(self.max_lb, billed / packages)

    def cents(self, step: tuple[int, int]) -> NDArray[np.float64]:
        """Return the price by zone of a parcel billed at `step`; entry 0 means "no lane" and is infinite."""
        found = self._cache.get(step)
        if found is None:
            packages, row = step
            net = np.maximum(self.list_cents[row] * (1 - self.discount), self.minimum_cents)
            if self.zone_surcharge_cents:
                net = net + np.array(self.zone_surcharge_cents)
            price = packages * (net + self.surcharge_cents) * (1 + self.fuel)
            if packages > 1 and not self.in_packages:
                price = np.full_like(price, np.inf)
            for zone in self.not_to:
                price[zone - 1] = np.inf
            found = np.concatenate(([np.inf], price))
            self._cache[step] = found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """What a parcel of one weight and size costs and how long it takes, by zone; entry 0 means "no lane".

    Parameters
    ----------
    cents
        Price after discount, surcharge and fuel; infinite where there is no lane.
    timing
        Its row in a table of arrivals by service and published transit: ``service * TIMINGS + days``.
    by_zone
        Price, service and published transit in working days as Python numbers, for one zone at a time.
    least_from
        The least price in each zone or any beyond it: no table has to be dearer the farther a parcel goes.
    """

    cents: NDArray[np.float64]
    timing: NDArray[np.int64]
    by_zone: list[tuple[float, int, int]]
    least_from: list[float]


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices a parcel: for each zone the best of all services.

    Parameters
    ----------
    services
        At least one; all with the same number of zones.
    day_value_cents
        What a working day in transit is worth when two services are compared; 0 picks the cheapest.
    """

    services: tuple[Service, ...]
    day_value_cents: float = 0.0
    _cache: dict[tuple[tuple[int, int], ...], Rates] = field(default_factory=dict, repr=False)

    def rates(self, weight_kg: float, volume_cm3: float) -> Rates:
        """Return the price by zone of a parcel of that weight and outer volume."""
        steps = tuple([service.step(weight_kg, volume_cm3) for service in self.services])
        found = self._cache.get(steps)
        if found is None:
            cents = np.stack([service.cents(step) for service, step in zip(self.services, steps, strict=True)])
            days = np.array([(0, *service.business_days) for service in self.services])
            best = (cents + self.day_value_cents * days).argmin(axis=0)
            zone = np.arange(len(best))
            price, transit = cents[best, zone], days[best, zone]
            by_zone = list(zip(price.tolist(), best.tolist(), transit.tolist(), strict=True))
            least_from = np.minimum.accumulate(price[::-1])[::-1].tolist()
            found = self._cache[steps] = Rates(price, best * TIMINGS + transit, by_zone, least_from)
        return found
