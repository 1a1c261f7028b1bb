"""The carrier: what a parcel really costs and when it really arrives. Both are settled at hand-over."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from sim.laws import LEAST_LUCK
from sim.network.calendar import BusinessDays
from sim.world.carriers.transit import Transit

if TYPE_CHECKING:
    from sim.network.network import Network
    from sim.scenario.schema import ScenarioFile

# Parcels arrive between 9:00 and 20:00 where the shopper lives.
FIRST_DELIVERY = time(9)
DELIVERY_MINUTES = 660.0


class Transport:
    """Carries parcels by the published services, now and then some working days late.

    Parameters
    ----------
    margin
        Working days that a parcel may take beyond what the services' own laws say.
    """

    def __init__(self, file: ScenarioFile, network: Network, margin: int = 0) -> None:
        self._network = network
        self._prices: dict[tuple[int, float, float], list[float]] = {}
        first, last = network.days
        usual = len(network.zone_edges_km) + 1
        blocks = file.carriers.services.values()
        self._transits = [
            Transit(block, service.business_days, network.lanes, usual)
            for block, service in zip(blocks, network.services, strict=True)
        ]
        self._business = [
            BusinessDays(service.works, network.clock, first, last, transit.most + margin)
            for service, transit in zip(network.services, self._transits, strict=True)
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
        days = self._transits[service].days(lane, lateness)
        return self.arrives_at(service, zone, collected, days, hour)

    def arrives_at(self, service: int, zone: str, collected: tuple[float, int], days: int, hour: float) -> float:
        """Return when a parcel that takes so many working days arrives; none: some hours after it was collected."""
        if days == 0:
            law = self._hours[service]
            assert law is not None, "who delivers the same day takes hours"
            return collected[0] + law.quantile(max(hour, LEAST_LUCK))
        return self.morning(self.day_after(service, collected[1], days), zone) + DELIVERY_MINUTES * hour

    def days(self, service: int, lane: int, lateness: float) -> int:
        """Return how many working days a parcel takes, given its luck."""
        return self._transits[service].days(lane, lateness)

    def published_days(self, service: int, lane: int) -> int:
        """Return how many working days it should take."""
        return self._network.services[service].business_days[lane - 1]

    def day_after(self, service: int, day: int, count: int) -> int:
        """Return the day so many of the carrier's working days after another."""
        return self._business[service].after(day, count)

    def morning(self, day: int, zone: str) -> float:
        """Return the minute from which parcels are delivered in a time zone on a day."""
        morning = self._mornings.get((day, zone))
        if morning is None:
            morning = self._mornings[day, zone] = self._network.clock.minute(day, FIRST_DELIVERY, zone)
        return morning
