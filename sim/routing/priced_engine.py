"""An engine that looks ahead: it learns from its own past and has stock priced on a schedule, off the hot path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.contract.news import StockNews
from sim.routing.engine import Engine
from sim.routing.prices.planner import Shares
from sim.routing.view import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, OnOffer, Order, Plan, Revision
    from sim.contract.news import News
    from sim.routing.offers.offers import Request
    from sim.routing.prices.planner import Planner


class Foresight(Protocol):
    """Learns from orders and news, and solves for what its strategy reads on a schedule."""

    @property
    def next_solve(self) -> float | None:
        """When `solve` wants to be called, minutes; None if never."""
        ...

    def note(self, order: Order) -> None:
        """Remember an order."""
        ...

    def hear(self, news: StockNews) -> None:
        """Learn from stock news."""
        ...

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Renew what the strategy reads; called at `next_solve`, with the units believed available."""
        ...

    def forget(self) -> None:
        """Forget the orders of the past."""
        ...


class Pricing(Foresight, Protocol):
    """Solves for the worth of stock.

    Attributes
    ----------
    values
        What the strategy reads, by product; written in place.
    """

    values: NDArray[np.float64]


class ForesightEngine(Engine):
    """An `Engine` whose strategy reads what was solved for ahead.

    Routing an order never waits for a solve: that is done in `tick`, at fixed simulated times.
    """

    def __init__(self, *parts: Any, foresight: Foresight, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._foresight = foresight

    def learn(self, news: News) -> None:
        """Hear stock news or a refusal, and learn from it."""
        super().learn(news)
        if isinstance(news, StockNews):
            self._foresight.hear(news)

    def settle(self, request: Request, plan: Plan) -> Plan:
        """Carry out a plan, and remember an order that comes for the first time."""
        if not request.order.refused_by:
            self._foresight.note(request.order)
        return super().settle(request, plan)

    def next_wake(self) -> float | None:
        """Return when backorders are to be tried again or something is to be solved for."""
        wakes = [at for at in (super().next_wake(), self._foresight.next_solve) if at is not None]
        return min(wakes, default=None)

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Solve if it is time, then try backordered lines if it is time."""
        due = self._foresight.next_solve
        if due is not None and now >= due:
            self._foresight.solve(self._belief.available, now)
        backorders = super().next_wake()
        return super().tick(now) if backorders is not None and now >= backorders else []

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, and the orders of the past."""
        super().forget(news)
        self._foresight.forget()


class PricedEngine(ForesightEngine):
    """An engine whose strategy reads prices of stock."""

    def __init__(self, *parts: Any, foresight: Pricing, **more: Any) -> None:
        super().__init__(*parts, foresight=foresight, **more)
        self._pricer = foresight

    def view(self, order: Order, now: float) -> View:
        """Return all that a decision rests on: the worth of stock of the order's products as well."""
        believed, memory = super().view(order, now)
        return View(believed, {**memory, "values": [self._pricer.values[sku].tolist() for sku, _ in order.lines]})

    def recall(self, order: Order, view: View) -> None:
        """Believe, and value stock, as a view says."""
        super().recall(order, view)
        for (sku, _), value in zip(order.lines, view.memory["values"], strict=True):
            self._pricer.values[sku] = value

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, and the worth of the products it spoke of."""
        super().forget(news)
        self._pricer.values[np.unique(news.cells // len(self._may_serve))] = 0.0


class PlannedEngine(ForesightEngine):
    """An engine whose strategy reads a plan."""

    def __init__(self, *parts: Any, foresight: Planner, **more: Any) -> None:
        super().__init__(*parts, foresight=foresight, **more)
        self._planner = foresight

    def view(self, order: Order, now: float) -> View:
        """Return all that a decision rests on: what is planned for the order's products as well."""
        believed, memory = super().view(order, now)
        rows = self._planner.rows(order.place, [sku for sku, _ in order.lines])
        return View(believed, {**memory, "plan": [None if row is None else list(row) for row in rows]})

    def recall(self, order: Order, view: View) -> None:
        """Believe, and plan, as a view says."""
        super().recall(order, view)
        rows = [None if row is None else Shares(*row) for row in view.memory["plan"]]
        self._planner.write(order.place, [sku for sku, _ in order.lines], rows)
