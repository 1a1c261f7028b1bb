"""The carrier's label service: a call for a label may fail, and is made again until it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.chance.order_luck import OrderLuck
    from sim.ledger.ledger import Ledger
    from sim.scenario.blocks.order_messages import LabelBlock
    from sim.world.sites.queues import Job


class Labels:
    """Prints labels for packed parcels."""

    def __init__(self, block: LabelBlock, luck: OrderLuck, ledger: Ledger) -> None:
        self._fail = block.fail
        self._retry_after = block.retry_after.build()
        self._luck = luck
        self._ledger = ledger

    def printed_at(self, packed_at: float, job: Job, parcel: int) -> float:
        """Return when a parcel has its label: it is asked for when packed, and again after each failure."""
        order, at, failures = job.open_order.order.id, packed_at, 0
        while self._luck.fails(self._fail, order, job.luck, failures):
            failures += 1
            at += self._luck.minutes("label", self._retry_after, order, job.luck * 1000 + failures)
        if failures:
            self._ledger.labels.append((parcel, order, packed_at, failures))
        return at
