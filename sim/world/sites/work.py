"""What waits for the people of a site beside customers: orders to be picked, goods to be received."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario.blocks.labour import LabourBlock
    from sim.world.sites.queues import Job

FIRST, OTHERS = range(2)
Rank = tuple[int, float]


class Task:
    """Work that is no order.

    Parameters
    ----------
    done
        Called when it is over.
    """

    gone = False

    def __init__(self, minutes: float, done: Callable[[], None]) -> None:
        self.minutes = minutes
        self.done = done


def ranks(block: LabourBlock) -> Callable[[Job], Rank]:
    """Return what says where an order stands in the queue: class first, then when it is due where that matters."""
    first, by_due = frozenset(block.first), block.queue == "due_time"

    def rank(job: Job) -> Rank:
        urgent = job.open_order.order.channel in first
        return FIRST if urgent else OTHERS, job.parcel.ship_at if by_due else 0.0

    return rank
