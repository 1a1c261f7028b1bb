"""The engine: belief + offers + cost + promise + one strategy = a `Router`."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Cancellation, Decision, Line, Parcel, Plan, Refusal, Release, StockNews
from sim.routing.backorders import Backorders
from sim.routing.belief import Belief
from sim.routing.offers import Request, Share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import News, Order
    from sim.network.network import Network
    from sim.routing.backorders import BackorderPolicy
    from sim.routing.cost import ParcelCosts
    from sim.routing.promise import Promises
    from sim.routing.strategies.strategy import Strategy


class Engine:
    """Routes orders by one strategy. Has no clock: it is told the time, and never goes back.

    Parameters
    ----------
    may_serve
        Sites that may serve, shape (sites,).
    safety_stock
        Units of each product that are never promised, by site, shape (sites,).
    backorders
        What to do with lines that nobody has; None gives them up at once.

    Attributes
    ----------
    time_limit_s
        Seconds after which a decision has to end with the best it has; for services only: such a plan is marked, as
        it cannot be repeated.
    record
        Told every decision: the order, the moment, what was believed of its products, and the plan.
    """

    def __init__(
        self,
        network: Network,
        strategy: Strategy,
        *,
        costs: ParcelCosts,
        promises: Promises,
        may_serve: NDArray[np.bool_],
        safety_stock: NDArray[np.int32],
        backorders: BackorderPolicy | None,
    ) -> None:
        self._zone = network.zone_lists
        self._strategy = strategy
        self._costs = costs
        self._promises = promises
        self._serving = may_serve.astype(np.float32)
        self._belief = Belief(len(network.products), len(network.sites), safety_stock)
        self._backorders = None if backorders is None else Backorders(backorders)
        self.time_limit_s: float | None = None
        self.record: Callable[[Order, float, StockNews, Plan], None] | None = None

    def observe(self, news: News) -> None:
        """Hear stock news, a refusal, a release or a cancellation."""
        match news:
            case StockNews():
                self._belief.hear(news)
            case Refusal():
                self._belief.refused(news)
            case Release():
                self._belief.released(news)
            case Cancellation() if self._backorders is not None:
                self._backorders.drop(news.order)

    def available(self) -> NDArray[np.int64]:
        """Return the units of each product that could be promised now, shape (products,)."""
        # float32 counts exactly up to 16 million units and sums by BLAS, ten times as fast as integers
        positive = np.maximum(self._belief.available, 0, dtype=np.float32)
        total: NDArray[np.int64] = (positive @ self._serving).astype(np.int64)
        return total

    def route(self, order: Order, now: float) -> Plan:
        """Decide, reserve what is promised, and keep or give up the rest."""
        plan = self._decide(order, now)
        if plan.unfilled and self._backorders is not None:
            self._backorders.keep(order._replace(lines=plan.unfilled), now)
            plan = plan._replace(backordered=plan.unfilled, unfilled=())
        return plan

    def next_wake(self) -> float | None:
        """Return when backordered lines are to be tried again."""
        return None if self._backorders is None else self._backorders.next_wake

    def tick(self, now: float) -> list[Decision]:
        """Try all backordered lines again, first come first served; give up those past their deadline."""
        if self._backorders is None:
            return []
        decisions = []
        for order, deadline in self._backorders.due(now):
            plan = self._decide(order, now)
            if plan.unfilled and now < deadline:
                self._backorders.put_back(order._replace(lines=plan.unfilled), deadline, now)
                plan = plan._replace(backordered=plan.unfilled, unfilled=())
            if plan.parcels or plan.unfilled:
                decisions.append(Decision(order, plan))
        return decisions

    def candidates(self, order: Order, now: float) -> list[Parcel]:
        """Return the parcel that each site could send: most units first, the cheaper first. Nothing is promised."""
        request = Request(order, self._belief.available, now)
        parcels = []
        for site in np.flatnonzero(self._serving).tolist():
            if site in order.refused_by or not self._zone[request.place][site]:
                continue
            rows = zip(request.wanted, request.rows, strict=True)
            basket = tuple([max(0, min(wanted, int(row[site]))) for wanted, row in rows])
            if any(basket):
                parcels.append(self._parcel(request, Share(site, basket), _given(request, basket)))
        able = [parcel for parcel in parcels if math.isfinite(sum(parcel.cents))]
        return sorted(able, key=lambda parcel: (-sum([q for _, q in parcel.lines]), sum(parcel.cents), parcel.site))

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, what was promised of it, and all kept lines: for answers that remember nothing."""
        self._belief.forget(news.cells)
        if self._backorders is not None:
            self._backorders.due(0.0)

    def _decide(self, order: Order, now: float) -> Plan:
        if self.record is None:
            return self._plan(order, now)
        believed = self._belief.view([sku for sku, _ in order.lines], now)
        plan = self._plan(order, now)
        self.record(order, now, believed, plan)
        return plan

    def _plan(self, order: Order, now: float) -> Plan:
        request = Request(order, self._belief.available, now)
        if self.time_limit_s is not None:
            request.deadline = time.perf_counter() + self.time_limit_s
        shares = self._strategy.choose(request)
        if len(shares) == 1 and shares[0].basket == request.wanted:
            return Plan((self._promised(request, shares[0], order.lines),), reason="whole", limited=request.limited)
        parcels = []
        left = list(request.wanted)
        for share in shares:
            parcels.append(self._promised(request, share, _given(request, share.basket)))
            left = [q - b for q, b in zip(left, share.basket, strict=True)]
        unfilled = _given(request, left)
        reason = "part" if unfilled else "split"
        return Plan(tuple(parcels), unfilled=unfilled, reason=reason, limited=request.limited)

    def _promised(self, request: Request, share: Share, lines: tuple[Line, ...]) -> Parcel:
        parcel = self._parcel(request, share, lines)
        self._belief.promise(share.site, lines)
        return parcel

    def _parcel(self, request: Request, share: Share, lines: tuple[Line, ...]) -> Parcel:
        site, place = share.site, request.place
        zone = self._zone[place][site]
        label, service, days = self._costs.rates(request, share.basket).by_zone[zone]
        ship_at, deliver_at = self._promises.dates(request.now, site, place, service, days)
        cents = self._costs.parts(site, label, len(lines), sum(share.basket))
        return Parcel(site, lines, service, ship_at, deliver_at, cents)


def _given(request: Request, basket: Iterable[int]) -> tuple[Line, ...]:
    return tuple([Line(sku, q) for sku, q in zip(request.skus, basket, strict=True) if q])
