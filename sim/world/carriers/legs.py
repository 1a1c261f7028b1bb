"""Parcels that do not go straight to a shopper: over the counter, or to another site by carrier or by truck."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sim.ledger.fates import Goes
from sim.world.carriers.shipment import Shipment, Trip, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.load import Scenario
    from sim.world.carriers.carriers import Carriers
    from sim.world.carriers.shipment import Unwatched
    from sim.world.sites.queues import Job
    from sim.world.sites.site import SiteAtWork
    from sim.world.stock.shelf_picks import Picked

NEVER = float("inf")


class Leg(NamedTuple):
    """How a parcel leaves its site.

    Parameters
    ----------
    boxed
        Whether it needs a box.
    label
        What it costs to get it there, cents.
    missed_at
        When it is known that it was lost or spoilt on its way; None if it is neither.
    """

    service: int
    handed_at: float
    arrives_at: float
    goes: Goes
    boxed: bool = False
    label: float = 0.0
    km: float = 0.0
    missed_at: float | None = None


class Legs:
    """Takes parcels to counters and to other sites."""

    def __init__(self, scenario: Scenario, sites: Sequence[SiteAtWork]) -> None:
        self._network = scenario.network
        self._sites = sites
        self._trucks = block = scenario.file.trucks
        late = None if block is None else block.late
        self._late_share = 0.0 if late is None else late.share
        self._extra = [] if late is None else sorted(late.extra_days)
        self._cumulative = [] if late is None else list(accumulate(late.extra_days[k] for k in self._extra))
        pick_up = scenario.file.pick_up
        self._receive = 0.0 if pick_up is None else pick_up.receive

    def leave(self, job: Job, number: int, packed_at: float, picked: Picked, carriers: Carriers | Unwatched) -> Leg:
        """Return how a packed parcel leaves, by carrier unless a truck takes it or it is there already."""
        parcel, order, network = job.parcel, job.open_order.order, self._network
        service, site, via = parcel.service, parcel.site, parcel.via
        goes = Goes.TO_COUNTER if job.merge is None else Goes.TO_BE_MERGED
        if via in (-1, site):
            return Leg(service, packed_at, packed_at, goes)
        way = Way(
            network.zone_between[via][site], network.sites[via].time_zone, network.sites[via].state,
            float(network.km_between[via, site]),
        )  # fmt: skip
        contents = [(number, picked.taken_of(parcel.lines))]
        shipment = Shipment(
            job.open_order, site, service, parcel.deliver_at, way, picked.weight, picked.volume, job.luck, contents,
            between=True,
        )  # fmt: skip
        trip = self._by_truck(shipment, via, packed_at, picked.taken) if service < 0 else None
        service, handed_at, arrives_at, label, missed_at = trip or carriers.send(shipment, packed_at)
        if via == order.collect_at and arrives_at < NEVER:
            open_time = self._sites[via].open_time
            arrives_at = open_time.done(arrives_at, open_time.worked(arrives_at) + self._receive)
        return Leg(service, handed_at, arrives_at, goes, True, label, way.km, missed_at)

    def _by_truck(self, shipment: Shipment, to: int, ready_at: float, units: int) -> Trip:
        assert self._trucks is not None, "plans are checked"
        label = self._trucks.cost_per_parcel + self._trucks.cost_per_unit * units
        collected = self._sites[shipment.site].hand_over(ready_at)
        if collected is None:
            return Trip(-1, NEVER, NEVER, label)
        handed_at, day = collected
        days, (lateness, _) = self._trucks.days, shipment.lateness_and_hour
        if lateness < self._late_share:
            days += self._extra[min(bisect_left(self._cumulative, lateness / self._late_share), len(self._extra) - 1)]
        arrives_at = self._network.clock.minute(day + days, self._trucks.arrive, self._network.sites[to].time_zone)
        return Trip(-1, handed_at, arrives_at, label)
