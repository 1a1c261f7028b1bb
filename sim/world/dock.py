"""From pick to delivery: pack, wait for the carrier, and book a parcel's times and costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.tape import LUCK_PER_PARCEL
from sim.errors import RoutingError
from sim.units import round_cents
from sim.world.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.contract.messages import Line
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.carriers import Carriers
    from sim.world.labels import Labels
    from sim.world.queues import Job
    from sim.world.sites.site import SiteAtWork

NEVER = float("inf")


class Dock:
    """Where parcels leave. Nothing reacts to a delivery, so it is settled at hand-over and needs no event.

    Attributes
    ----------
    parcels
        Booked so far: the number of the next one.
    sites
        Those it stands at.
    labels
        The carrier's label service; None where it never fails.
    carriers
        Watch over parcels on their way; None where nothing happens but what is published and a late law.
    """

    labels: Labels | None = None
    carriers: Carriers | None = None

    def __init__(self, scenario: Scenario, sites: Sequence[SiteAtWork], ledger: Ledger) -> None:
        self.sites = sites
        self._ledger = ledger
        self._services = scenario.network.services
        self._handling = [site.handling for site in scenario.network.sites]
        self._transport = Transport(scenario.file, scenario.network)
        self.parcels = 0

    def hand_over(
        self, job: Job, now: float, asked: int, taken: int, weight: float, volume: float, short: tuple[Line, ...] = ()
    ) -> None:
        """Pack, wait for the carrier, and book. Nothing taken: only the search was paid for.

        Parameters
        ----------
        asked, taken
            Units wanted from the shelf, and found there.
        weight, volume
            Of what was taken, kg and cubic centimetres.
        short
            What was not found.
        """
        parcel, order = job.parcel, job.open_order.order
        j, place, service = parcel.site, order.place, parcel.service
        site, handling = self.sites[j], self._handling[j]
        lines = len(parcel.lines)
        picking = round_cents(handling.pick_per_line * lines + handling.pick_per_unit * asked)
        packed_at = handed_at = delivered_at = NEVER
        packing = packaging = label = fees = 0
        if taken:
            _, pack_luck, lateness, hour = job.open_order.luck[job.luck : job.luck + LUCK_PER_PARCEL]
            packed_at = site.packed_at(now, pack_luck)
            labelled_at = packed_at if self.labels is None else self.labels.printed_at(packed_at, job, self.parcels)
            if self.carriers is not None:
                trip = self.carriers.send(job, self.parcels, labelled_at, weight, volume, short)
                service, handed_at, delivered_at, price = trip
            else:
                collected = site.hand_over(labelled_at)
                if collected is not None:
                    handed_at, day = collected
                    delivered_at = self._transport.delivered_at(service, j, place, day, lateness, hour)
                price = self._transport.label_cents(service, j, place, weight, volume)
            packing = round_cents(handling.pack_per_parcel)
            packaging = round_cents(handling.packaging_per_parcel)
            if price == NEVER:
                name = self._services[service].id
                raise RoutingError(f"order {order.id}: service {name} does not take a parcel of {weight:g} kg")
            label = round_cents(price)
            fees = round_cents(handling.fee_per_parcel + handling.fee_per_unit * taken)
        self._ledger.parcels.append(
            (
                self.parcels, order.id, j, service, job.open_order.attempts, job.after_backorder,
                job.decided_at, job.reached_at, now, packed_at, handed_at, delivered_at, lines, asked, taken,
                picking, packing, packaging, label, fees,
            )
        )  # fmt: skip
        self.parcels += 1
