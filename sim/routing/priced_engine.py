"""An engine that looks ahead: it learns from its own past and has stock priced on a schedule, off the hot path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sim.contract.messages import StockNews
from sim.routing.engine import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, Hold, News, Order, Plan, Revision


class Foresight(Protocol):
    """Learns from orders and news, and solves for the worth of stock on a schedule."""

    next_solve: float

    def note(self, order: Order) -> None:
        """Remember an order."""
        ...

    def hear(self, news: StockNews) -> None:
        """Learn from stock news."""
        ...

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Renew what the strategy reads; called at `next_solve`, with the units believed available."""
        ...


class PricedEngine(Engine):
    """An `Engine` whose strategy reads prices that a pricer writes.

    Routing an order never waits for a solve: prices are solved for in `tick`, at fixed simulated times.
    """

    def __init__(self, *parts: Any, pricer: Foresight, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._pricer = pricer

    def observe(self, news: News) -> None:
        """Hear stock news or a refusal, and learn from it."""
        super().observe(news)
        if isinstance(news, StockNews):
            self._pricer.hear(news)

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Decide, and remember an order that comes for the first time."""
        if not order.refused_by:
            self._pricer.note(order)
        return super().route(order, now)

    def next_wake(self) -> float | None:
        """Return when backorders are to be tried again or prices to be solved for."""
        backorders = super().next_wake()
        return self._pricer.next_solve if backorders is None else min(backorders, self._pricer.next_solve)

    def tick(self, now: float) -> list[Decision | Revision]:
        """Solve for prices if it is time, then try backordered lines if it is time."""
        if now >= self._pricer.next_solve:
            self._pricer.solve(self._belief.available, now)
        backorders = super().next_wake()
        return super().tick(now) if backorders is not None and now >= backorders else []
