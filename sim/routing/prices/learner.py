"""What all who look ahead have in common: they remember the engine's own past, and work on a schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.routing.prices.memory import Memory

if TYPE_CHECKING:
    from sim.contract.messages import Order
    from sim.contract.news import StockNews
    from sim.network.network import Network


class Learner:
    """Learns from orders and news.

    Attributes
    ----------
    next_solve
        When `solve` wants to be called, minutes.
    """

    def __init__(self, network: Network, memory_days: float, resolve_every: float) -> None:
        self._memory = Memory(len(network.products), len(network.sites), memory_days)
        self._resolve_every = resolve_every
        self.next_solve: float | None = resolve_every

    def note(self, order: Order) -> None:
        """Remember an order."""
        self._memory.note(order)

    def hear(self, news: StockNews) -> None:
        """Learn from stock news."""
        self._memory.hear(news)

    def forget(self) -> None:
        """Forget the orders of the past."""
        self._memory.forget(float("inf"))

    def _recent(self, now: float) -> Memory:
        """Return what is remembered, without what is too old, and be due again at the next multiple of the span."""
        self.next_solve = (now // self._resolve_every + 1) * self._resolve_every
        self._memory.forget(now)
        return self._memory
