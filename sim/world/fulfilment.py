"""The life of one order, top to bottom.

1. A shopper sees what is published; he leaves, or becomes an order.
2. The router plans: parcels, lines it keeps for later, lines it gives up.
3. Each parcel's message reaches its site; pickers get to it in turn; what they take meets the shelf.
4. What is not there is refused: the router hears of it, and the units go back to 2, at most so many times.
5. What is there is packed and waits for the carrier's pick-up.
6. At hand-over the carrier's price and, with its luck, the delivery are settled.
7. Every change of a shelf goes to the feeds.

The router may hold an order and decide when it is given its turn; it may then also revise parcels whose pick has not
begun: they leave their queues and the new plan goes to 3. If one of them is past that, nothing of the revision is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.tape import LUCK_PER_PARCEL, PARCELS_WITH_LUCK
from sim.contract.messages import Decision, Hold, Line, Order, Revision
from sim.contract.news import Refusal, TooLate
from sim.errors import RoutingError
from sim.ledger.ledger import Cancelled, Fate
from sim.world.dock import Dock
from sim.world.open_order import OpenOrder, in_all
from sim.world.plan_check import PlanCheck
from sim.world.queues import Job, Queues
from sim.world.shelf_picks import ShelfPicks
from sim.world.sites.site import sites_at_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    import simpy

    from sim.chance.tape import Shopper
    from sim.contract.messages import Parcel, Plan
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.feeds import Feeds
    from sim.world.office import Office
    from sim.world.open_units import OpenUnits
    from sim.world.stock import Stock
    from sim.world.storefront import Storefront
    from sim.world.visitors import Visitors
    from sim.world.walk_ins import WalkIns

NEVER = float("inf")


class Fulfilment:
    """Carries orders from storefront to delivery.

    Attributes
    ----------
    cohort_open
        Orders of the measurement window that are not finished yet.
    routed
        Orders given to the router for the first time.
    office
        Stands between shoppers, router and sites; None where nothing is held, late or changed.
    """

    office: Office | None = None

    def __init__(
        self,
        env: simpy.Environment,
        scenario: Scenario,
        router: Router,
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        storefront: Storefront,
        visitors: Visitors,
        open_units: OpenUnits | None,
        ledger: Ledger,
        closures: Mapping[int, list[tuple[float, float]]] | None = None,
    ) -> None:
        self._env = env
        self._router = router
        self._feeds = feeds
        self._storefront = storefront
        self._visitors = visitors
        self._channels = scenario.channels
        self.open_units = self._open_units = open_units
        self._ledger = ledger
        self._sites = sites_at_work(scenario, closures or {})
        self.dock = self._dock = Dock(scenario, self._sites, ledger)
        self.picks = ShelfPicks(scenario, self._sites, stock, feeds, walk_ins, ledger)
        self._check = PlanCheck(scenario.network)
        self._margin = [p.price_cents - p.unit_cost_cents for p in scenario.network.products]
        self._max_attempts = scenario.file.fulfilment.max_attempts
        self._measured = ledger.measured
        self.queues = self._queues = Queues(self._sites)
        self._open: dict[int, OpenOrder] = {}
        self._held: dict[int, tuple[Order, float, bool]] = {}
        self._wake_at = NEVER
        self.cohort_open = 0
        self.routed = 0

    def arrive(self, shopper: Shopper, carted: bool = False) -> None:
        """Meet a shopper at the storefront, with his cart or without; if he orders, route the order."""
        now = self._env.now
        visit = self._storefront.visited(shopper, now)
        if visit is None:
            return
        self._visitors.write(shopper, visit, carted)
        if visit.fate is not Fate.ORDERED:
            return
        number, at, lines = shopper.id, shopper.at, visit.lines
        order = Order(number, at, shopper.place, lines, channel=self._channels[visit.channel])
        open_order = self._open[number] = OpenOrder(order, shopper.luck, sum([line.quantity for line in lines]))
        if self._measured[0] <= at < self._measured[1]:
            self.cohort_open += 1
        self.routed += 1
        if self.office is None:
            self.route(open_order, order, now)
        else:
            self.office.take_in(open_order)

    def is_held(self, order: Order) -> bool:
        """Return whether the router has yet to decide about an order."""
        return order.id in self._held

    def route(self, open_order: OpenOrder, order: Order, now: float, backorder: bool = False) -> None:
        """Ask the router for a plan and carry it out, unless it holds the order."""
        self._feeds.deliver(now)
        answer = self._router.route(order, now)
        if isinstance(answer, Hold):
            self._held[order.id] = order, now, backorder
        else:
            self._carry_out(open_order, order, answer, now, now, backorder)
        self._set_alarm(now)

    def _set_alarm(self, now: float) -> None:
        wake = self._router.next_wake()
        if wake is not None and wake < self._wake_at:
            self._wake_at = wake
            self._env.timeout(max(0.0, wake - now), wake).callbacks.append(self._wake)

    def _wake(self, alarm: simpy.Event) -> None:
        """Give the router its turn: it decides on what it held or kept, and may revise what it sent."""
        if alarm.value != self._wake_at:  # it has asked for an earlier minute since
            return
        now = max(self._env.now, self._wake_at)  # the clock adds up spans and may fall short by the last bit
        self._wake_at = NEVER
        self._feeds.deliver(now)
        for answer in self._router.tick(now):
            if isinstance(answer, Revision):
                self._revise(answer, now)
            elif isinstance(answer, Decision):  # no site of this world claims: what is on offer is decided in time
                self._decided(answer, now)
        self._set_alarm(now)
        if self._wake_at <= now:
            raise RoutingError(f"woken at minute {now:g}, the router asks to be woken at minute {self._wake_at:g}")

    def _decided(self, decision: Decision, now: float) -> None:
        """Carry out what the router has decided on an order it held, or on lines it kept."""
        order, plan = decision
        open_order = self._open.get(order.id)
        if open_order is None:
            raise RoutingError(f"order {order.id}: the router decides about an order that is not open")
        held, asked_at, backorder = self._held.get(order.id, (None, now, True))
        if held is not None and held.lines == order.lines:
            del self._held[order.id]
            self._carry_out(open_order, held, plan, now, asked_at, backorder)
        else:
            kept = open_order.take_kept(order.lines)
            if self._open_units is not None:
                self._open_units.kept(kept.lines, -1)
            self._carry_out(open_order, kept, plan, now, now, backorder=True)
        if self.office is not None and not self.is_held(open_order.order):
            self.office.decided(open_order)

    def _revise(self, revision: Revision, now: float) -> None:
        """Take parcels out of their queues and send what replaces them, or tell the router that it is too late."""
        withdrawn = self._queues.withdraw(revision, now)
        count = len(revision.withdrawn)
        self._ledger.revisions.append((revision.order, now, count, withdrawn is not None))
        if withdrawn is None:
            self._router.observe(TooLate(now, revision))
            return
        jobs, moved = withdrawn
        self.moved_up(moved)
        open_order = self._open[revision.order]
        if self._open_units is not None:
            for parcel in revision.withdrawn:
                self._open_units.over(parcel.site, parcel.lines)
        lines = in_all(line for parcel in revision.withdrawn for line in parcel.lines)
        order = open_order.order._replace(lines=lines, refused_by=open_order.refused_by)
        backorder = any([job.after_backorder for job in jobs])
        self._carry_out(open_order, order, revision.plan, now, now, backorder, count)

    def _carry_out(
        self,
        open_order: OpenOrder,
        order: Order,
        plan: Plan,
        now: float,
        asked_at: float,
        backorder: bool,
        withdrawn: int = 0,
    ) -> None:
        self._check(order, plan)
        parcels = plan.parcels
        age = ship_at = deliver_at = 0.0
        for parcel in parcels:
            age += self._feeds.age_of(parcel.site, now)
            ship_at = max(ship_at, parcel.ship_at)
            deliver_at = max(deliver_at, parcel.deliver_at)
            self._send(open_order, parcel, now, backorder)
            if self._storefront.follows_promises:
                self._storefront.promised(order.id, parcel.lines, now)
        kept = 0
        if plan.backordered:
            kept = sum([line.quantity for line in plan.backordered])
            open_order.kept += plan.backordered
            if self._open_units is not None:
                self._open_units.kept(plan.backordered)
        lost = sum([line.quantity for line in plan.unfilled]) if plan.unfilled else 0
        count = len(parcels)
        # a revision promises anew what it has withdrawn
        promised = (0 if withdrawn else sum([line.quantity for line in order.lines])) - kept - lost
        row = (
            order.id, asked_at, now, open_order.attempts, withdrawn, count, promised, kept, lost, age / max(count, 1),
            ship_at, deliver_at,
        )  # fmt: skip
        self._ledger.decisions.append(row)
        if lost:
            self.cancel(open_order, plan.unfilled, now, Cancelled.NOBODY_HAS_IT)

    def _send(self, open_order: OpenOrder, parcel: Parcel, now: float, backorder: bool) -> None:
        """Tell the site; its pickers take the parcel in turn."""
        site = self._sites[parcel.site]
        first = (open_order.parcels % PARCELS_WITH_LUCK) * LUCK_PER_PARCEL
        open_order.parcels += 1
        if self._open_units is not None:
            self._open_units.promised(parcel.site, parcel.lines)
        reached_at = now + site.message_delay
        minutes = site.pick_time.quantile(open_order.luck[first]) * len(parcel.lines)
        job = Job(open_order, parcel, now, reached_at, first, minutes, backorder)
        if self.office is None:
            self.join(job)
        else:
            self.office.send(job, open_order.parcels)

    def join(self, job: Job) -> None:
        """Put a parcel in the queue of its site's pickers."""
        self._queues.join(job)
        self.moved_up([job])

    def moved_up(self, jobs: list[Job]) -> None:
        """Set the alarms of jobs for when they are picked; if it is earlier than before, the old one finds it gone."""
        now = self._env.now
        for job in jobs:
            if job.picked_at < NEVER:
                self._env.timeout(max(0.0, job.picked_at - now), job).callbacks.append(self._picked)

    def _picked(self, event: simpy.Event) -> None:
        """Meet the shelf: take what is there, refuse the rest, hand over what was taken."""
        now = self._env.now
        job: Job = event._value
        if job.gone:
            return
        job.gone = True
        parcel = job.parcel
        asked, taken, weight, volume, short = self.picks.pick(job, now, self._dock.parcels)
        self._dock.hand_over(job, now, asked, taken, weight, volume, short)
        if self._open_units is not None:
            self._open_units.over(parcel.site, parcel.lines)
        if taken:
            self._finish(job.open_order, taken)
        if short:
            refused = job, short, now
            delay = self._sites[parcel.site].message_delay if self.office is None else self.office.confirm_delay(job)
            self._env.timeout(delay, refused).callbacks.append(self._refused)

    def _refused(self, event: simpy.Event) -> None:
        """Tell the router what a shelf could not give, and send those units back to it."""
        job, lines, found_at = event._value
        now = self._env.now
        self._feeds.deliver(now)  # what has arrived before is heard before
        open_order, site = job.open_order, job.parcel.site
        for sku, quantity in lines:
            self._router.observe(Refusal(found_at, open_order.order.id, site, sku, quantity))
        open_order.attempts += 1
        if site not in open_order.refused_by:
            open_order.refused_by += (site,)
        if open_order.called_off:
            self.cancel(open_order, lines, now, Cancelled.BY_SHOPPER)
        elif open_order.attempts > self._max_attempts:
            self.cancel(open_order, lines, now, Cancelled.REFUSED_TOO_OFTEN)
        else:
            again = open_order.order._replace(lines=lines, refused_by=open_order.refused_by)
            self.route(open_order, again, now, job.after_backorder)

    def cancel(self, open_order: OpenOrder, lines: tuple[Line, ...], now: float, why: Cancelled) -> None:
        """Book units that the shopper will not get; what he does not want himself costs no margin."""
        units = 0
        for sku, quantity in lines:
            units += quantity
            margin = 0 if why == Cancelled.BY_SHOPPER else quantity * self._margin[sku]
            self._ledger.cancellations.append((open_order.order.id, now, sku, quantity, why, margin))
        self._finish(open_order, units)

    def _finish(self, open_order: OpenOrder, units: int) -> None:
        open_order.open_units -= units
        if open_order.open_units == 0:
            order = open_order.order
            del self._open[order.id]
            if self._measured[0] <= order.placed_at < self._measured[1]:
                self.cohort_open -= 1
