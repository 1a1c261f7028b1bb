"""The carrier: what a parcel really costs and when it really arrives. Both are settled at hand-over."""

from __future__ import annotations

from bisect import bisect_left
from datetime import time
from itertools import accumulate
from typing import TYPE_CHECKING

from sim.network.calendar import BusinessDays

if TYPE_CHECKING:
    from sim.laws import Law
    from sim.network.network import Network
    from sim.scenario.schema import ScenarioFile

# Parcels arrive between 9:00 and 20:00 where the shopper lives.
FIRST_DELIVERY = time(9)
DELIVERY_MINUTES = 660.0


class Transport:
    """Carries parcels by the published services, now and then some working days late."""

    def __init__(self, file: ScenarioFile, network: Network) -> None:
        self._network = network
        self._prices: dict[tuple[int, float, float], list[float]] = {}
        first, last = network.days
        blocks = list(file.carriers.services.values())
        most = [max(b.business_days) + max(b.late.extra_days) for b in blocks]
        self._business = [
            BusinessDays(service.works, network.clock, first, last, days)
            for service, days in zip(network.services, most, strict=True)
        ]
        self._late = [
            (
                b.late.share,
                list(accumulate(b.late.extra_days[k] for k in sorted(b.late.extra_days))),
                sorted(b.late.extra_days),
            )
            for b in blocks
        ]
        self._hours = [None if b.hours is None else b.hours.build() for b in blocks]
        self._mornings: dict[tuple[int, str], float] = {}

    def label_cents(self, service: int, lane: int, weight_kg: float, volume_cm3: float) -> float:
        """Return what the carrier charges for one parcel."""
        key = service, weight_kg, volume_cm3
        by_zone = self._prices.get(key)
        if by_zone is None:
            chosen = self._network.services[service]
            by_zone = self._prices[key] = chosen.cents(chosen.step(weight_kg, volume_cm3)).tolist()
        return by_zone[lane]

    def delivered_at(
        self, service: int, lane: int, zone: str, collected: tuple[float, int], lateness: float, hour: float
    ) -> float:
        """Return when a parcel arrives, given its luck.

        Parameters
        ----------
        lane, zone
            The carrier's zone, and the time zone where it arrives.
        collected
            The moment and the day of its hand-over.
        """
        handed_at, pick_up_day = collected
        days = self._network.services[service].business_days[lane - 1]
        share, cumulative, extra = self._late[service]
        if lateness < share:
            k = min(bisect_left(cumulative, lateness / share), len(extra) - 1)
            days += extra[k]
        if days == 0:
            return handed_at + self._law(service).quantile(hour)
        day = self._business[service].after(pick_up_day, days)
        morning = self._mornings.get((day, zone))
        if morning is None:
            morning = self._mornings[day, zone] = self._network.clock.minute(day, FIRST_DELIVERY, zone)
        return morning + DELIVERY_MINUTES * hour

    def _law(self, service: int) -> Law:
        law = self._hours[service]
        assert law is not None, "who delivers the same day takes hours"
        return law
