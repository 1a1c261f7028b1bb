"""The engine: belief + offers + cost + promise + one strategy = a `Router`."""

from __future__ import annotations

import time
from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Decision, Plan
from sim.contract.news import Cancellation
from sim.routing.asked import check_asked
from sim.routing.belief.belief import Belief
from sim.routing.belief.knowledge import Knowledge
from sim.routing.belief.pools import HeldFrom
from sim.routing.belief.unconfirmed import Unconfirmed
from sim.routing.objective.priced import Steering
from sim.routing.offers.lines import all_given_up, all_kept, as_answered, merged, quoted
from sim.routing.offers.offers import Request, Share
from sim.routing.offers.parcels import Parcels
from sim.routing.returns import goes_back_to
from sim.routing.rules.reasons import Reason
from sim.routing.strategies.by_rules import ByRules
from sim.routing.view import Parts, View
from sim.routing.waiting.against_supply import against_supply
from sim.routing.waiting.backorders import Backorders
from sim.routing.ways.kits import answered, chosen
from sim.routing.ways.means import Means
from sim.routing.ways.narrowed import rows_at
from sim.routing.ways.offered import usual_ways

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Hold, OnOffer, Order, Quote, Revision
    from sim.contract.news import News, StockNews
    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.promise import Promises
    from sim.routing.rules.notes import Notes
    from sim.routing.strategies.strategy import Strategy
    from sim.routing.waiting.backorders import BackorderPolicy
    from sim.routing.ways.offered import Ways

NOTHING_STEERS, NOTHING_HELD = Steering(), HeldFrom()
# An order refused for one of these is not kept to be tried again.
FINAL = (Reason.INSUFFICIENT_STOCK, Reason.PERMANENT_EXCEPTION, Reason.DESTINATION_REQUIRED)


