"""What a routing engine must be able to do. The host owns the clock; the engine is only ever told the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, Hold, OnOffer, Order, Plan, Quote, Revision
    from sim.contract.news import News


class Router(Protocol):
    """Six verbs. Ours is `sim.routing.engine.Engine`; anybody's will do."""

    def observe(self, news: News) -> None:
        """Hear news from the sites. Refusals release the promise that was refused."""
        ...

    def quote(self, order: Order, now: float) -> Quote:
        """Return what an order would be promised now, and reserve nothing."""
        ...

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Decide how to serve an order and reserve what is promised, or hold it for a decision by `tick`."""
        ...

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Return the units of each product that could be promised now: what a storefront may publish.

        Parameters
        ----------
        channel
            To whose orders; a host that makes no difference between channels does not say.
        """
        ...

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Decide on orders held, try again lines kept as backordered, revise parcels; to be called at `next_wake`.

        A decision about lines kept may keep them again: with another date than they had, or without one.
        """
        ...

    def next_wake(self) -> float | None:
        """Return the minute at which `tick` wants to be called, None when nothing waits."""
        ...


class TakesBack(Protocol):
    """A router that also says where goods go back to; the others send them nowhere."""

    def goes_back_to(self, order: Order, now: float) -> int:
        """Return the site that what an order holds should go back to, from its place."""
        ...
