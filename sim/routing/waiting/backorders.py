"""Lines that nobody is believed to have: kept in the order they came, tried again, given up after a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.routing.ways.kits import whole_ones

if TYPE_CHECKING:
    from sim.contract.messages import Order, Plan
    from sim.routing.waiting.against_supply import AgainstSupply

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class BackorderPolicy:
    """When kept lines are tried again and for how long, minutes.

    Parameters
    ----------
    promise_within
        How far ahead goods on their way may be promised; None promises none of them.
    channels_first
        Whose orders go first among those promised the same receipts.
    """

    retry_every: float
    give_up_after: float
    promise_within: float | None = None
    channels_first: tuple[str, ...] = ()


class Backorders:
    """The queue, first come first served.

    Parameters
    ----------
    supply
        Where lines wait that are promised against goods on their way; None: nowhere.
    """

    def __init__(self, policy: BackorderPolicy, supply: AgainstSupply | None = None) -> None:
        self._policy, self._supply = policy, supply
        self._waiting: list[tuple[Order, float]] = []
        self._beat: float | None = None

    @property
    def next_wake(self) -> float | None:
        """When something is to be tried again, or has come in or is said to come; None while nothing waits."""
        if self._supply is None:
            return self._beat
        told_at = self._supply.told_at if self._waiting else NEVER
        wake = min([at for at in (self._beat, self._supply.next_wake, told_at) if at is not None])
        return None if wake == NEVER else wake

    def keep(self, order: Order, plan: Plan, now: float, deadline: float | None = None) -> None:
        """Put what a plan has backordered at the end of the queue.

        Parameters
        ----------
        deadline
            When it is given up, if it has been tried in vain before; its beat goes on from now.
        """
        new = deadline is None
        until = now + self._policy.give_up_after if deadline is None else deadline
        lines = plan.backordered if self._supply is None else self._supply.keep(order, plan, until, now)
        if not lines:
            return
        if self._supply is not None and not self._waiting:
            self._supply.told_at = NEVER  # this order has just been decided with all that is known
        # sites that once refused may have been restocked when the order is tried again
        kept = order._replace(lines=lines, refused_by=(), kits=whole_ones(order) if order.kits else ())
        self._waiting.append((kept, until))
        if self._beat is None or not new:
            # on a fixed beat, so that the moment of a retry does not depend on who came first
            self._beat = (now // self._policy.retry_every + 1) * self._policy.retry_every

    def late(self, now: float) -> list[tuple[Order, float]]:
        """Take out the lines whose date no longer holds, with their deadlines."""
        return [] if self._supply is None else self._supply.late(now)

    def due(self, now: float) -> list[tuple[Order, float]]:
        """Take out what has no date and is to be tried again; what still waits then must be kept again."""
        if self._supply is not None:
            told, self._supply.told_at = self._supply.told_at < NEVER, NEVER
            if not told and (self._beat is None or now < self._beat):
                return []  # woken for goods that have come
        due, self._waiting, self._beat = self._waiting, [], None
        return due

    def drop(self, number: int) -> None:
        """Forget all that is kept of an order; what was promised of goods on their way is dropped there."""
        self._waiting = [(order, deadline) for order, deadline in self._waiting if order.id != number]
        if not self._waiting:
            self._beat = None

    def forget(self) -> None:
        """Forget everything."""
        self._waiting, self._beat = [], None
        if self._supply is not None:
            self._supply.forget()
