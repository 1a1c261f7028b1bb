"""Parcels that do not go straight to a shopper: over the counter, or to another site by carrier or by truck."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sim.ledger.fates import Goes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.load import Scenario
    from sim.world.queues import Job
    from sim.world.sites.site import SiteAtWork
    from sim.world.transport import Transport

NEVER = float("inf")


class Leg(NamedTuple):
    """How a parcel leaves its site.

    Parameters
    ----------
    boxed
        Whether it needs a box.
    label
        What it costs to get it there, cents.
    """

    handed_at: float
    arrives_at: float
    goes: Goes
    boxed: bool = False
    label: float = 0.0
    km: float = 0.0


class Legs:
    """Takes parcels to counters and to other sites."""

    def __init__(self, scenario: Scenario, sites: Sequence[SiteAtWork], transport: Transport) -> None:
        self._network = scenario.network
        self._sites = sites
        self._transport = transport
        self._trucks = block = scenario.file.trucks
        late = None if block is None else block.late
        self._late_share = 0.0 if late is None else late.share
        self._extra = [] if late is None else sorted(late.extra_days)
        self._cumulative = [] if late is None else list(accumulate(late.extra_days[k] for k in self._extra))
        pick_up = scenario.file.pick_up
        self._receive = 0.0 if pick_up is None else pick_up.receive

    def leave(
        self, job: Job, packed_at: float, weight: float, volume: float, units: int, luck: tuple[float, float]
    ) -> Leg:
        """Return how a packed parcel leaves.

        Parameters
        ----------
        luck
            For lateness and for the hour of arrival.
        """
        parcel, order = job.parcel, job.open_order.order
        goes = Goes.TO_COUNTER if job.merge is None else Goes.TO_BE_MERGED
        if parcel.via < 0 or parcel.via == parcel.site:
            return Leg(packed_at, packed_at, goes)
        collected = self._sites[parcel.site].hand_over(packed_at)
        handed_at, arrives_at = NEVER, NEVER
        if parcel.service < 0:
            label = self._truck_cents(units)
            if collected is not None:
                handed_at, day = collected
                arrives_at = self._by_truck(parcel.via, day, luck[0])
        else:
            lane = self._network.zone_between[parcel.via][parcel.site]
            label = self._transport.label_cents(parcel.service, lane, weight, volume)
            if collected is not None:
                handed_at, zone = collected[0], self._network.sites[parcel.via].time_zone
                arrives_at = self._transport.delivered_at(parcel.service, lane, zone, collected, *luck)
        if parcel.via == order.collect_at and arrives_at < NEVER:
            open_time = self._sites[parcel.via].open_time
            arrives_at = open_time.done(arrives_at, open_time.worked(arrives_at) + self._receive)
        km = float(self._network.km_between[parcel.via, parcel.site])
        return Leg(handed_at, arrives_at, goes, True, label, km)

    def _truck_cents(self, units: int) -> float:
        assert self._trucks is not None, "plans are checked"
        return self._trucks.cost_per_parcel + self._trucks.cost_per_unit * units

    def _by_truck(self, to: int, day: int, lateness: float) -> float:
        assert self._trucks is not None, "plans are checked"
        days = self._trucks.days
        if lateness < self._late_share:
            days += self._extra[min(bisect_left(self._cumulative, lateness / self._late_share), len(self._extra) - 1)]
        return self._network.clock.minute(day + days, self._trucks.arrive, self._network.sites[to].time_zone)
