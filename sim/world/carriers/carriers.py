"""Carriers that are watched: who takes a parcel and when, what hits it on its way, and what that emits.

Settled at hand-over like all transport: which pick-up has room and takes place, the service that goes, its price of
that day, the days in transit with the trouble they fall into. Only what is lost or spoilt has a sequel.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sim.ledger.fates import Arrival
from sim.scenario.blocks.disruptions import CarrierDown, CarrierSlow, SnowDay
from sim.world.carriers.claims import Claims
from sim.world.carriers.room import Room
from sim.world.carriers.shipment import Trip, not_taken
from sim.world.carriers.transport import DELIVERY_MINUTES, Transport
from sim.world.carriers.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.chance.spells import Spell
    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.carriers.shipment import Shipment
    from sim.world.orders.fulfilment import Fulfilment

NEVER = float("inf")
KG_PER_TONNE = 1000.0
PUBLISHED_KEPT = 4096  # a few services, lanes and time zones, on each of some days


def carriers_matter(scenario: Scenario) -> bool:
    """Return whether anything happens to parcels beyond what is published and a late law."""
    return scenario.file.carriers.watched or any(
        isinstance(block, CarrierSlow | CarrierDown | SnowDay) for block in scenario.file.disruptions
    )


class _Option(NamedTuple):
    """A service that could take a parcel, ordered by how much one likes it."""

    late: bool
    until_if_late: float
    cents: float
    until: float
    service: int
    handed_at: float
    day: int


class Carriers:
    """Sends parcels on their way."""

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        tape: Tape,
        spells: Sequence[Spell],
        fulfilment: Fulfilment,
        ledger: Ledger,
    ) -> None:
        block, network = scenario.file.carriers, scenario.network
        self._blocks = list(block.services.values())
        start = scenario.file.clock.start
        self._peaks = [
            [((peak.first - start).days, (peak.last - start).days, peak.surcharge) for peak in service.peaks]
            for service in self._blocks
        ]
        self._network = network
        self._trouble = Trouble(scenario, tape, spells)
        self._transport = Transport(scenario.file, network, self._trouble.most_days)
        self._published_until = lru_cache(maxsize=PUBLISHED_KEPT)(self._find_published)
        self._room = Room(self._blocks)
        self._at_hand_over = block.choice == "hand_over"
        self._claims = None
        if block.claims is not None:
            self._claims = Claims(env, scenario, tape, block.claims, fulfilment, ledger)
        self._sites = fulfilment.sites
        self._ledger = ledger

    def send(self, shipment: Shipment, ready_at: float) -> Trip:
        """Find a pick-up and a service for what is ready at a moment, book its trip, and settle what becomes of it.

        Raises
        ------
        RoutingError
            If the service that the router chose does not take such a parcel.
        """
        option, waited = self._choose(shipment, ready_at)
        service, handed_at, day = option.service, option.handed_at, option.day
        if handed_at == NEVER:
            return Trip(service, NEVER, NEVER, option.cents)
        self._room.take(service, shipment.site, day)
        due_at, late_days, in_trouble = self._arrives(shipment, service, day, handed_at)
        arrival = Arrival.SOUND if self._claims is None else self._claims.arrival(shipment, service)
        delivered_at = NEVER if arrival is Arrival.LOST else due_at
        packages = self._network.services[service].step(shipment.weight, shipment.volume)[0]
        km, per_tonne_km = shipment.way.km, self._blocks[service].co2_per_tonne_km or 0.0
        number = -1 if shipment.leg >= 0 else shipment.contents[0][0]
        self._ledger.trips.append(
            (
                number, shipment.open_order.order.id, service, handed_at, option.until, delivered_at, late_days,
                in_trouble, waited, packages, arrival, km, shipment.weight,
                per_tonne_km * km * shipment.weight / KG_PER_TONNE, shipment.leg,
            )
        )  # fmt: skip
        missed_at = None
        if self._claims is not None and arrival is not Arrival.SOUND:
            missed_at = self._claims.settle(shipment, arrival, due_at)
        return Trip(service, handed_at, delivered_at, option.cents, missed_at)

    def _choose(self, shipment: Shipment, ready_at: float) -> tuple[_Option, int]:
        """Return who takes a parcel, and for how many days it waits because there was no room."""
        planned = shipment.service
        collected = self._sites[shipment.site].hand_over(ready_at)
        first = self._pick_up(shipment, planned, collected, anyway=True)
        everybody = range(len(self._blocks))
        if self._at_hand_over:
            best = min([self._option(shipment, k, self._pick_up(shipment, k, collected)) for k in everybody])
        else:
            best = self._option(shipment, planned, self._pick_up(shipment, planned, collected))
            if best.handed_at > first[0] and self._room.shared(planned):
                others = [
                    self._option(shipment, k, self._pick_up(shipment, k, collected)) for k in everybody if k != planned
                ]
                others = [option for option in others if option.handed_at <= first[0] and option.cents < NEVER]
                best = min(others, default=best)
        if best.cents == NEVER:
            raise not_taken(shipment, self._network)
        waited = best.day - first[1] if NEVER > best.handed_at > first[0] else 0
        return best, waited

    def _pick_up(
        self, shipment: Shipment, service: int, collected: tuple[float, int] | None, anyway: bool = False
    ) -> tuple[float, int]:
        """Return when and on which day a parcel is picked up: from a pick-up on where there is room, or `anyway`."""
        j = shipment.site
        while collected is not None:
            at = self._trouble.picks_up_from(service, j, shipment.way.state, collected[0])
            if at == collected[0]:
                if anyway or self._room.left(service, j, collected[1]):
                    return collected
                at = math.nextafter(at, NEVER)
            collected = self._sites[j].hand_over(at)
        return NEVER, self._network.days[1]

    def _option(self, shipment: Shipment, service: int, pick_up: tuple[float, int]) -> _Option:
        handed_at, day = pick_up
        way, weight, volume = shipment.way, shipment.weight, shipment.volume
        cents = self._transport.label_cents(service, way.lane, weight, volume)
        until = NEVER
        if handed_at < NEVER:
            cents += self._peak_cents(service, day, weight, volume)
            until = self._published_until(service, day, way.lane, way.time_zone)
        if cents == NEVER:
            until = NEVER
        late = until > shipment.deliver_at + 1e-6
        return _Option(late, until if late else 0.0, cents, until, service, handed_at, day)

    def _find_published(self, service: int, day: int, lane: int, time_zone: str) -> float:
        """Return by when a parcel should arrive that is picked up on a day."""
        transport = self._transport
        arrives_on = transport.day_after(service, day, transport.published_days(service, lane))
        return transport.morning(arrives_on, time_zone) + DELIVERY_MINUTES

    def _peak_cents(self, service: int, day: int, weight: float, volume: float) -> float:
        surcharge = sum([cents for first, last, cents in self._peaks[service] if first <= day <= last])
        published = self._network.services[service]
        return published.step(weight, volume)[0] * surcharge * (1 + published.fuel) if surcharge else 0.0

    def _arrives(self, shipment: Shipment, service: int, day: int, handed_at: float) -> tuple[float, int, bool]:
        """Return when a parcel arrives, the working days it takes more than published, and whether trouble hit it."""
        transport, trouble = self._transport, self._trouble
        lane, zone, state, _ = shipment.way
        lateness, hour = shipment.lateness_and_hour
        published = transport.published_days(service, lane)
        spell = trouble.late_law(service, shipment.site, state, handed_at)
        days = transport.days(service, lane, lateness) if spell is None else published + spell.extra(lateness)
        slow = trouble.days_more(service, shipment.site, state, handed_at)
        days += slow
        arrives_on = transport.day_after(service, day, days)
        at = transport.arrives_at(service, zone, (handed_at, day), days, hour)
        in_trouble = spell is not None or slow > 0
        while trouble.snows(state, at) and arrives_on < self._network.days[1]:
            arrives_on = transport.day_after(service, arrives_on, 1)
            at = transport.morning(arrives_on, zone) + DELIVERY_MINUTES * hour
            days += 1
            in_trouble = True
        return at, days - published, in_trouble
