"""Parcels found wrong after the pick: they are picked anew, with luck of their own each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.laws import LEAST_LUCK

if TYPE_CHECKING:
    from sim.chance.tape import Tape
    from sim.laws import Law
    from sim.world.sites.queues import Job


class Again:
    """The check of one site."""

    def __init__(self, tape: Tape, share: float, pick_time: Law) -> None:
        self._luck = tape.counted("rework")
        self._share = share
        self._pick_time = pick_time

    def found_wrong(self, job: Job) -> bool:
        """Return whether a job has to be picked anew; it then takes as long as is its new luck."""
        order, parcel = job.open_order.order.id, job.parcel
        if self._luck(order, job.luck, job.tries, 0) >= self._share:
            return False
        luck = max(self._luck(order, job.luck, job.tries, 1), LEAST_LUCK)
        job.tries += 1
        job.minutes = self._pick_time.quantile(luck) * len(parcel.lines)
        return True
