"""An engine that decides on many orders at once: it holds them for a window, and re-evaluates what it has sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.contract.messages import Decision, Hold, Plan, Refusal, Revision, StockNews, TooLate
from sim.routing.engine import Engine
from sim.routing.joint.assigned import Assigned, Sent
from sim.routing.joint.batch import Limits, solve_batch
from sim.routing.joint.entry import Entry
from sim.routing.joint.standing import Standing
from sim.routing.lines import all_kept, merged
from sim.routing.offers import Request

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import News, Order
    from sim.routing.joint.entry import Offer
    from sim.routing.joint.standing import Terms

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
    """

    def __init__(self, *parts: Any, terms: Terms, rule: JointRule, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._terms = terms
        self._rule = rule
        self._held: list[Order] = []
        self._decide_at = self._reevaluate_at = NEVER
        self._assigned = Assigned(self._belief.available.shape[1]) if rule.reevaluate_every else None

    def observe(self, news: News) -> None:
        """Hear stock news, a refusal, or that a revision came too late."""
        if isinstance(news, TooLate):
            self._restore(news.revision)
            return
        super().observe(news)
        if self._assigned is None:
            return
        if isinstance(news, StockNews):
            self._assigned.hear(news)
        elif isinstance(news, Refusal):
            self._assigned.refused(news)

    def available(self) -> NDArray[np.int64]:
        """Return what could be promised beyond the orders that are held, shape (products,)."""
        total = super().available()
        for order in self._held:
            for sku, quantity in order.lines:
                total[sku] -= quantity
        return total

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Hold an order for the batch; decide at once about one that comes back."""
        window = self._rule.window
        if order.refused_by or window == 0:
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

    def tick(self, now: float) -> list[Decision | Revision]:
        """Decide jointly on all that is due. Revisions come first: other decisions may need what they set free."""
        queue: list[tuple[Order, float | None]] = []
        late: list[tuple[Order, float]] = []
        if now >= self._decide_at:
            queue += [(order, None) for order in self._held]
            self._held, self._decide_at = [], NEVER
        backorders = super().next_wake()
        if self._backorders is not None and backorders is not None and now >= backorders:
            late = self._backorders.late(now)
            queue += late + self._backorders.due(now)
        standing: list[Standing] = []
        if self._assigned is not None and now >= self._reevaluate_at:
            self._reevaluate_at = NEVER
            standing = self._standing(self._assigned)
            self._set_reevaluation(now)
        released: list[Decision | Revision] = list(self._released(now))
        return released + (self._decide_all(queue, standing, now, late) if queue or standing else [])

    def _decide_all(
        self,
        queue: list[tuple[Order, float | None]],
        standing: list[Standing],
        now: float,
        late: list[tuple[Order, float]],
    ) -> list[Decision | Revision]:
        terms = self._terms
        stock = self._belief.available.copy()
        for one in standing:
            for parcel in one.parcels():
                for sku, quantity in parcel.lines:
                    stock[sku, parcel.site] += quantity
        entries = [one.entry(stock, now, terms) for one in standing]
        for order, _ in queue:
            request = Request(merged(order), stock, now)
            held = self._held_from.get(order.channel)
            entries.append(Entry(request, terms.objective, terms.max_parcels, terms.unserved_cents, held=held))
        offers = solve_batch(entries, stock, self._rule.limits).offers
        answers: list[Decision | Revision] = []
        for one, entry, offer in zip(standing, entries, offers, strict=False):
            revision = self._revise(one, entry, offer)
            if revision is not None:
                answers.append(revision)
        new = zip(queue, entries[len(standing) :], offers[len(standing) :], strict=True)
        plans = [self._serve(order, entry, offer, now) for (order, _), entry, offer in new]
        for (order, deadline), served in zip(queue, plans, strict=True):
            plan = self._conclude(order, deadline, served, now)
            news = plan.parcels or plan.unfilled or plan.backordered_dates or (order, deadline) in late
            if news or deadline is None:
                answers.append(Decision(order, plan))
        return answers

    def _serve(self, order: Order, entry: Entry, offer: Offer, now: float) -> Plan:
        """Promise an offer."""
        plan = self._plan_of(entry.request, list(offer))
        self._promise(order, plan, now)
        return plan

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

    def _note(self, order: Order, plan: Plan, now: float, due: float | None = None) -> None:
        """Remember what was sent, for the next re-evaluation."""
        if self._assigned is None or not plan.parcels:
            return
        due = max([parcel.deliver_at for parcel in plan.parcels]) if due is None else due
        for parcel in plan.parcels:
            self._assigned.send(Sent(order, parcel, due))
        self._set_reevaluation(now)

    def _set_reevaluation(self, now: float) -> None:
        every = self._rule.reevaluate_every
        if self._reevaluate_at == NEVER and self._assigned is not None and self._assigned.free():
            self._reevaluate_at = (now // every + 1) * every

    def _standing(self, assigned: Assigned) -> list[Standing]:
        by_order: dict[int, list[Sent]] = {}
        for sent in assigned.free():
            by_order.setdefault(sent.order.id, []).append(sent)
        return [Standing(sent) for sent in by_order.values()]

    def _revise(self, one: Standing, entry: Entry, offer: Offer) -> Revision | None:
        """Replace parcels by those of a better offer; one that does not serve all means: leave it as it is."""
        withdrawn, shares = one.changed(offer)
        if not withdrawn or entry.unserved(offer) or self._assigned is None:
            return None
        plan = Plan(self._plan_of(entry.request, shares).parcels, reason="revised")
        for parcel in withdrawn:
            self._belief.release(parcel.site, parcel.lines)
        self._assigned.withdraw(one.order.id, withdrawn)
        for parcel in plan.parcels:
            self._belief.promise(parcel.site, parcel.lines)
        self._note(one.order, plan, entry.request.now, one.due)
        return Revision(one.order.id, withdrawn, plan)

    def _restore(self, revision: Revision) -> None:
        """Take back a revision that came too late."""
        for parcel in revision.plan.parcels:
            self._belief.release(parcel.site, parcel.lines)
        for parcel in revision.withdrawn:
            self._belief.promise(parcel.site, parcel.lines)
        if self._assigned is not None:
            self._assigned.withdraw(revision.order, revision.plan.parcels)
            self._assigned.begun(revision.order, revision.withdrawn)
