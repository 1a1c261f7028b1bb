"""A router that is not trusted: every answer is timed and held against what it was told, and the run goes on.

What it does wrong is a fault of a kind; then whoever stands in decides, by the policy, and the router is told nothing
of the stand-in's parcels. One that has not answered three times, and no order in between, is not asked any more.
"""

from __future__ import annotations

import math
import time
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import COST_PARTS, Decision, Hold, Line, Plan, Quote, Revision
from sim.contract.news import Cancellation, Closed, Refusal, Release, StockNews, TooLate
from sim.errors import RoutingError
from sim.study.experiment import routing_of
from sim.study.gate.books import Books
from sim.study.gate.faults import Fault, Faults, StoppedError
from sim.study.gate.stand_in import StandIn
from sim.world.orders.plan_check import PlanCheck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import OnOffer, Order
    from sim.contract.news import News
    from sim.contract.router import Router
    from sim.scenario.load import Scenario
    from sim.study.gate.faults import Policy

GIVEN_UP_AFTER = 3
"""Answers that did not come in time, and no plan in between."""
MOST_LETTERS = 300
"""Of a fault that is told."""


class Watched:
    """A `Router` around another one.

    Parameters
    ----------
    before
        Fingerprints of what it said when it was asked the same before; None: it was not.

    Attributes
    ----------
    faults
        What it did wrong.
    seconds
        How long it took to decide, order by order.
    said
        Fingerprints of its answers, in order.
    """

    def __init__(self, router: Router, scenario: Scenario, policy: Policy, before: Sequence[int] | None = None) -> None:
        self._router, self._policy = router, policy
        self._check = PlanCheck(scenario)
        self._products = len(scenario.network.products)
        self._books = Books(scenario.network, gives_up=routing_of(scenario).confirm_within is not None)
        self._stand_in = StandIn(scenario, policy, self._books)
        self._kept: dict[int, Counter[int]] = {}
        self._held: dict[int, tuple[Order, float]] = {}
        self._late_in_a_row = 0
        self._turn, self._had_its_turn = -math.inf, False
        self._before = before
        self.faults = Faults()
        self.seconds: list[float] = []
        self.said: list[int] = []

    # what it is told

    def observe(self, news: News) -> None:
        """Pass news on, but for what concerns the stand-in's parcels alone."""
        match news:
            case StockNews():
                news = self._books.hear(news)
            case Refusal() | Release():
                if not self._books.is_over(news):
                    return
            case Cancellation():
                self._held.pop(news.order, None)
                if self._kept.pop(news.order, None) is None:
                    return
            case TooLate():
                self._books.withdraw(news.revision.plan.parcels)
                self._books.promise(news.revision.withdrawn)
            case Closed():
                self._stand_in.closed(news)
        self._ask(lambda: self._router.observe(news), f"observe({type(news).__name__})")

    # what it is asked

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Ask for a plan; the stand-in's, if there is none that can be carried out."""
        self._had_its_turn = False
        start = time.perf_counter()
        answer = self._ask(lambda: self._router.route(order, now), f"order {order.id}")
        self.seconds.append(time.perf_counter() - start)
        if answer is not None:
            self._late_in_a_row = 0
        self._remember(answer, f"order {order.id}")
        if isinstance(answer, Hold) and answer.until >= now:
            self._held[order.id] = order, answer.until
            self._keep(order.id, order.lines)
            return answer
        if isinstance(answer, Hold):
            self._note(Fault.OVERDUE, f"order {order.id}: held until minute {answer.until}, which is over at {now:g}")
        elif answer is not None and self._is_right(order, answer, now):
            return self._accepted(order, answer)
        return self._instead(order, now)

    def quote(self, order: Order, now: float) -> Quote:
        """Ask for a quote."""
        answer: Quote | None = self._ask(lambda: self._router.quote(order, now), f"quote of order {order.id}")
        if answer is None:
            return self._stand_in.quote(order, now)
        if not (answer.ship_at >= now and answer.deliver_at >= answer.ship_at and answer.price_cents >= 0):
            self._note(Fault.DATES, f"order {order.id}: quoted {answer} at minute {now:g}")
            return self._stand_in.quote(order, now)
        return answer

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Ask what may be published."""
        asked = () if channel is None else (channel,)
        answer = self._ask(lambda: self._router.available(*asked), "available")
        most = self._books.most()
        if answer is None:
            return most
        units: NDArray[np.int64] = np.asarray(answer)
        if units.shape != (self._products,) or units.dtype.kind not in "iu":
            self._note(Fault.FAILED, f"available: shape {units.shape} of {units.dtype}")
            return most
        if ((units < 0) | (units > most)).any():
            sku = int(np.flatnonzero((units < 0) | (units > most))[0])
            self._note(Fault.AVAILABLE, f"{units[sku]} units of product {sku} - expected 0 to {most[sku]}")
            return np.clip(units, 0, most)
        return units

    def next_wake(self) -> float | None:
        """Ask when it wants its turn; an order that it holds has it in time, whatever it says."""
        wake = self._ask(self._router.next_wake, "next_wake")
        after = self._turn if self._had_its_turn else math.nextafter(self._turn, -math.inf)
        if wake is not None and not (isinstance(wake, int | float) and after < wake < math.inf):
            self._note(Fault.SLEEPLESS, f"next_wake: {wake!r}, with its last turn at minute {self._turn:g}")
            wake = self._turn + 1 if self._turn > -math.inf else None
        due = [until for _, until in self._held.values()] + ([] if wake is None else [float(wake)])
        return max(min(due), math.nextafter(after, math.inf)) if due else None

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Give it its turn; what it decides has to be about what it holds, keeps or has sent."""
        self._turn, self._had_its_turn = now, True
        answers = self._ask(lambda: self._router.tick(now), "tick") or []
        self._remember(answers, f"the turn of minute {now:g}")
        right: list[Decision | Revision | OnOffer] = []
        for answer in answers:
            if isinstance(answer, Decision):
                right += self._decided(answer, now)
                continue
            if isinstance(answer, Revision):
                self._books.withdraw(answer.withdrawn)
                self._books.promise(answer.plan.parcels)
            elif answer.order in self._held:
                self._held[answer.order] = self._held[answer.order][0], answer.until
            right.append(answer)
        for number, (order, until) in list(self._held.items()):
            if until <= now:
                self._note(Fault.OVERDUE, f"order {number}: not decided by minute {until:g}")
                del self._held[number], self._kept[number]
                right.append(Decision(order, self._instead(order, now)))
        return right

    def __getattr__(self, name: str) -> Any:
        """Say where goods go back to, if the router does."""
        if name != "goes_back_to":
            raise AttributeError(name)
        self._router.goes_back_to  # type: ignore[attr-defined]  # noqa: B018  raises what the host looks for
        return self._goes_back_to

    def _goes_back_to(self, order: Order, now: float) -> int:
        site = self._ask(lambda: self._router.goes_back_to(order, now), f"return of order {order.id}")  # type: ignore[attr-defined]
        if site is None:
            raise RoutingError(f"order {order.id}: nobody says where it goes back to")
        return int(site)

    # what is made of it

    def _ask(self, call: Callable[[], Any], what: str) -> Any:
        """Return an answer, None if there is none."""
        if self._late_in_a_row >= GIVEN_UP_AFTER:
            return None
        start = time.perf_counter()
        try:
            answer = call()
        except StoppedError:
            raise
        except Exception as error:  # whatever a foreign router or its line comes up with
            took = time.perf_counter() - start
            late = took >= self._policy.seconds
            self._late_in_a_row += late
            self._note(Fault.LATE if late else Fault.FAILED, f"{what}: {type(error).__name__}: {error}")
            return None
        return answer

    def _is_right(self, order: Order, plan: Plan, now: float) -> bool:
        """Return whether a plan can be carried out on what the router was told."""
        try:
            self._check(order, plan)
        except (RoutingError, AttributeError, IndexError, TypeError, ValueError) as error:
            self._note(Fault.WRONG, str(error))
            return False
        asked: dict[tuple[int, int], int] = {}
        for parcel in plan.parcels:
            if not now - 1e-6 <= parcel.ship_at <= parcel.deliver_at < math.inf:
                dates = f"ship_at {parcel.ship_at:g}, deliver_at {parcel.deliver_at:g}"
                self._note(Fault.DATES, f"order {order.id}: {dates} - expected {now:g} or later, in this order")
                return False
            if len(parcel.cents) != len(COST_PARTS) or not all([0 <= cents < math.inf for cents in parcel.cents]):
                self._note(Fault.COSTS, f"order {order.id}: cents {parcel.cents}")
                return False
            for sku, quantity in parcel.lines:
                asked[sku, parcel.site] = asked.get((sku, parcel.site), 0) + quantity
        for cell, quantity in asked.items():
            if quantity > self._books.free(*cell):
                told = f"told {self._books.told(*cell)}, promised {self._books.promised(*cell)}"
                where = f"{quantity} of product {cell[0]} from site {cell[1]}"
                self._note(Fault.OVERSOLD, f"order {order.id}: {where}, of which it was {told}")
                return False
        return True

    def _accepted(self, order: Order, plan: Plan) -> Plan:
        self._books.promise(plan.parcels)
        self._keep(order.id, plan.backordered)
        return plan

    def _keep(self, number: int, lines: Iterable[Line]) -> None:
        for sku, quantity in lines:
            self._kept.setdefault(number, Counter())[sku] += quantity

    def _instead(self, order: Order, now: float) -> Plan:
        plan = self._stand_in.plan(order, now)
        self._books.stand_in(order.id, plan)
        return plan

    def _decided(self, decision: Decision, now: float) -> list[Decision | Revision | OnOffer]:
        """Return what comes of a decision of its own."""
        order, plan = decision
        kept = self._kept.get(order.id, Counter())
        if any([quantity > kept[sku] for sku, quantity in order.lines]):
            self._note(Fault.UNASKED, f"order {order.id}: decides {order.lines}, and holds or keeps {dict(kept)}")
            return []
        self._held.pop(order.id, None)
        for sku, quantity in order.lines:
            kept[sku] -= quantity
        right = self._is_right(order, plan, now)
        return [Decision(order, self._accepted(order, plan) if right else self._instead(order, now))]

    def _remember(self, answer: Any, what: str) -> None:
        """Hold an answer against the one to the same question before; only the first other one counts."""
        fingerprint = zlib.crc32(repr(answer).encode())
        self.said.append(fingerprint)
        if self._before is None:
            return
        place = len(self.said) - 1
        if place >= len(self._before) or self._before[place] != fingerprint:
            self._before = None
            self._note(Fault.OTHERWISE, f"{what}: asked again in a fresh run, it answers {answer}")

    def _note(self, kind: Fault, what: str) -> None:
        self.faults.note(kind, what[:MOST_LETTERS])
        if self._policy.then == "stop":
            raise StoppedError(kind, what[:MOST_LETTERS])
