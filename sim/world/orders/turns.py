"""The router's turns: it asks to be woken, decides then on what it held or kept, and may revise what it sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.messages import Decision, Revision
from sim.contract.news import TooLate
from sim.errors import RoutingError
from sim.world.orders.open_order import in_all

if TYPE_CHECKING:
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.orders.fulfilment import Fulfilment

NEVER = float("inf")


class Turns:
    """Wakes the router when it asks for it, and has done what it decides."""

    def __init__(self, env: Agenda, router: Router, feeds: Feeds, fulfilment: Fulfilment, ledger: Ledger) -> None:
        self._env = env
        self._router = router
        self._feeds = feeds
        self._fulfilment = fulfilment
        self._ledger = ledger
        self._wake_at = NEVER

    def set_alarm(self, now: float) -> None:
        """Ask the router when it wants its next turn."""
        wake = self._router.next_wake()
        if wake is not None and wake < self._wake_at:
            self._wake_at = wake
            self._env.later(max(0.0, wake - now), self._wake, wake)

    def _wake(self, alarm: float) -> None:
        if alarm != self._wake_at:  # it has asked for an earlier minute since
            return
        now = max(self._env.now, self._wake_at)  # the clock adds up spans and may fall short by the last bit
        self._wake_at = NEVER
        self._feeds.deliver(now)
        for answer in self._router.tick(now):
            if isinstance(answer, Revision):
                self._revise(answer, now)
            elif isinstance(answer, Decision):  # no site of this world claims: what is on offer is decided in time
                self._fulfilment.decided(answer, now)
        self.set_alarm(now)
        if self._wake_at <= now:
            raise RoutingError(f"woken at minute {now:g}, the router asks to be woken at minute {self._wake_at:g}")

    def _revise(self, revision: Revision, now: float) -> None:
        """Take parcels out of their queues and send what replaces them, or tell the router that it is too late."""
        fulfilment = self._fulfilment
        withdrawn = fulfilment.queues.withdraw(revision, now)
        count = len(revision.withdrawn)
        self._ledger.revisions.append((revision.order, now, count, withdrawn is not None))
        if withdrawn is None:
            self._router.observe(TooLate(now, revision))
            return
        jobs, moved = withdrawn
        fulfilment.moved_up(moved)
        open_order = fulfilment.open[revision.order]
        if fulfilment.open_units is not None:
            for parcel in revision.withdrawn:
                fulfilment.open_units.over(parcel.site, parcel.lines)
        lines = in_all(line for parcel in revision.withdrawn for line in parcel.lines)
        order = open_order.order._replace(lines=lines, refused_by=open_order.refused_by)
        backorder = any([job.after_backorder for job in jobs])
        if fulfilment.merging is not None:
            fulfilment.merging.drop(jobs)
        fulfilment.carry_out(open_order, order, revision.plan, now, now, backorder, count)
