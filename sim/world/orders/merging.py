"""Parcels of one order that meet at a site, wait for the last of them, and leave as one.

What a shelf could not give is no longer waited for: it goes back to the router, and the new plan is carried out by
itself, straight to the shopper or merged among its own parcels. So a merge of which one parcel is refused leaves
without it, and one of which all are refused never leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.tape import LUCK_PER_PARCEL, PARCELS_WITH_LUCK
from sim.contract.messages import COST_PARTS
from sim.units import round_cents
from sim.world.carriers.shipment import Shipment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.contract.messages import Leg, Line, Plan
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.orders.open_order import OpenOrder
    from sim.world.returns.returns import Returns
    from sim.world.sites.dock import Dock, Outcome
    from sim.world.sites.queues import Job
    from sim.world.sites.site import SiteAtWork
    from sim.world.stock.shelf_picks import Picked

NEVER = float("inf")


class Merge:
    """What is to leave a site as one parcel.

    Attributes
    ----------
    coming
        Parcels that may still get there.
    parcels, units, weight, volume
        Of what is there already.
    contents
        What was picked for it, parcel by parcel.
    first_at
        When the first of them came.
    """

    __slots__ = ("coming", "contents", "first_at", "leg", "open_order", "parcels", "units", "volume", "weight")

    def __init__(self, leg: Leg, open_order: OpenOrder, coming: int) -> None:
        self.leg = leg
        self.open_order = open_order
        self.coming = coming
        self.contents: list[tuple[int, tuple[Line, ...]]] = []
        self.parcels = self.units = 0
        self.weight = self.volume = 0.0
        self.first_at = NEVER


class Merging:
    """The tables of all sites where parcels are merged.

    Parameters
    ----------
    over
        Called with an order when one of its merges is over.

    Attributes
    ----------
    returns
        What comes back of what leaves; None where nothing does.
    """

    returns: Returns | None = None

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        sites: Sequence[SiteAtWork],
        dock: Dock,
        ledger: Ledger,
        over: Callable[[OpenOrder], None],
    ) -> None:
        assert scenario.file.merge is not None, "only where parcels are merged"
        self._env = env
        self._block = scenario.file.merge
        self._network = scenario.network
        self._sites = sites
        self._dock = dock
        self._ledger = ledger
        self._over = over
        self._waiting = ledger.closing_merging
        self._legs = 0

    def begin(self, open_order: OpenOrder, plan: Plan) -> dict[int, Merge]:
        """Return what is to leave each site where parcels of a plan meet."""
        open_order.under_way += len(plan.onward)
        return {
            leg.site: Merge(leg, open_order, sum([parcel.via == leg.site for parcel in plan.parcels]))
            for leg in plan.onward
        }

    def bring(self, job: Job, number: int, picked: Picked, outcome: Outcome) -> None:
        """Take note of a parcel that was picked to be merged.

        One that has nothing in it is not waited for; one that is lost or spoilt is, until that is known.
        """
        merge = job.merge
        assert merge is not None, "the parcel is to be merged"
        if not picked.taken:
            self._one_less(merge)
            return
        site, (at, sound) = merge.leg.site, outcome
        if sound:
            merge.contents.append((number, picked.taken_of(job.parcel.lines)))
            self._waiting[site] = self._waiting.get(site, 0) + picked.taken
        if at < NEVER:
            wait = max(0.0, at - self._env.now)
            if sound:
                self._env.later(wait, self._arrived, merge, picked)
            else:
                self._env.later(wait, self._one_less, merge)

    def drop(self, jobs: Iterable[Job]) -> None:
        """Wait no longer for parcels that were withdrawn."""
        for job in jobs:
            if job.merge is not None:
                self._one_less(job.merge)

    def _arrived(self, merge: Merge, picked: Picked) -> None:
        merge.first_at = min(merge.first_at, self._env.now)
        merge.parcels += 1
        merge.units += picked.taken
        merge.weight += picked.weight
        merge.volume += picked.volume
        self._one_less(merge)

    def _one_less(self, merge: Merge) -> None:
        merge.coming -= 1
        if merge.coming:
            return
        if merge.parcels:
            self._leave(merge)
        merge.open_order.under_way -= 1
        self._over(merge.open_order)

    def _leave(self, merge: Merge) -> None:
        """Let what is there leave as one parcel, with the luck of one more parcel of the order."""
        leg, open_order, now = merge.leg, merge.open_order, self._env.now
        site, handling = self._sites[leg.site], self._network.sites[leg.site].handling
        first = (open_order.parcels % PARCELS_WITH_LUCK) * LUCK_PER_PARCEL
        open_order.parcels += 1
        ready_at = site.open_time.done(now, site.open_time.worked(now) + self._block.time)
        shipment = Shipment(
            open_order, leg.site, leg.service, leg.deliver_at, self._dock.way_to(open_order.order.place, leg.site),
            merge.weight, merge.volume, first, merge.contents, leg=self._legs,
        )  # fmt: skip
        self._legs += 1
        service, handed_at, delivered_at, label, missed_at = self._dock.carriers.send(shipment, ready_at)
        cents = dict.fromkeys(COST_PARTS, 0)
        cents["packing"] = round_cents(self._block.cost_per_parcel * merge.parcels)
        cents["packaging"] = round_cents(handling.packaging_per_parcel)
        cents["label"] = round_cents(label)
        cents["fees"] = round_cents(handling.fee_per_parcel)
        row = (
            open_order.order.id, now, leg.site, service, merge.parcels, merge.units, merge.first_at, ready_at,
            handed_at, delivered_at, *cents.values(),
        )  # fmt: skip
        self._ledger.legs.append(row)
        if self.returns is not None and missed_at is None:
            for number, lines in merge.contents:
                self.returns.delivered(open_order, number, lines, delivered_at)
        self._waiting[leg.site] -= merge.units
