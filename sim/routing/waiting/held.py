"""Orders that say until when they are to be held: nobody gives or reserves anything for them before.

When its hold is over, an order is dealt with as if it had come at that minute: it is decided, joins a batch or goes on
offer, as the engine's other orders do. Until then a storefront is told of so many units less, wherever they lie.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any, cast

from sim.contract.messages import Decision, Hold, OnOffer, Plan
from sim.contract.news import Cancellation
from sim.routing.asked import hold_of
from sim.routing.engine import Engine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Order, Revision
    from sim.contract.news import News, StockNews

NOTHING_SENT = Plan(())


class Holding(Engine):
    """Any engine, holding orders for as long as they say; see `holding`."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self._until: list[tuple[float, int, Order]] = []
        self._came = 0

    def learn(self, news: News) -> None:
        """Take in news; of an order that is cancelled nothing is held."""
        super().learn(news)
        if isinstance(news, Cancellation):
            self._until = [one for one in self._until if one[2].id != news.order]

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Return what could be promised beyond the orders that are held, shape (products,)."""
        total = super().available(channel)
        for *_, order in self._until:
            for sku, quantity in order.lines:
                total[sku] = max(0, total[sku] - quantity)
        return total

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Hold an order that is not to be given to anybody yet."""
        hold = hold_of(order, now)
        if hold is None:
            return super().route(order, now)
        self.ways.check(self.request(order, now).order)  # what cannot be is refused now, not when the hold is over
        self._knowledge.promise(order, NOTHING_SENT, now)  # and what a cart has kept for it is kept no longer
        insort(self._until, (order.hold_until, self._came, order))
        self._came += 1
        return hold

    def next_wake(self) -> float | None:
        """Return when a hold is over, or anything else is due."""
        other = super().next_wake()
        if not self._until:
            return other
        wakes = [until for until, *_ in self._until[:1]] + ([] if other is None else [other])
        return min(wakes, default=None)

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Deal with the orders whose hold is over, the earliest first, then with all else that is due."""
        answers: list[Decision | Revision | OnOffer] = []
        while self._until and self._until[0][0] <= now:
            *_, order = self._until.pop(0)
            answer = super().route(order, now)
            if isinstance(answer, Hold):  # by the engine's own rule: the host is told of its new end
                answers.append(OnOffer(order.id, answer.offered_to, answer.until))
            else:
                answers.append(Decision(order, answer))
        other = super().next_wake()
        if answers and (other is None or now < other):
            return answers
        return answers + super().tick(now)

    def forget(self, news: StockNews) -> None:
        """Unlearn what news said, and all that is held."""
        super().forget(news)
        self._until = []


def holding(kind: type[Engine]) -> type[Engine]:
    """Return the kind of engine that holds orders that say so, and else is as another kind is."""
    return cast("type[Engine]", type(f"Holding{kind.__name__}", (Holding, kind), {}))
