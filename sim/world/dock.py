"""From pick to delivery: pack, wait for the carrier, and book a parcel's times and costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.chance.tape import LUCK_PER_PARCEL
from sim.errors import RoutingError
from sim.ledger.fates import Goes
from sim.units import round_cents
from sim.world.legs import Legs
from sim.world.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.carriers import Carriers
    from sim.world.labels import Labels
    from sim.world.queues import Job
    from sim.world.returns.returns import Returns
    from sim.world.shelf_picks import Picked
    from sim.world.sites.site import SiteAtWork

NEVER = float("inf")
ANY_TIME = -NEVER


class Dock:
    """Where parcels leave. Nothing reacts to a delivery to a shopper: it is settled at hand-over and needs no event.

    Attributes
    ----------
    parcels
        Booked so far: the number of the next one.
    transport
        What the carriers do.
    labels
        The carrier's label service; None where it never fails.
    carriers
        Watch over parcels on their way to shoppers; None where nothing happens but what is published and a late law.
    returns
        What comes back of the goods that shoppers get; None where nothing does.
    """

    labels: Labels | None = None
    carriers: Carriers | None = None
    returns: Returns | None = None

    def __init__(self, scenario: Scenario, sites: Sequence[SiteAtWork], ledger: Ledger) -> None:
        network = scenario.network
        self._sites = sites
        self._ledger = ledger
        self._services = network.services
        self._zone, self._km = network.zone_lists, network.distance_km
        self._time_zone = [place.time_zone for place in network.places]
        self._handling = [site.handling for site in network.sites]
        for j, block in enumerate(scenario.site_blocks):
            if block.labour is not None:  # who is paid by the hour is not paid by the line
                self._handling[j] = replace(self._handling[j], pick_per_line=0, pick_per_unit=0, pack_per_parcel=0)
        self.transport = self._transport = Transport(scenario.file, network)
        self._legs = Legs(scenario, sites, self._transport)
        self.parcels = 0

    def hand_over(self, job: Job, now: float, picked: Picked) -> float:
        """Pack, wait for the carrier, and book; return when it arrives. Nothing taken: only the search was paid for."""
        asked, taken, weight, volume, _ = picked
        parcel, order = job.parcel, job.open_order.order
        j, place, service = parcel.site, order.place, parcel.service
        site, handling = self._sites[j], self._handling[j]
        lines = len(parcel.lines)
        picking = round_cents(handling.pick_per_line * lines + handling.pick_per_unit * asked)
        packed_at = handed_at = delivered_at = NEVER
        packing = packaging = label = fees = 0
        goes, km, sound = Goes.TO_SHOPPER, 0.0, True
        if taken:
            _, pack_luck, lateness, hour = job.open_order.luck[job.luck : job.luck + LUCK_PER_PARCEL]
            packed_at = site.packed_at(now, pack_luck)
            labelled_at = packed_at if order.deliver_from == ANY_TIME else max(packed_at, parcel.ship_at)
            if self.labels is not None and service >= 0:
                labelled_at = self.labels.printed_at(packed_at, job, self.parcels)
            if service < 0 or parcel.via >= 0:
                leg = self._legs.leave(job, labelled_at, weight, volume, taken, (lateness, hour))
                handed_at, delivered_at, goes, boxed, price, km = leg
            elif self.carriers is not None:
                trip = self.carriers.send(job, self.parcels, labelled_at, picked)
                service, handed_at, delivered_at, price, sound = trip
                boxed, km = True, self._km[place, j]
            else:
                collected, lane, boxed = site.hand_over(labelled_at), self._zone[place][j], True
                if collected is not None:
                    handed_at, zone = collected[0], self._time_zone[place]
                    delivered_at = self._transport.delivered_at(service, lane, zone, collected, lateness, hour)
                price, km = self._transport.label_cents(service, lane, weight, volume), self._km[place, j]
            if price == NEVER:
                name = self._services[service].id
                raise RoutingError(f"order {order.id}: service {name} does not take a parcel of {weight:g} kg")
            packing, label = round_cents(handling.pack_per_parcel), round_cents(price)
            packaging = round_cents(handling.packaging_per_parcel) if boxed else 0
            fees = round_cents(handling.fee_per_parcel + handling.fee_per_unit * taken)
        self._ledger.parcels.append(
            (
                self.parcels, order.id, j, service, job.open_order.attempts, job.after_backorder,
                job.decided_at, job.reached_at, now, packed_at, handed_at, delivered_at, lines, asked, taken,
                picking, packing, packaging, label, fees, goes, km,
            )
        )  # fmt: skip
        if taken and sound and self.returns is not None and goes is Goes.TO_SHOPPER:
            self.returns.delivered(job.open_order, self.parcels, picked.taken_of(parcel.lines), delivered_at)
        self.parcels += 1
        return delivered_at
