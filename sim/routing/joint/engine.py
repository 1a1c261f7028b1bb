"""An engine that decides on many orders at once: it holds them for a window, and re-evaluates what it has sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import Decision, Hold, Order, Plan, Revision
from sim.contract.news import Cancellation, Refusal, Release, StockNews, TooLate
from sim.routing.asked import check_asked
from sim.routing.engine import Engine
from sim.routing.joint.assigned import Assigned, Sent
from sim.routing.joint.batch import Limits
from sim.routing.joint.priority import solve_by_priority
from sim.routing.joint.room import Room
from sim.routing.joint.standing import standing_of
from sim.routing.joint.together import Batch, Together, lay_out
from sim.routing.offers.lines import all_kept
from sim.routing.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import OnOffer
    from sim.contract.news import News
    from sim.routing.joint.batch import Solved
    from sim.routing.joint.standing import Standing, Terms
    from sim.routing.joint.together import Table

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class JointRule:
    """When many orders are decided at once, minutes.

    Parameters
    ----------
    window
        Orders are held until the next multiple of it; 0 decides each at once.
    past_cut_off
        Whether they are held even if a site's pick-up is missed by it; if not, the batch is decided before.
    reevaluate_every
        Parcels not known to be picked are thought over at every multiple of it; 0 never.
    """

    window: float
    past_cut_off: bool = False
    reevaluate_every: float = 0.0
    limits: Limits = field(default_factory=Limits)


class JointEngine(Engine):
    """An `Engine` whose decisions are made in batches; what comes back from a site is decided at once.

    Backordered lines that are due are decided in the same batch.

    Attributes
    ----------
    record_batch
        Told every joint decision, as `record` is told every other: the batch, the moment, what it rests on, and what
        was decided.
    """

    def __init__(self, *parts: Any, terms: Terms, rule: JointRule, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._terms = terms
        self._rule = rule
        self._held: list[Order] = []
        self._decide_at = self._reevaluate_at = NEVER
        self._assigned = Assigned(self._belief.available.shape[1]) if rule.reevaluate_every else None
        self.record_batch: Callable[[Batch, float, View, Together], None] | None = None

    def learn(self, news: News) -> None:
        """Hear stock news, a refusal, a cancellation, or that a revision came too late."""
        if isinstance(news, TooLate):
            self._restore(news)
            return
        super().learn(news)
        if isinstance(news, Cancellation):
            self._held = [order for order in self._held if order.id != news.order]
            self._decide_at = self._decide_at if self._held else NEVER
        if self._assigned is None:
            return
        if isinstance(news, StockNews):
            self._assigned.hear(news)
        elif isinstance(news, Refusal | Release):
            self._assigned.given_up(news)

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Return what could be promised beyond the orders that are held, shape (products,)."""
        total = super().available(channel)
        for order in self._held:
            for sku, quantity in order.lines:
                total[sku] -= quantity
        return np.maximum(total, 0)

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Hold an order for the batch; decide at once about one that comes back."""
        check_asked(order, self._network)
        window = self._rule.window
        if order.refused_by or window == 0 or self._at_once(order, now):
            return self.route_now(order, now)
        if not self._held:
            self._decide_at = (now // window + 1) * window
            if not self._rule.past_cut_off:
                self._decide_at = min(self._decide_at, self._promises.good_until(now))
        self._held.append(order)
        return Hold(self._decide_at)

    def next_wake(self) -> float | None:
        """Return when a batch, backorders or a re-evaluation are due."""
        backorders = super().next_wake()
        wake = min(self._decide_at, self._reevaluate_at, NEVER if backorders is None else backorders)
        return None if wake == NEVER else wake

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Decide jointly on all that is due. Revisions come first: other decisions may need what they set free."""
        queue: list[tuple[Order, float | None]] = []
        due: list[tuple[Order, float]] = []
        late: list[tuple[Order, float]] = []
        if now >= self._decide_at:
            queue += [(order, None) for order in self._held]
            self._held, self._decide_at = [], NEVER
        backorders = super().next_wake()
        if self._backorders is not None and backorders is not None and now >= backorders:
            late = self._backorders.late(now)
            due = late + self._backorders.due(now)
            queue += [one for one in due if not self.ways.concern(one[0])]
        sent: list[Sent] = []
        if self._assigned is not None and now >= self._reevaluate_at:
            self._reevaluate_at = NEVER
            sent = self._assigned.free()
            self._set_reevaluation(now)
        answers = self._released(now)
        answers += self._tried_again([one for one in due if self.ways.concern(one[0])], late, now)
        if not queue and not sent:
            return answers
        together = self._decided(Batch(tuple([order for order, _ in queue]), tuple(sent)), now)
        dues = {one.order.id: one for one in standing_of(sent)}
        for revision in together.revisions:
            self._carry_out(revision, dues[revision.order], now)
        answers += together.revisions
        for (order, deadline), plan in zip(queue, self._settled(queue, together.plans, now), strict=True):
            news = plan.parcels or plan.unfilled or plan.backordered_dates or (order, deadline) in late
            if news or deadline is None:
                answers.append(Decision(order, plan))
        return answers

    def route_batch(self, orders: Sequence[Order], now: float) -> list[Plan]:
        """Decide jointly on some orders, now; those that take more than the usual choice come after, one by one."""
        for order in orders:
            check_asked(order, self._network)
        apart = [self._at_once(order, now) for order in orders]
        usual = [order for order, alone in zip(orders, apart, strict=True) if not alone]
        decided = self._decided(Batch(tuple(usual)), now).plans
        plans = iter(self._settled([(order, None) for order in usual], decided, now))
        both = zip(orders, apart, strict=True)
        return [self.route_now(order, now) if alone else next(plans) for order, alone in both]

    def decide_together(self, batch: Batch, now: float) -> Together:
        """Return a joint decision: a pure function of what is asked and what is believed."""
        table, solved = self.solve(batch, now)
        stand = len(table.standing)
        revisions = []
        for one, entry, offer in zip(table.standing, table.entries, solved.offers, strict=False):
            withdrawn, shares = one.changed(offer)
            if withdrawn:
                plan = Plan(self._parcels.plan(entry.request, shares).parcels, reason="revised", limited=solved.limited)
                revisions.append(Revision(one.order.id, withdrawn, plan))
        plans = []
        for entry, offer in zip(table.entries[stand:], solved.offers[stand:], strict=True):
            plan = self._parcels.plan(entry.request, list(offer))
            plans.append(plan._replace(limited=True) if solved.limited else plan)
        return Together(tuple(plans), tuple(revisions))

    def solve(self, batch: Batch, now: float) -> tuple[Table, Solved]:
        """Return a batch and what each of its entries would be given now.

        What stands and could not be served whole by other offers is left as it is, and out of the batch: its units are
        nobody else's.
        """
        available, open_sites = self._knowledge.without_carts(self._belief.available, now), self.open_sites(now)
        if open_sites is not None:
            available = np.where(open_sites, available, np.minimum(available, 0))
        room = Room(self._knowledge.limits, now)
        while True:
            table = lay_out(batch, available, self._held_from.now(self._belief), self._terms, now, room)
            solved = self._solved(table)
            standing = zip(table.standing, table.entries, solved.offers, strict=False)
            stuck = {one.order.id for one, entry, offer in standing if entry.unserved(offer)}
            if not stuck and not room.overfilled(table.entries, solved.offers, len(self._may_serve)):
                return table, solved
            batch = batch._replace(sent=tuple([one for one in batch.sent if one.order.id not in stuck]))

    def view_batch(self, batch: Batch, now: float) -> View:
        """Return all that a joint decision rests on besides the batch itself."""
        memory = self._knowledge.shared(batch.skus) | self._knowledge.remembered(batch.some_order, now)
        return View(self._belief.view(batch.skus, now), memory)

    def recall_batch(self, batch: Batch, view: View) -> None:
        """Believe and remember what the view of a joint decision says."""
        self._knowledge.recall(batch.some_order, view)

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, what is held and what was sent."""
        super().forget(news)
        self._held, self._decide_at, self._reevaluate_at = [], NEVER, NEVER
        if self._assigned is not None:
            self._assigned = Assigned(len(self._may_serve))

    def _at_once(self, order: Order, now: float) -> bool:
        """Return whether an order is no matter of a batch: what its cart has kept is for nobody else to compete for."""
        return self.ways.concern(order) or self._knowledge.keeps_for(order, now)

    def _solved(self, table: Table) -> Solved:
        limits = self._rule.limits
        if self.time_limit_s is not None:
            limits = replace(limits, seconds=self.time_limit_s)
        return solve_by_priority(table.entries, table.stock, limits)

    def _decided(self, batch: Batch, now: float) -> Together:
        """Return a joint decision that is going to be carried out: whoever keeps a record is told of it."""
        if self.record_batch is None:
            return self.decide_together(batch, now)
        view = self.view_batch(batch, now)
        together = self.decide_together(batch, now)
        self.record_batch(batch, now, view, together)
        return together

    def _settled(self, queue: Sequence[tuple[Order, float | None]], plans: Sequence[Plan], now: float) -> list[Plan]:
        """Reserve what all of some plans promise, then keep or give up what they do not serve.

        The deadline of an order that is decided for the first time is None.
        """
        for (order, _), plan in zip(queue, plans, strict=True):
            self._promise(order, plan, now)
        return [
            self._conclude(order, deadline, plan, now) for (order, deadline), plan in zip(queue, plans, strict=True)
        ]

    def _conclude(self, order: Order, deadline: float | None, plan: Plan, now: float) -> Plan:
        """Keep or give up what is not served, once all is promised; None is an order decided for the first time."""
        if not plan.unfilled or self._backorders is None or (deadline is not None and now >= deadline):
            return plan
        rest = self._dated(self.request(order, now), plan._replace(parcels=()))
        plan = all_kept(rest)._replace(parcels=plan.parcels)
        self._backorders.keep(order, plan, now, deadline)
        return plan

    def _promise(self, order: Order, plan: Plan, now: float) -> None:
        super()._promise(order, plan, now)
        self._note(order, plan, now)

    def _note(self, order: Order, plan: Plan, now: float, promised: Standing | None = None) -> None:
        """Remember what was sent, for the next re-evaluation; a revision does not change what was promised."""
        if self._assigned is None or not plan.parcels or self.ways.concern(order):
            return
        due = max([parcel.deliver_at for parcel in plan.parcels]) if promised is None else promised.due
        ship_by = max([parcel.ship_at for parcel in plan.parcels]) if promised is None else promised.ship_by
        for parcel in plan.parcels:
            self._assigned.send(Sent(order, parcel, due, ship_by))
        self._set_reevaluation(now)

    def _set_reevaluation(self, now: float) -> None:
        every = self._rule.reevaluate_every
        if self._reevaluate_at == NEVER and self._assigned is not None and self._assigned.free():
            self._reevaluate_at = (now // every + 1) * every

    def _carry_out(self, revision: Revision, one: Standing, now: float) -> None:
        """Replace parcels by those of a better offer."""
        self._knowledge.exchange(one.order, revision.withdrawn, revision.plan, now)
        if self._assigned is not None:
            self._assigned.withdraw(revision.order, revision.withdrawn)
        self._note(one.order, revision.plan, now, one)

    def _restore(self, news: TooLate) -> None:
        """Take back a revision that came too late."""
        at, revision = news
        order = Order(revision.order, at, 0, ())
        if self._assigned is not None:
            order = self._assigned.withdraw(revision.order, revision.plan.parcels)[0].order
            self._assigned.begun(revision.order, revision.withdrawn)
        self._knowledge.exchange(order, revision.plan.parcels, Plan(revision.withdrawn), at)
