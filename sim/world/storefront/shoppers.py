"""Who comes to the storefront, one after the other, as the tape has them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.chance.tape import Shopper, Tape
    from sim.world.agenda import Agenda
    from sim.world.orders.fulfilment import Fulfilment


class Shoppers:
    """Sees to who waits already, then lets the shoppers in one after the other, until the measured cohort is finished.

    Attributes
    ----------
    over
        When it is.
    """

    def __init__(
        self,
        env: Agenda,
        tape: Tape,
        arrive: Callable[[Shopper], object],
        fulfilment: Fulfilment,
        end: float,
        limit: float,
    ) -> None:
        self._env = env
        self._arrive = arrive
        self._fulfilment = fulfilment
        self._end, self._limit = end, limit
        days = range(math.ceil(limit / MINUTES_PER_DAY))
        self._coming = (shopper for day in days for shopper in tape.shoppers(day))
        self.over = env.event()
        if tape.backlog:
            env.later(0.0, self._see_to, tape.backlog)
        self._expect()

    def _see_to(self, waiting: list[Shopper]) -> None:
        for shopper in waiting:
            self._fulfilment.take_over(shopper)

    def _expect(self) -> None:
        now, shopper = self._env.now, next(self._coming, None)
        if shopper is None:
            self._env.later(max(0.0, self._limit - now), self.over.succeed)
        else:
            self._env.later(max(0.0, shopper.at - now), self._come, shopper)

    def _come(self, shopper: Shopper) -> None:
        self._arrive(shopper)
        now = self._env.now
        if now >= self._end and (self._fulfilment.cohort_open == 0 or now >= self._limit):
            self.over.succeed()
        else:
            self._expect()
