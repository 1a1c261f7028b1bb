"""The life of one order, top to bottom.

1. A shopper sees what is published; he leaves, or becomes an order.
2. The router plans: parcels, lines it keeps for later, lines it gives up.
3. Each parcel's message reaches its site; pickers get to it in turn; what they take meets the shelf.
4. What is not there is refused: the router hears of it, and the units go back to 2, at most so many times.
5. What is there is packed and waits for the carrier's pick-up.
6. At hand-over the carrier's price and, with its luck, the delivery are settled. What is collected goes to a counter
   and waits for its shopper; what is to be merged waits for the rest of its order.
7. Every change of a shelf goes to the feeds.

The router may hold an order and decide when it is given its turn; it may then also revise parcels whose pick has not
begun: they leave their queues and the new plan goes to 3. If one of them is past that, nothing of the revision is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.tape import LUCK_PER_PARCEL, PARCELS_WITH_LUCK
from sim.contract.messages import Hold
from sim.contract.news import Refusal
from sim.errors import RoutingError
from sim.ledger.fates import Cancelled, Fate
from sim.world.orders.open_order import OpenOrder, order_of
from sim.world.orders.plan_check import PlanCheck
from sim.world.orders.promises import told
from sim.world.orders.turns import Turns
from sim.world.sites.dock import NOTHING, Dock
from sim.world.sites.queues import Job, Queues
from sim.world.sites.site import sites_at_work
from sim.world.stock.shelf_picks import ShelfPicks
from sim.world.storefront.storefront import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.chance.tape import Shopper
    from sim.contract.messages import Decision, Line, Order, Parcel, Plan
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.orders.merging import Merge, Merging
    from sim.world.orders.office import Office
    from sim.world.orders.pick_up import PickUp
    from sim.world.stock.open_units import OpenUnits
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns
    from sim.world.storefront.storefront import Storefront
    from sim.world.storefront.visitors import Visitors

NEVER = float("inf")
NO_MERGES: Mapping[int, Merge] = {}


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
    pick_up
        The counters where orders are collected; None where none are.
    merging
        Where parcels meet on their way; None where none do.
    open
        Orders that are not over, by number.
    """

    office: Office | None = None
    pick_up: PickUp | None = None
    merging: Merging | None = None

    def __init__(
        self,
        env: Agenda,
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
        self.sites = self._sites = sites_at_work(scenario, closures or {})
        self.dock = self._dock = Dock(scenario, self._sites, ledger)
        self.picks = ShelfPicks(scenario, self._sites, stock, feeds, walk_ins, ledger)
        self._check = PlanCheck(scenario)
        self._margin = [p.price_cents - p.unit_cost_cents for p in scenario.network.products]
        self._max_attempts = scenario.file.fulfilment.max_attempts
        self._measured = ledger.measured
        self.queues = self._queues = Queues(self._sites)
        self._turns = Turns(env, router, feeds, self, ledger)
        self.open: dict[int, OpenOrder] = {}
        self._held: dict[int, tuple[Order, float, bool]] = {}
        self.cohort_open = 0
        self.routed = 0

    def arrive(self, shopper: Shopper, cart: str | None = None) -> bool:
        """Meet a shopper with his cart (its name, if the router knows it) or without; return whether he orders."""
        now = self._env.now
        visit = self._storefront.visited(shopper, now)
        if visit is not None:
            self._visitors.write(shopper, visit, carted=cart is not None)
        if visit is None or visit.fate is not Fate.ORDERED:
            return False
        open_order = self._begin(shopper, visit, cart)
        if self.office is None:
            self.route(open_order, open_order.order, now)
        else:
            self.office.take_in(open_order)
        return True

    def take_over(self, shopper: Shopper) -> None:
        """Go on with an order that was open when the run began: it is past storefront and office."""
        visit = Visit(Fate.ORDERED, shopper.channel, shopper.lines)
        self._visitors.write(shopper, visit, carted=False)
        open_order = self._begin(shopper, visit, None)
        self.route(open_order, open_order.order, self._env.now)

    def _begin(self, shopper: Shopper, visit: Visit, cart: str | None) -> OpenOrder:
        number, at, lines = shopper.id, shopper.at, visit.lines
        collect_at = -1 if visit.collects is None else visit.collects.site
        order = order_of(shopper, lines, self._channels[visit.channel], collect_at, cart or "")
        open_order = self.open[number] = OpenOrder(order, shopper.luck, sum([line.quantity for line in lines]))
        if visit.collects is not None and self.pick_up is not None:
            self.pick_up.expect(open_order, visit.collects)
        if self._measured[0] <= at < self._measured[1]:
            self.cohort_open += 1
        self.routed += 1
        return open_order

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
            self.carry_out(open_order, order, answer, now, now, backorder)
        self._turns.set_alarm(now)

    def decided(self, decision: Decision, now: float) -> None:
        """Carry out what the router has decided on an order it held, or on lines it kept."""
        order, plan = decision
        open_order = self.open.get(order.id)
        if open_order is None:
            raise RoutingError(f"order {order.id}: the router decides about an order that is not open")
        held, asked_at, backorder = self._held.get(order.id, (None, now, True))
        if held is not None and held.lines == order.lines:
            del self._held[order.id]
            self.carry_out(open_order, held, plan, now, asked_at, backorder)
        else:
            kept = open_order.take_kept(order.lines)
            if self._open_units is not None:
                self._open_units.kept(kept.lines, -1)
            self.carry_out(open_order, kept, plan, now, now, backorder=True)
        if self.office is not None and not self.is_held(open_order.order):
            self.office.decided(open_order)

    def carry_out(
        self,
        open_order: OpenOrder,
        order: Order,
        plan: Plan,
        now: float,
        asked_at: float,
        backorder: bool,
        withdrawn: int = 0,
    ) -> None:
        """Check a plan that the router was asked for at a minute, and do it; so many parcels were `withdrawn`."""
        self._check(order, plan)
        merges = self.merging.begin(open_order, plan) if self.merging is not None and plan.onward else NO_MERGES
        if open_order.counter is not None and plan.collect_until is not None:
            open_order.counter.until = plan.collect_until
        parcels = plan.parcels
        ship_at, deliver_at, kept, dated, lost = told(plan)
        age = 0.0
        for parcel in parcels:
            age += self._feeds.age_of(parcel.site, now)
            self._send(open_order, parcel, now, backorder, merges.get(parcel.via))
            if self._storefront.follows_promises:
                self._storefront.promised(order.id, parcel.lines, now)
        if plan.backordered:
            open_order.kept += plan.backordered
            if self._open_units is not None:
                self._open_units.kept(plan.backordered)
        count = len(parcels)
        # a revision promises anew what it has withdrawn
        promised = (0 if withdrawn else sum([line.quantity for line in order.lines])) - kept - lost
        row = (
            order.id, asked_at, now, open_order.attempts, withdrawn, count, promised, kept, lost, age / max(count, 1),
            ship_at, deliver_at, dated, open_order.promised_anew,
        )  # fmt: skip
        open_order.promised_anew = False
        self._ledger.decisions.append(row)
        if lost:
            self.cancel(open_order, plan.unfilled, now, Cancelled.NOBODY_HAS_IT)

    def _send(self, open_order: OpenOrder, parcel: Parcel, now: float, backorder: bool, merge: Merge | None) -> None:
        """Tell the site; its pickers take the parcel in turn."""
        site = self._sites[parcel.site]
        first = (open_order.parcels % PARCELS_WITH_LUCK) * LUCK_PER_PARCEL
        open_order.parcels += 1
        if self._open_units is not None:
            self._open_units.promised(parcel.site, parcel.lines)
        reached_at = now + site.message_delay
        minutes = site.pick_time.quantile(open_order.luck[first]) * len(parcel.lines)
        job = Job(open_order, parcel, now, reached_at, first, minutes, backorder, merge)
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
                self._env.later(max(0.0, job.picked_at - now), self.picked, job)

    def picked(self, job: Job) -> None:
        """Meet the shelf: take what is there, refuse the rest, hand over what was taken."""
        now = self._env.now
        if job.gone:
            return
        job.gone = True
        parcel = job.parcel
        picked = self.picks.pick(job, now, self._dock.parcels)
        outcome = self._dock.hand_over(job, now, picked) if picked.asked else NOTHING
        if self._open_units is not None:
            self._open_units.over(parcel.site, parcel.lines)
        if job.merge is not None and self.merging is not None:
            self.merging.bring(job, self._dock.parcels - 1, picked, outcome)
        if picked.taken:
            if self.pick_up is not None and job.open_order.counter is not None:
                lines = tuple(picked.taken_of(parcel.lines))
                self.pick_up.bring(job.open_order, self._dock.parcels - 1, lines, outcome)
            self._finish(job.open_order, picked.taken)
        if picked.short:
            delay = self._sites[parcel.site].message_delay if self.office is None else self.office.confirm_delay(job)
            self._env.later(delay, self._refused, job, picked.short, now)

    def _refused(self, job: Job, lines: tuple[Line, ...], found_at: float) -> None:
        """Tell the router what a shelf could not give, or a site had no time for, and send it back there."""
        now = self._env.now
        self._feeds.deliver(now)  # what has arrived before is heard before
        open_order, site = job.open_order, job.parcel.site
        for sku, quantity in lines:
            self._router.observe(Refusal(found_at, open_order.order.id, site, sku, quantity, job.busy_until))
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
            if open_order.counter is not None and self.pick_up is not None:
                self.pick_up.see_to(open_order)
            else:
                self.over(open_order)

    def over(self, open_order: OpenOrder) -> None:
        """Close an order of which nothing can change any more."""
        if open_order.open_units or open_order.under_way:
            return
        order = open_order.order
        del self.open[order.id]
        if self._measured[0] <= order.placed_at < self._measured[1]:
            self.cohort_open -= 1
