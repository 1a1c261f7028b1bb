"""From pick to delivery: pack, wait for the carrier, and book a parcel's times and costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sim.ledger.fates import Goes
from sim.units import round_cents
from sim.world.carriers.legs import Legs
from sim.world.carriers.shipment import Shipment, Unwatched, Way
from sim.world.carriers.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.carriers.carriers import Carriers
    from sim.world.carriers.labels import Labels
    from sim.world.returns.returns import Returns
    from sim.world.sites.queues import Job
    from sim.world.sites.site import SiteAtWork
    from sim.world.stock.shelf_picks import Picked

NEVER = float("inf")
ANY_TIME = -NEVER


class Outcome(NamedTuple):
    """When a parcel arrives, or is known to be lost or spoilt: the one or the other."""

    at: float
    sound: bool


NOTHING = Outcome(NEVER, True)


class Dock:
    """Where parcels leave. Nothing reacts to a delivery to a shopper: it is settled at hand-over and needs no event.

    Attributes
    ----------
    parcels
        Booked so far: the number of the next one.
    labels
        The carrier's label service; None where it never fails.
    carriers
        Who takes parcels.
    returns
        What comes back of the goods that shoppers get; None where nothing does.
    """

    labels: Labels | None = None
    returns: Returns | None = None

    def __init__(self, scenario: Scenario, sites: Sequence[SiteAtWork], ledger: Ledger) -> None:
        network = scenario.network
        self._sites = sites
        self._ledger = ledger
        self._zone, self._km = network.zone_lists, network.distance_km.tolist()
        self._ways: dict[int, Way] = {}
        self._where = [(place.time_zone, place.state) for place in network.places]
        self._handling = [site.handling for site in network.sites]
        for j, block in enumerate(scenario.site_blocks):
            if block.labour is not None:  # who is paid by the hour is not paid by the line
                self._handling[j] = replace(self._handling[j], pick_per_line=0, pick_per_unit=0, pack_per_parcel=0)
        self.carriers: Carriers | Unwatched = Unwatched(network, sites, Transport(scenario.file, network))
        self._legs = Legs(scenario, sites)
        self.parcels = 0

    def way_to(self, place: int, site: int) -> Way:
        """Return the way to a place from a site."""
        key = place * len(self._sites) + site
        way = self._ways.get(key)
        if way is None:
            way = self._ways[key] = Way(self._zone[place][site], *self._where[place], self._km[place][site])
        return way

    def hand_over(self, job: Job, now: float, picked: Picked) -> Outcome:
        """Pack, wait for the carrier, and book; return what becomes of it. Nothing taken: the search is paid for."""
        asked, taken, weight, volume, _ = picked
        parcel, order = job.parcel, job.open_order.order
        j, service = parcel.site, parcel.service
        site, handling = self._sites[j], self._handling[j]
        lines = len(parcel.lines)
        picking = round_cents(handling.pick_per_line * lines + handling.pick_per_unit * asked)
        packed_at = handed_at = delivered_at = NEVER
        packing = packaging = label = fees = 0
        goes, km, missed_at = Goes.TO_SHOPPER, 0.0, None
        if taken:
            packed_at = site.packed_at(now, job.open_order.luck[job.luck + 1])
            labelled_at = packed_at if order.deliver_from == ANY_TIME else max(packed_at, parcel.ship_at)
            if self.labels is not None and service >= 0:
                labelled_at = self.labels.printed_at(packed_at, job, self.parcels)
            boxed = True
            if service < 0 or parcel.via >= 0:
                leg = self._legs.leave(job, self.parcels, labelled_at, picked, self.carriers)
                service, handed_at, delivered_at, goes, boxed, price, km, missed_at = leg
            else:
                way = self.way_to(order.place, j)
                contents = [(self.parcels, picked.taken_of(parcel.lines))]
                shipment = Shipment(
                    job.open_order, j, service, parcel.deliver_at, way, weight, volume, job.luck, contents
                )
                service, handed_at, delivered_at, price, missed_at = self.carriers.send(shipment, labelled_at)
                km = way.km
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
        if taken and missed_at is None and self.returns is not None and goes is Goes.TO_SHOPPER:
            self.returns.delivered(job.open_order, self.parcels, picked.taken_of(parcel.lines), delivered_at)
        self.parcels += 1
        return Outcome(delivered_at, True) if missed_at is None else Outcome(missed_at, False)