class Engine:
    """Routes orders by one strategy. Has no clock: it is told the time, and never goes back.

    Parameters
    ----------
    may_serve
        Sites that may serve, shape (sites,).
    safety_stock
        Units that are never promised, shape (sites,) or (products, sites).
    held_from
        What is held back from channels on top of that.
    backorders
        What to do with lines that nobody has; None gives them up at once.
    ways
        How orders may be fulfilled besides being sent to the shopper; None: not at all.
    confirm_within
        Minutes after which promises of which nothing is heard are given up, see `Unconfirmed`; None keeps them.
    name, fingerprint
        See `Parts`.
    steering
        What penalties are told of each parcel, and what they remember.

    Attributes
    ----------
    time_limit_s
        Seconds after which a decision ends with the best it has; for services only: such a plan is marked.
    record
        Told every decision: the order, the moment, what it rests on, and the plan.
    """

    def __init__(
        self,
        network: Network,
        strategy: Strategy | ByRules,
        *,
        costs: ParcelCosts,
        promises: Promises,
        may_serve: NDArray[np.bool_],
        safety_stock: NDArray[np.int32],
        backorders: BackorderPolicy | None,
        held_from: HeldFrom = NOTHING_HELD,
        ways: Ways | None = None,
        confirm_within: float | None = None,
        name: str = "",
        fingerprint: str = "",
        steering: Steering = NOTHING_STEERS,
    ) -> None:
        self._network, self._may_serve = network, may_serve
        self._known_as = name, fingerprint, steering.limits
        self.ways = usual_ways(network) if ways is None else ways
        self._strategy, self._held_from = strategy, held_from
        self._costs, self._promises = costs, promises
        self._belief = Belief(len(network.products), len(network.sites), safety_stock)
        self._supply = against_supply(backorders, self.parts())
        self._backorders = None if backorders is None else Backorders(backorders, self._supply)
        self._parcels = Parcels(network, costs, promises, steering.objective)
        if steering.counters is not None:
            steering.counters.observed_at = self._belief.observed_at
        unconfirmed = None if confirm_within is None else Unconfirmed(confirm_within, self._belief)
        memory = strategy if isinstance(strategy, ByRules) else steering.counters
        self._knowledge = Knowledge(
            self._belief, self._supply, unconfirmed, memory, may_serve, held_from, steering.limits
        )
        self.time_limit_s: float | None = None
        self.record: Callable[[Order, float, View, Plan], None] | None = None

    def observe(self, news: News) -> None:
        """Hear news of stock and receipts, a refusal, a release, a cancellation or a closure."""
        if (fresh := self._knowledge.fresh(news)) is not None:
            self.learn(fresh)

    def learn(self, news: News) -> None:
        """Take in news that is fresh."""
        self._knowledge.learn(news)
        if isinstance(news, Cancellation) and self._backorders is not None:
            self._backorders.drop(news.order)

    def open_sites(self, now: float) -> NDArray[np.bool_] | None:
        """Return the sites that take orders, shape (sites,); None if all do."""
        return self._knowledge.open_sites(now)

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Return the units of each product that could be promised now, shape (products,): to a channel, or to any."""
        return self._knowledge.total(channel)

    def quote(self, order: Order, now: float) -> Quote:
        """Return dates and price of the plan that would be made now."""
        return quoted(self.plan(self.request(order, now)))

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Decide, reserve what is promised, and keep or give up the rest."""
        return self.route_now(order, now)

    def route_now(self, order: Order, now: float) -> Plan:
        """Do so without holding the order, whatever the strategy."""
        request = self.request(order, now)
        return self.settle(request, self.decide(request))

    def goes_back_to(self, order: Order, now: float) -> int:
        """Return the site that what an order holds should go back to, from its place."""
        return goes_back_to(self, order, now)

    def route_batch(self, orders: Sequence[Order], now: float) -> list[Plan]:
        """Decide about some orders, one after the other."""
        return [self.route_now(order, now) for order in orders]

    def request(self, order: Order, now: float) -> Request:
        """Return an order as the strategy sees it."""
        check_asked(order, self._network)
        request = Request(merged(order), self._belief.available, now)
        if (takes := self._knowledge.takes(request.order, now)) is not None:
            request.rows = rows_at(takes, request.rows)
        request.rows = self._knowledge.open_to(request, request.rows)
        request.deadline = None if self.time_limit_s is None else time.perf_counter() + self.time_limit_s
        request.covers = None if self._supply is None else self._supply.covers
        return request

    def held_back(self, request: Request) -> NDArray[np.int32] | int:
        """Return the units that are kept from an order for others, shape (lines, sites); 0 where none are."""
        rows = [self._belief.available[sku] for sku in request.skus]
        open_to = self._knowledge.open_to(request, rows)
        return 0 if open_to is rows else np.subtract(rows, open_to)

    def decide(self, request: Request, notes: Notes | None = None) -> Plan:
        """Return a `plan` that is going to be carried out: whoever keeps a record is told of it."""
        if self.record is None:
            return self.plan(request, notes)
        view = self.view(request.order, request.now)
        plan = self.plan(request, notes)
        self.record(request.order, request.now, view, plan)
        return plan

    def plan(self, request: Request, notes: Notes | None = None) -> Plan:
        """Return what the strategy answers; nothing is reserved and nothing kept.

        Parameters
        ----------
        notes
            Takes down why, if given, where rules decide.
        """
        if self.ways.concern(request.order):
            return self.ways.plan(request, self.means(notes))
        return self._usual(request, notes)

    def _usual(self, request: Request, notes: Notes | None = None) -> Plan:
        """Return what the strategy answers."""
        if isinstance(self._strategy, ByRules):
            return self._dated(request, self._by_rules(request, self._strategy, notes))
        plan = self._dated(request, self._parcels.plan(request, chosen(self._strategy, request)))
        return plan._replace(limited=True) if request.limited else plan

    def _dated(self, request: Request, plan: Plan) -> Plan:
        """Return a plan with the dates of what it promises against goods on their way."""
        if self._supply is None or not (plan.unfilled or plan.backordered) or plan.reason in FINAL:
            return plan
        return self._supply.dated(request, plan, choose=not isinstance(self._strategy, ByRules))

    def means(self, notes: Notes | None = None) -> Means:
        """Return what the engine lends to those who plan with it."""

        def choose(request: Request) -> Plan:
            if notes is not None:
                notes.clear()  # of several plans that were thought of, the last is told
            return self._usual(request, notes)

        return Means(choose, self._parcels.one, self._costs, self._promises, self._knowledge.opens_at)

    def settle(self, request: Request, plan: Plan) -> Plan:
        """Reserve what a plan promises, keep what may still come, and return the plan as it stands then."""
        self._promise(request.order, plan, request.now)
        answer = self.answer(plan)
        if answer.backordered and self._backorders is not None:
            self._backorders.keep(self.ways.rest(request.order, answer), answer, request.now)
        return answer

    def answer(self, plan: Plan) -> Plan:
        """Return a plan as the host is told of it: what is open is backordered if this engine keeps backorders."""
        keeps = (plan.unfilled or plan.backordered) and self._backorders is not None and plan.reason not in FINAL
        return all_kept(plan) if keeps else plan

    def parts(self) -> Parts:
        """Return what this engine is made of: to look at, not to change."""
        return Parts(
            self._network, self._strategy, self._costs, self._promises, self._belief, self._may_serve,
            self._held_from, *self._known_as,
        )  # fmt: skip

    def variant(self, strategy: Strategy | ByRules, costs: ParcelCosts, promises: Promises) -> Engine:
        """Return this engine on another strategy, other prices or promises, to be asked for a `plan` and no more.

        It shares this one's memory.
        """
        twin = copy(self)
        twin._strategy, twin._costs, twin._promises = strategy, costs, promises
        twin._parcels = self._parcels.at(costs, promises)
        return twin

    def next_wake(self) -> float | None:
        """Return when backordered lines are to be tried again."""
        return None if self._backorders is None else self._backorders.next_wake

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Send what has come in, and try backordered lines again, first come first served; give up the overdue."""
        if self._backorders is None:
            return []
        late = self._backorders.late(now)
        return [*self._released(now), *self._tried_again(late + self._backorders.due(now), late, now)]

    def _tried_again(
        self, due: list[tuple[Order, float]], late: list[tuple[Order, float]], now: float
    ) -> list[Decision | Revision | OnOffer]:
        """Decide on lines that were kept, each with its deadline; the host is told of lost dates."""
        decisions: list[Decision | Revision | OnOffer] = []
        if self._backorders is None:
            return decisions
        for kept, deadline in due:
            request = self.request(kept, now)
            order = request.order  # what waits for two sites is one line again
            plan = self.decide(request)
            self._promise(order, plan, now)
            if (plan.unfilled or plan.backordered) and now < deadline and plan.reason not in FINAL:
                plan = all_kept(plan)
                self._backorders.keep(self.ways.rest(order, plan), plan, now, deadline)
            elif plan.backordered:  # past its deadline, what is still to come comes too late
                plan = all_given_up(plan)
            if plan.parcels or plan.unfilled or plan.backordered_dates or (kept, deadline) in late:
                decisions.append(Decision(order, plan))
        return decisions

    def _released(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Send from their sites the lines whose goods have come: where from was decided when they got their date."""
        decisions: list[Decision | Revision | OnOffer] = []
        for order, site in [] if self._supply is None else self._supply.served(now):
            parcel = self._parcels.one(
                self.request(order, now), Share(site, tuple([n for _, n in order.lines])), order.lines
            )
            plan = Plan((parcel,), reason="released")
            self._promise(order, plan, now)
            decisions.append(Decision(order, plan))
        return decisions

    def view(self, order: Order, now: float) -> View:
        """Return all that a decision about an order rests on: who recalls it decides the same."""
        return self._knowledge.view(order, now)

    def recall(self, order: Order, view: View) -> None:
        """Believe and remember what a view says."""
        self._knowledge.recall(order, view)

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, what was promised of it, and all else that is remembered."""
        self._knowledge.forget(news.cells)
        if self._backorders is not None:
            self._backorders.forget()

    def _promise(self, order: Order, plan: Plan, now: float) -> None:
        """Reserve what a plan promises."""
        self._knowledge.promise(order, plan, now)

    def _by_rules(self, request: Request, strategy: ByRules, notes: Notes | None) -> Plan:
        answer = answered(strategy, request, self._belief.observed_at, notes)
        plan = self._parcels.plan(request, [Share(site, tuple(basket)) for site, basket in answer.gives.items()])
        return as_answered(plan, answer, request.skus)
