"""When promotions run, on a date or by chance, and whom they bring."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sim.chance.arrivals import cdf
from sim.chance.spells import recurring
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.streams import Hashed
    from sim.scenario.blocks.demand import PromotionBlock
    from sim.scenario.load import Scenario

Span = tuple[float, float]


class Promotion:
    """Whom a promotion brings by one channel.

    Attributes
    ----------
    more
        Shoppers it brings, relative to the usual ones of the channel.
    """

    def __init__(
        self,
        scenario: Scenario,
        name: str,
        block: PromotionBlock,
        channel: int,
        channel_name: str,
        lines: float,
        luck_of: Callable[[str, str], Hashed],
    ) -> None:
        self.entity = f"{name}/{channel_name}"
        self._runs = runs_of(scenario, name, block, luck_of)
        promoted = scenario.among(block)
        population = np.array([place.population for place in scenario.network.places], dtype=float)
        people = population / population.sum()
        tastes = scenario.tastes
        weights = scenario.popularity[np.newaxis] if tastes is None else tastes.weights[channel]
        self._region = np.zeros(len(people), dtype=np.int64) if tastes is None else tastes.region
        wanted = np.where(promoted, weights, 0.0)
        share = wanted.sum(axis=1)[self._region]  # of what each place wants, that is promoted
        self.place_cdf = cdf(people * share)
        self._cdfs = np.apply_along_axis(cdf, 1, wanted)
        self.more = (block.times - 1) * float(people @ share) * lines

    def spans(self, local_day: int) -> list[Span]:
        """Return the parts of a day on which it runs, minutes of the shoppers' own clocks."""
        midnight = local_day * MINUTES_PER_DAY
        parts = ((max(start - midnight, 0.0), min(end - midnight, MINUTES_PER_DAY)) for start, end in self._runs)
        return [(low, high) for low, high in parts if low < high]

    def draw(self, u: NDArray[np.float64], place: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a product for each shopper."""
        found = np.empty(len(u), dtype=np.int64)
        region = self._region[place]
        for r in np.unique(region).tolist():
            those = region == r
            found[those] = np.searchsorted(self._cdfs[r], u[those], side="right")
        return found


def runs_of(scenario: Scenario, name: str, block: PromotionBlock, luck_of: Callable[[str, str], Hashed]) -> list[Span]:
    """Return when a promotion begins and ends, minutes from the start date's midnight on the shoppers' own clocks."""
    clock = scenario.file.clock
    if block.starts is not None and block.ends is not None:
        midnight = datetime.combine(clock.start, time(0))
        low, high = ((at - midnight) / timedelta(minutes=1) for at in (block.starts, block.ends))
        return [(low, high)]
    assert block.per_year is not None, "a promotion is scheduled or random"
    assert block.lasts is not None, "a random promotion says how long"
    # local days may begin before and end after those of the scenario's clock
    horizon = (clock.warm_up + clock.measure + clock.drain_limit + 2) * MINUTES_PER_DAY
    return recurring(luck_of("promotion_runs", name), block.per_year, block.lasts.build(), horizon)
