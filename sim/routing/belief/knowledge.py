"""What an engine knows when it decides: what it was told of stock, receipts and sites, and what it has promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sim.contract.news import CartHeld, Closed, Refusal, Release, StockNews
from sim.routing.belief.carts import Carts, less_carts
from sim.routing.belief.closures import Closures
from sim.routing.offers.lines import merged
from sim.routing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Parcel, Plan
    from sim.contract.news import News
    from sim.routing.belief.belief import Belief
    from sim.routing.belief.pools import HeldFrom
    from sim.routing.belief.unconfirmed import Unconfirmed
    from sim.routing.capacity.capacities import Capacities
    from sim.routing.memory import Memory
    from sim.routing.offers.offers import Request
    from sim.routing.waiting.against_supply import AgainstSupply

MOST_REFUSALS = 10_000
"""Refusals that are known again when they are told twice."""
CartsT = TypeVar("CartsT", Carts, None)


class Knowledge:
    """All parts of an engine that learn.

    Parameters
    ----------
    supply
        Goods on their way; None where they are not promised.
    unconfirmed
        Promises of which nothing is heard; None where they are kept.
    memory
        What the strategy remembers; None if nothing.
    may_serve
        Sites that may serve, shape (sites,).
    held_from
        What is held back from channels.
    limits
        What sites take on at most; None if nobody asks.
    """

    def __init__(
        self,
        belief: Belief,
        supply: AgainstSupply | None,
        unconfirmed: Unconfirmed | None,
        memory: Memory | None,
        may_serve: NDArray[np.bool_],
        held_from: HeldFrom,
        limits: Capacities | None = None,
    ) -> None:
        self.belief, self.supply, self.limits = belief, supply, limits
        self._unconfirmed, self._memory = unconfirmed, memory
        self._may_serve, self._usual = may_serve, may_serve.astype(np.float32)
        self._held_from = held_from
        self._carts: Carts | None = None
        self._closures: Closures | None = None
        self._sites = len(belief.observed_at)
        self._refusals: dict[Refusal, None] = {}

    def fresh(self, news: News) -> News | None:
        """Return what of some news is not known yet; None if nothing is.

        A refusal that is told twice releases its promise once: a second time would make units that are not there.
        """
        if isinstance(news, StockNews):
            return self.belief.fresh(news)
        if isinstance(news, Refusal):
            if news in self._refusals:
                return None
            self._refusals[news] = None
            if len(self._refusals) > MOST_REFUSALS:
                del self._refusals[next(iter(self._refusals))]
        return news

    def learn(self, news: News) -> None:
        """Take in what is `fresh` of some news."""
        if self.supply is not None:
            self.supply.hear(news)
        if self._unconfirmed is not None:
            self._unconfirmed.before(news)
        match news:
            case StockNews():
                self.belief.hear(news)
                if self._unconfirmed is not None and news.whole:
                    for cell, units in self._unconfirmed.after(news):
                        if self._memory is not None:
                            self._memory.lost(cell, units, news.observed_at)
            case Refusal():
                self.belief.refused(news)
                if news.busy_until is not None:
                    self._closing().busy(news.site, news.busy_until)
            case Release():
                self.belief.released(news)
            case Closed():
                self._closing().hear(news)
            case CartHeld():
                carts = self._carts or self._keep(Carts())
                carts.hear(news)
        if self._memory is not None:  # nobody hears of a release that cannot be
            self._memory.hear(news)

    def _closing(self) -> Closures:
        self._closures = self._closures or Closures(self._sites)
        return self._closures

    def promise(self, order: Order, plan: Plan, now: float) -> None:
        """Reserve what a plan promises of an order; what its cart has kept for it is promised now, or free."""
        if self._carts is not None and order.cart:
            self._carts.ordered(order.cart, now)
        for parcel in plan.parcels:
            self.belief.promise(parcel.site, parcel.lines)
            if self._unconfirmed is not None:
                self._unconfirmed.note(parcel, now)
            if self._memory is not None:
                self._memory.booked(order, parcel, now)

    def exchange(self, order: Order, withdrawn: Iterable[Parcel], instead: Plan, now: float) -> None:
        """Reserve what a plan promises instead of some parcels, which are not sent."""
        for site, lines, *_ in withdrawn:
            self.belief.release(site, lines)
            if self._memory is not None:
                for sku, quantity in lines:
                    self._memory.hear(Release(now, order.id, site, sku, quantity))
        self.promise(order, instead, now)

    def open_sites(self, now: float) -> NDArray[np.bool_] | None:
        """Return the sites that take orders, shape (sites,); None if all do."""
        return None if self._closures is None else self._closures.open(now)

    def takes(self, order: Order, now: float) -> NDArray[np.bool_] | None:
        """Return the sites that are open and can take an order on top of their work; None if all are."""
        if self._closures is None and self.limits is None:
            return None
        open_sites = self.open_sites(now)
        full = None if self.limits is None else self.limits.full(order, now)
        if full is None:
            return open_sites
        return ~full if open_sites is None else open_sites & ~full

    def opens_at(self, site: int, now: float) -> float:
        """Return the minute from which a site takes orders."""
        return now if self._closures is None else self._closures.opens_at(site, now)

    def open_to(self, request: Request, rows: list[NDArray[np.int32]]) -> list[NDArray[np.int32]]:
        """Return what an order may be promised of some units, by line, each of shape (sites,).

        What is held back from its channel is no part of it, nor what lies in the carts of others.
        """
        held = self._held_from.get(request.order.channel)
        if held is not None:
            rows = [row - kept for row, kept in zip(rows, held.of(self.belief, request.skus), strict=True)]
        if self._carts is None:
            return rows
        serving, cart, now = self._serving_at(request.now), request.order.cart, request.now
        if self.supply is not None and self._carts.holds(cart, now):
            # those who wait have the goods to come; the cart, which was there before them, what stands there
            rows = [row + self.supply.covered(sku) for row, sku in zip(rows, request.skus, strict=True)]
        return [
            less_carts(row, self._carts.of_others(sku, cart, now), serving, wanted)
            for sku, wanted, row in zip(request.skus, request.wanted, rows, strict=True)
        ]

    def total(self, channel: str | None) -> NDArray[np.int64]:
        """Return the units of each product that all sites could promise now, to one channel or to any."""
        available = self.belief.available
        if channel is not None and (held := self._held_from.get(channel)) is not None:
            available = available - held.of(self.belief, slice(None))
        if self._carts is not None:
            available = self.without_carts(available)
        # float32 counts exactly up to 16 million units and sums by BLAS, ten times as fast as integers
        positive = np.maximum(available, 0, dtype=np.float32)
        serving = self._usual if self._closures is None else self._closures.serving(self._usual)
        total: NDArray[np.int64] = (positive @ serving).astype(np.int64)
        return total

    def without_carts(self, available: NDArray[np.int32], now: float | None = None) -> NDArray[np.int32]:
        """Return units of each product at each site without those in carts; None: at the latest minute told."""
        if self._carts is None:
            return available
        available = available.copy()
        for sku in self._carts.products():
            serving = self._may_serve if now is None else self._serving_at(now)
            available[sku] = less_carts(available[sku], self._carts.of_others(sku, "", now), serving)
        return available

    def keeps_for(self, order: Order, now: float) -> bool:
        """Return whether an order's own cart keeps something for it."""
        return self._carts is not None and self._carts.holds(order.cart, now)

    def _keep(self, carts: CartsT) -> CartsT:
        self._carts = carts
        if self.supply is not None:
            self.supply.carts = carts
        return carts

    def _serving_at(self, now: float) -> NDArray[np.bool_]:
        open_sites = self.open_sites(now)
        return self._may_serve if open_sites is None else self._may_serve & open_sites

    def view(self, order: Order, now: float) -> View:
        """Return all that a decision about an order rests on: who recalls it decides the same."""
        memory = self.shared([sku for sku, _ in merged(order).lines]) | self.remembered(order, now)
        return View(self.belief.view([sku for sku, _ in order.lines], now), memory)

    def remembered(self, order: Order, now: float) -> dict[str, Any]:
        """Return what the strategy and the limits remember besides."""
        if self._memory is None:
            return {}
        return {"observed_at": self.belief.observed_at.tolist(), **self._memory.memory(order, now)}

    def shared(self, skus: list[int]) -> dict[str, Any]:
        """Return what is remembered of closed sites, of goods on their way and of carts, as a view does."""
        memory: dict[str, Any] = {} if self._closures is None else {"closed": self._closures.memory()}
        if self.supply is not None:
            memory["expected"] = self.supply.expected.rows(skus)
        if self._carts is not None:
            memory["carts"] = self._carts.rows(skus)
            if self.supply is not None and (waited := self.supply.memory(skus)):
                memory["waited"] = waited
        return memory

    def recall(self, order: Order, view: View) -> None:
        """Believe and remember what a view says."""
        self.believe(view)
        if self._memory is not None:
            self.belief.observed_at[:] = view.memory["observed_at"]
            self._memory.recall(view.memory, order)

    def believe(self, view: View) -> None:
        """Believe what a view says, whatever a strategy remembers besides."""
        self.belief.hear(view.believed)
        if "closed" in view.memory:
            self._closures = Closures(self._sites, view.memory["closed"])
        if self.supply is not None:
            self.supply.expected.restore(view.memory["expected"])
        if "carts" in view.memory:
            self._keep(Carts(view.memory["carts"]))
        if self.supply is not None and "waited" in view.memory:
            self.supply.recall(view.memory["waited"])

    def forget(self, cells: NDArray[np.int64]) -> None:
        """Unlearn what is believed of some cells, what was promised of them, and all else that is remembered."""
        self.belief.forget(cells)
        self._closures = None
        self._refusals.clear()
        self._keep(None)
        for part in (self._unconfirmed, self._memory):
            if part is not None:
                part.forget()
