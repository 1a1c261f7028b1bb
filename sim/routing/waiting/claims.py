"""Orders on offer: a few sites are asked at once, and the first to claim an order has it.

The sites asked are those the strategy itself would choose, one after the other, to serve all of the order. Their units
are reserved as long as they are asked, so that whoever claims can be believed, and no unit is promised twice. A site
asked in vain is not asked again; when nobody is left, or the rounds are over, the strategy decides by itself, and may
then choose anybody who has not said no. Orders that come back from a site are decided at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sim.contract.messages import Decision, Hold, OnOffer, Plan
from sim.contract.news import Cancellation, Claim, Unclaim
from sim.errors import RoutingError
from sim.routing.engine import Engine
from sim.routing.offers.lines import merged
from sim.routing.offers.offers import Share
from sim.routing.view import View

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Line, Order, Revision
    from sim.contract.news import News, StockNews
    from sim.routing.offers.offers import Request
    from sim.routing.rules.notes import Notes

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Whom to ask, and how long.

    Parameters
    ----------
    candidates
        Sites asked at once.
    timeout
        Minutes they have.
    rounds
        How often others are asked.
    """

    candidates: int
    timeout: float
    rounds: int


@dataclass(slots=True)
class _Asked:
    """An order, whom it is on offer to, and who has said what.

    Attributes
    ----------
    wake
        When there is something to decide about it.
    """

    order: Order
    lines: tuple[Line, ...]
    rounds_left: int
    asked: tuple[int, ...] = ()
    open_to: tuple[int, ...] = ()
    declined: tuple[int, ...] = ()
    claimed_by: int | None = None
    wake: float = NEVER
    deadline: float = NEVER


class Claiming(Engine):
    """Any engine that decides one order at a time, asking before it decides; see `claiming`."""

    def __init__(self, *parts: Any, claims: ClaimRule, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._claims = claims
        self._on_offer: dict[int, _Asked] = {}
        self._claimed: dict[int, int] = {}

    def observe(self, news: News) -> None:
        """Hear news, claims among it.

        Raises
        ------
        RoutingError
            If a site claims an order that is not on offer to it, or no longer.
        """
        if isinstance(news, Claim | Unclaim):
            self._hear_site(news)
            return
        if isinstance(news, Cancellation) and (one := self._on_offer.pop(news.order, None)) is not None:
            self._take_back(one)
        super().observe(news)

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Return what could be promised beyond the orders on offer, each counted once, shape (products,)."""
        for one in self._on_offer.values():
            for site in one.open_to:
                self._belief.release(site, one.lines)
        total = super().available(channel)
        for one in self._on_offer.values():
            for site in one.open_to:
                self._belief.promise(site, one.lines)
            for sku, quantity in one.lines:
                total[sku] = max(0, total[sku] - quantity)
        return total

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Offer an order to the sites that are best for it; decide at once if none can serve all of it."""
        if order.refused_by or order.id in self._on_offer:
            return super().route(order, now)
        one = _Asked(order, merged(order).lines, self._claims.rounds)
        if not self._ask(one, now):
            return super().route(order, now)
        self._on_offer[order.id] = one
        return Hold(one.deadline, one.open_to)

    def next_wake(self) -> float | None:
        """Return when a claim, the end of a round, or anything else is due."""
        wakes = [one.wake for one in self._on_offer.values()]
        other = super().next_wake()
        return min(wakes if other is None else [*wakes, other], default=None)

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Give claimed orders to who claimed them, ask others for those that nobody claimed, or decide."""
        answers: list[Decision | Revision | OnOffer] = []
        for one in [one for one in self._on_offer.values() if one.wake <= now]:
            self._take_back(one)
            if one.claimed_by is None and self._ask(one, now):
                answers.append(OnOffer(one.order.id, one.open_to, one.deadline))
            else:
                del self._on_offer[one.order.id]
                answers.append(Decision(one.order, self._decided(one, now)))
        other = super().next_wake()
        return answers + super().tick(now) if other is not None and now >= other else answers

    def plan(self, request: Request, notes: Notes | None = None) -> Plan:
        """Return the plan of the strategy, or the parcel of the site that has claimed the order."""
        site = self._claimed.get(request.order.id)
        if site is None:
            return super().plan(request, notes)
        plan = self._parcels.plan(request, [Share(site, request.wanted)])
        return plan._replace(reason="claimed")

    def view(self, order: Order, now: float) -> View:
        """Return all that a decision rests on: who has claimed the order as well."""
        believed, memory = super().view(order, now)
        site = self._claimed.get(order.id)
        return View(believed, memory if site is None else {**memory, "claimed_by": site})

    def recall(self, order: Order, view: View) -> None:
        """Believe, and remember who has claimed the order, as a view says."""
        super().recall(order, view)
        if "claimed_by" in view.memory:
            self._claimed[order.id] = int(view.memory["claimed_by"])

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, and all that is on offer."""
        super().forget(news)
        self._on_offer, self._claimed = {}, {}

    def _hear_site(self, news: Claim | Unclaim) -> None:
        one = self._on_offer.get(news.order)
        if one is None or news.site not in one.open_to:
            name = self._network.sites[news.site].id
            raise RoutingError(f"order {news.order} is not on offer to {name}, or no longer")
        if isinstance(news, Claim):
            if one.claimed_by not in (None, news.site):
                name = self._network.sites[one.claimed_by].id
                raise RoutingError(f"order {news.order} has been claimed before, by {name}")
            one.claimed_by, one.wake = news.site, min(one.wake, news.at)
            return
        one.declined += (news.site,)
        one.open_to = tuple([site for site in one.open_to if site != news.site])
        self._belief.release(news.site, one.lines)
        if one.claimed_by == news.site:
            one.claimed_by, one.wake = None, one.deadline
        if not one.open_to:
            one.wake = min(one.wake, news.at)

    def _ask(self, one: _Asked, now: float) -> bool:
        """Ask the best sites not asked before; return whether there are any, and a round left to ask them in."""
        if one.rounds_left == 0:
            return False
        found: list[int] = []
        for _ in range(self._claims.candidates):
            request = self.request(one.order._replace(refused_by=one.asked), now)
            plan = super().plan(request)
            if len(plan.parcels) != 1 or plan.backordered or plan.unfilled:
                break
            found.append(plan.parcels[0].site)
            one.asked += (found[-1],)
        if not found:
            return False
        for site in found:
            self._belief.promise(site, one.lines)
        one.open_to = tuple(found)
        one.rounds_left -= 1
        one.wake = now + self._claims.timeout
        one.deadline = one.wake
        return True

    def _decided(self, one: _Asked, now: float) -> Plan:
        """Give an order to who has claimed it, if the units are still there; else let the strategy decide."""
        order, site = one.order, one.claimed_by
        request = self.request(order, now)
        if site is not None and all(row[site] >= n for row, n in zip(request.rows, request.wanted, strict=True)):
            self._claimed[order.id] = site
            plan = self.route_now(order, now)
            del self._claimed[order.id]
            return plan
        return self.route_now(order._replace(refused_by=one.declined), now)

    def _take_back(self, one: _Asked) -> None:
        for site in one.open_to:
            self._belief.release(site, one.lines)
        one.open_to = ()


def claiming(kind: type[Engine]) -> type[Engine]:
    """Return the kind of engine that asks before it decides as another kind does."""
    return cast("type[Engine]", type(f"Claiming{kind.__name__}", (Claiming, kind), {}))
