"""Lines that nobody is believed to have: kept in the order they came, tried again, given up after a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.routing.ways.kits import whole_ones

if TYPE_CHECKING:
    from sim.contract.messages import Order


@dataclass(frozen=True, slots=True)
class BackorderPolicy:
    """When kept lines are tried again and for how long, minutes."""

    retry_every: float
    give_up_after: float


@dataclass(slots=True)
class Backorders:
    """The queue, first come first served."""

    policy: BackorderPolicy
    waiting: list[tuple[Order, float]] = field(default_factory=list)
    next_wake: float | None = None

    def keep(self, order: Order, now: float) -> None:
        """Put an order's open lines at the end of the queue."""
        # sites that once refused may have been restocked when the order is tried again
        kept = order._replace(refused_by=(), kits=whole_ones(order) if order.kits else ())
        self.waiting.append((kept, now + self.policy.give_up_after))
        if self.next_wake is None:
            # on a fixed beat, so that the moment of a retry does not depend on who came first
            self.next_wake = (now // self.policy.retry_every + 1) * self.policy.retry_every

    def due(self, now: float) -> list[tuple[Order, float]]:
        """Take everything out of the queue; who is still waiting must be put back with `put_back`."""
        due, self.waiting, self.next_wake = self.waiting, [], None
        return due

    def put_back(self, order: Order, deadline: float, now: float) -> None:
        """Keep an order that was tried in vain, with its old deadline."""
        self.waiting.append((order, deadline))
        self.next_wake = (now // self.policy.retry_every + 1) * self.policy.retry_every

    def drop(self, number: int) -> None:
        """Forget all that is kept of an order."""
        self.waiting = [(order, deadline) for order, deadline in self.waiting if order.id != number]
        if not self.waiting:
            self.next_wake = None
