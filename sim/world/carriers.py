"""Carriers that are watched: who takes a parcel and when, what hits it on its way, and what that emits.

Settled at hand-over like all transport: which pick-up has room and takes place, the service that goes, its price of
that day, the days in transit with the trouble they fall into. Only what is lost or spoilt has a sequel.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.chance.tape import LUCK_PER_PARCEL
from sim.errors import RoutingError
from sim.ledger.fates import Arrival
from sim.scenario.disruptions import CarrierDown, CarrierSlow, SnowDay
from sim.world.carrier_room import Room
from sim.world.carrier_trouble import Trouble
from sim.world.claims import Claims
from sim.world.transport import DELIVERY_MINUTES, Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.chance.spells import Spell
    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.fulfilment import Fulfilment
    from sim.world.queues import Job
    from sim.world.shelf_picks import Picked

NEVER = float("inf")
KG_PER_TONNE = 1000.0


def carriers_matter(scenario: Scenario) -> bool:
    """Return whether anything happens to parcels beyond what is published and a late law."""
    return scenario.file.carriers.watched or any(
        isinstance(block, CarrierSlow | CarrierDown | SnowDay) for block in scenario.file.disruptions
    )


class Trip(NamedTuple):
    """How a parcel travels: infinite times where no pick-up comes any more.

    Parameters
    ----------
    sound
        Whether it is neither lost nor spoilt on its way.
    """

    service: int
    handed_at: float
    delivered_at: float
    label_cents: float
    sound: bool


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
        self._network = network
        self._lane = network.zone_lists
        self._time_zone = [place.time_zone for place in network.places]
        self._km: list[list[float]] = network.distance_km.tolist()
        self._trouble = Trouble(scenario, tape, spells)
        self._transport = Transport(scenario.file, network, self._trouble.most_days)
        self._room = Room(self._blocks)
        self._at_hand_over = block.choice == "hand_over"
        self._claims = None
        if block.claims is not None:
            self._claims = Claims(env, scenario, tape, block.claims, fulfilment, ledger)
        self._sites = fulfilment.sites
        self._ledger = ledger

    def send(
        self,
        job: Job,
        number: int,
        ready_at: float,
        picked: Picked,
    ) -> Trip:
        """Find a pick-up and a service for a packed parcel, book its trip, and settle what becomes of it.

        Raises
        ------
        RoutingError
            If the service that the router chose does not take such a parcel.
        """
        weight, volume = picked.weight, picked.volume
        option, waited = self._choose(job, ready_at, weight, volume)
        j, place, order = job.parcel.site, job.open_order.order.place, job.open_order.order.id
        service, handed_at, day = option.service, option.handed_at, option.day
        if handed_at == NEVER:
            return Trip(service, NEVER, NEVER, option.cents, True)
        self._room.take(service, j, day)
        _, _, lateness, hour = job.open_order.luck[job.luck : job.luck + LUCK_PER_PARCEL]
        due_at, late_days, in_trouble = self._arrives(service, j, place, day, handed_at, lateness, hour)
        arrival = Arrival.SOUND if self._claims is None else self._claims.arrival(job, service)
        delivered_at = NEVER if arrival is Arrival.LOST else due_at
        packages = self._network.services[service].step(weight, volume)[0]
        km, per_tonne_km = self._km[place][j], self._blocks[service].co2_per_tonne_km or 0.0
        self._ledger.trips.append(
            (
                number, order, service, handed_at, option.until, delivered_at, late_days, in_trouble, waited, packages,
                arrival, km, weight, per_tonne_km * km * weight / KG_PER_TONNE,
            )
        )  # fmt: skip
        if self._claims is not None and arrival is not Arrival.SOUND:
            self._claims.settle(job, number, arrival, due_at, picked.taken_of(job.parcel.lines))
        return Trip(service, handed_at, delivered_at, option.cents, arrival is Arrival.SOUND)

    def _choose(self, job: Job, ready_at: float, weight: float, volume: float) -> tuple[_Option, int]:
        """Return who takes a parcel, and for how many days it waits because there was no room."""
        planned, j, place = job.parcel.service, job.parcel.site, job.open_order.order.place
        goods = job, j, place, weight, volume
        first = self._pick_up(planned, j, place, ready_at, anyway=True)
        if self._at_hand_over:
            options = [self._option(k, *goods, self._pick_up(k, j, place, ready_at)) for k in range(len(self._blocks))]
            best = min(options)
        else:
            best = self._option(planned, *goods, self._pick_up(planned, j, place, ready_at))
            if best.handed_at > first[0] and self._room.shared(planned):
                others = [
                    self._option(k, *goods, self._pick_up(k, j, place, ready_at))
                    for k in range(len(self._blocks))
                    if k != planned
                ]
                others = [option for option in others if option.handed_at <= first[0] and option.cents < NEVER]
                best = min(others, default=best)
        if best.cents == NEVER:
            name = self._network.services[planned].id
            raise RoutingError(
                f"order {job.open_order.order.id}: service {name} does not take a parcel of {weight:g} kg"
            )
        waited = best.day - first[1] if NEVER > best.handed_at > first[0] else 0
        return best, waited

    def _pick_up(self, service: int, j: int, place: int, ready_at: float, anyway: bool = False) -> tuple[float, int]:
        """Return when and on which day a parcel is first picked up: where there is room, or `anyway`."""
        at = ready_at
        while True:
            collected = self._sites[j].hand_over(at)
            if collected is None:
                return NEVER, self._network.days[1]
            at = self._trouble.picks_up_from(service, j, place, collected[0])
            if at == collected[0]:
                if anyway or self._room.left(service, j, collected[1]):
                    return collected
                at = math.nextafter(at, NEVER)

    def _option(
        self, service: int, job: Job, j: int, place: int, weight: float, volume: float, pick_up: tuple[float, int]
    ) -> _Option:
        handed_at, day = pick_up
        lane, zone = self._lane[place][j], self._time_zone[place]
        cents = self._transport.label_cents(service, lane, weight, volume)
        until = NEVER
        if handed_at < NEVER:
            cents += self._peak_cents(service, day, weight, volume)
            published = self._transport.published_days(service, lane)
            until = self._transport.morning(self._transport.day_after(service, day, published), zone)
            until += DELIVERY_MINUTES
        if cents == NEVER:
            until = NEVER
        late = until > job.parcel.deliver_at + 1e-6
        return _Option(late, until if late else 0.0, cents, until, service, handed_at, day)

    def _peak_cents(self, service: int, day: int, weight: float, volume: float) -> float:
        block, published = self._blocks[service], self._network.services[service]
        if not block.peaks:
            return 0.0
        date = self._network.clock.date_of(day)
        surcharge = sum([peak.surcharge for peak in block.peaks if peak.first <= date <= peak.last])
        return published.step(weight, volume)[0] * surcharge * (1 + published.fuel) if surcharge else 0.0

    def _arrives(
        self, service: int, j: int, place: int, day: int, handed_at: float, lateness: float, hour: float
    ) -> tuple[float, int, bool]:
        """Return when a parcel arrives, the working days it takes more than published, and whether trouble hit it."""
        transport, trouble = self._transport, self._trouble
        lane, zone = self._lane[place][j], self._time_zone[place]
        published = transport.published_days(service, lane)
        spell = trouble.late_law(service, j, place, handed_at)
        days = transport.days(service, lane, lateness) if spell is None else published + spell.extra(lateness)
        slow = trouble.days_more(service, j, place, handed_at)
        days += slow
        arrives_on = transport.day_after(service, day, days)
        at = transport.arrives_at(service, zone, (handed_at, day), days, hour)
        in_trouble = spell is not None or slow > 0
        while trouble.snows(place, at) and arrives_on < self._network.days[1]:
            arrives_on = transport.day_after(service, arrives_on, 1)
            at = transport.morning(arrives_on, zone) + DELIVERY_MINUTES * hour
            days += 1
            in_trouble = True
        return at, days - published, in_trouble
