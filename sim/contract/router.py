"""What a routing engine must be able to do. The host owns the clock; the engine is only ever told the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, News, Order, Plan


class Router(Protocol):
    """Five verbs. Ours is `sim.routing.engine.Engine`; anybody's will do."""

    def observe(self, news: News) -> None:
        """Hear news from the sites. Refusals release the promise that was refused."""
        ...

    def route(self, order: Order, now: float) -> Plan:
        """Decide how to serve an order, and reserve what is promised."""
        ...

    def available(self) -> NDArray[np.int64]:
        """Return the units of each product that could be promised now: what a storefront may publish."""
        ...

    def tick(self, now: float) -> list[Decision]:
        """Try again the lines kept as backordered; to be called at `next_wake`."""
        ...

    def next_wake(self) -> float | None:
        """Return the minute at which `tick` wants to be called, None when nothing waits."""
        ...
