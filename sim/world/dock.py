"""From pick to delivery: pack, wait for the carrier, and book a parcel's times and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.tape import LUCK_PER_PARCEL
from sim.errors import RoutingError
from sim.units import round_cents
from sim.world.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.labels import Labels
    from sim.world.queues import Job
    from sim.world.returns.returns import Returns
    from sim.world.shelf_picks import Picked
    from sim.world.sites.site import SiteAtWork

NEVER = float("inf")


class Dock:
    """Where parcels leave. Nothing reacts to a delivery, so it is settled at hand-over and needs no event.

    Attributes
    ----------
    parcels
        Booked so far: the number of the next one.
    labels
        The carrier's label service; None where it never fails.
    returns
        What comes back of the goods that shoppers get; None where nothing does.
    """

    labels: Labels | None = None
    returns: Returns | None = None

    def __init__(self, scenario: Scenario, sites: Sequence[SiteAtWork], ledger: Ledger) -> None:
        self._sites = sites
        self._ledger = ledger
        self._services = scenario.network.services
        self._handling = [site.handling for site in scenario.network.sites]
        self._transport = Transport(scenario.file, scenario.network)
        self.parcels = 0

    def hand_over(self, job: Job, now: float, picked: Picked) -> None:
        """Pack, wait for the carrier, and book. Nothing taken: only the search was paid for."""
        asked, taken, weight, volume, _ = picked
        parcel, order = job.parcel, job.open_order.order
        j, place = parcel.site, order.place
        site, handling = self._sites[j], self._handling[j]
        lines = len(parcel.lines)
        picking = round_cents(handling.pick_per_line * lines + handling.pick_per_unit * asked)
        packed_at = handed_at = delivered_at = NEVER
        packing = packaging = label = fees = 0
        if taken:
            _, pack_luck, lateness, hour = job.open_order.luck[job.luck : job.luck + LUCK_PER_PARCEL]
            packed_at = site.packed_at(now, pack_luck)
            labelled_at = packed_at if self.labels is None else self.labels.printed_at(packed_at, job, self.parcels)
            collected = site.hand_over(labelled_at)
            if collected is not None:
                handed_at, day = collected
                delivered_at = self._transport.delivered_at(parcel.service, j, place, day, lateness, hour)
            packing = round_cents(handling.pack_per_parcel)
            packaging = round_cents(handling.packaging_per_parcel)
            price = self._transport.label_cents(parcel.service, j, place, weight, volume)
            if price == NEVER:
                service = self._services[parcel.service].id
                raise RoutingError(f"order {order.id}: service {service} does not take a parcel of {weight:g} kg")
            label = round_cents(price)
            fees = round_cents(handling.fee_per_parcel + handling.fee_per_unit * taken)
        self._ledger.parcels.append(
            (
                self.parcels, order.id, j, parcel.service, job.open_order.attempts, job.after_backorder,
                job.decided_at, job.reached_at, now, packed_at, handed_at, delivered_at, lines, asked, taken,
                picking, packing, packaging, label, fees,
            )
        )  # fmt: skip
        if taken and self.returns is not None:
            self.returns.delivered(job.open_order, self.parcels, picked.taken_of(parcel.lines), delivered_at)
        self.parcels += 1
