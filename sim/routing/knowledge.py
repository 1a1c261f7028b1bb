"""What an engine knows when it decides: what it was told of stock, receipts and sites, and what it has promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.contract.news import Closed, Refusal, Release, StockNews
from sim.routing.closures import Closures
from sim.routing.lines import merged
from sim.routing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Order, Parcel, Plan
    from sim.contract.news import News
    from sim.routing.against_supply import AgainstSupply
    from sim.routing.belief import Belief
    from sim.routing.capacity.capacities import Capacities
    from sim.routing.memory import Memory
    from sim.routing.unconfirmed import Unconfirmed


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
    limits
        What sites take on at most; None if nobody asks.
    """

    def __init__(
        self,
        belief: Belief,
        supply: AgainstSupply | None,
        unconfirmed: Unconfirmed | None,
        memory: Memory | None,
        limits: Capacities | None = None,
    ) -> None:
        self.belief, self.supply, self.limits = belief, supply, limits
        self._unconfirmed, self._memory = unconfirmed, memory
        self._closures: Closures | None = None
        self._sites = len(belief.observed_at)

    def learn(self, news: News) -> None:
        """Take in news; of stock what is `Belief.fresh`, with picks since the last news."""
        if self.supply is not None:
            self.supply.hear(news)
        if self._unconfirmed is not None:
            self._unconfirmed.before(news)
        match news:
            case StockNews():
                self.belief.hear(news)
                if self._unconfirmed is not None and news.whole:
                    self._unconfirmed.after(news)
            case Refusal():
                self.belief.refused(news)
            case Release():
                self.belief.released(news)
            case Closed():
                self._closures = self._closures or Closures(self._sites)
                self._closures.hear(news)
        if self._memory is not None:  # nobody hears of a release that cannot be
            self._memory.hear(news)

    def promise(self, order: Order, plan: Plan, now: float) -> None:
        """Reserve what a plan promises."""
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
        open_sites = self.open_sites(now)
        full = None if self.limits is None else self.limits.full(order, now)
        if full is None:
            return open_sites
        return ~full if open_sites is None else open_sites & ~full

    def opens_at(self, site: int, now: float) -> float:
        """Return the minute from which a site takes orders."""
        return now if self._closures is None else self._closures.opens_at(site, now)

    def serving(self, usual: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sites that serve, as 1 and 0: those of `usual` that were open when last heard of."""
        return usual if self._closures is None else self._closures.serving(usual)

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
        """Return what is remembered of closed sites and of goods on their way, as a view does."""
        memory: dict[str, Any] = {} if self._closures is None else {"closed": self._closures.memory()}
        if self.supply is not None:
            memory["expected"] = self.supply.expected.rows(skus)
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

    def forget(self, cells: NDArray[np.int64]) -> None:
        """Unlearn what is believed of some cells, what was promised of them, and all else that is remembered."""
        self.belief.forget(cells)
        self._closures = None
        for part in (self._unconfirmed, self._memory):
            if part is not None:
                part.forget()
