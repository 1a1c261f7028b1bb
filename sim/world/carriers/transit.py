"""How many working days a parcel takes, given its luck: small luck is late, by every law."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from itertools import accumulate
from statistics import NormalDist
from typing import TYPE_CHECKING

from sim.scenario.blocks.carrier_luck import TableTransit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.network.lane import Lane
    from sim.scenario.blocks.carrier_luck import LateBlock, SpreadTransit
    from sim.scenario.blocks.carriers import ServiceBlock

# A law is laid out until all but so much of it is told, or for so many days.
TOLD, MOST_DAYS = 1 - 1e-9, 120


class Late:
    """A share of parcels takes some working days more than published."""

    def __init__(self, block: LateBlock) -> None:
        self.share = block.share
        self._extra = sorted(block.extra_days)
        self._cumulative = list(accumulate(block.extra_days[days] for days in self._extra))
        self.most = self._extra[-1]

    def extra(self, luck: float) -> int:
        """Return by how many working days a parcel is late."""
        if luck >= self.share:
            return 0
        return self._extra[min(bisect_left(self._cumulative, luck / self.share), len(self._extra) - 1)]


class Transit:
    """The working days of one service.

    Parameters
    ----------
    published
        Working days by zone.
    usual
        How many zones there are by distance alone; the others are lanes of their own.
    """

    def __init__(self, block: ServiceBlock, published: tuple[int, ...], lanes: tuple[Lane, ...], usual: int) -> None:
        self._published = published
        self._late = None if block.late is None else Late(block.late)
        self._laws: list[list[float]] = []
        self._least: list[int] = []
        if block.transit is not None:
            for zone, days in enumerate(published, 1):
                least, cumulative = _law(block.transit, zone, days, published, lanes, usual)
                self._least.append(least)
                self._laws.append(cumulative)
        extra = max(map(len, self._laws)) if self._late is None else self._late.most
        self.most = max(published) + extra

    def days(self, zone: int, luck: float) -> int:
        """Return how long a parcel takes."""
        if self._late is not None:
            return self._published[zone - 1] + self._late.extra(luck)
        law = self._laws[zone - 1]
        return self._least[zone - 1] + min(bisect_right(law, 1 - luck), len(law) - 1)


def _law(
    block: SpreadTransit | TableTransit,
    zone: int,
    days: int,
    published: tuple[int, ...],
    lanes: tuple[Lane, ...],
    usual: int,
) -> tuple[int, list[float]]:
    """Return the least days that a zone takes, and the probabilities to take no more than that, a day more, ..."""
    if days == 0:
        return 0, [1.0]
    if isinstance(block, TableTransit):
        base = zone
        while base > usual:
            base = next((lane.instead_of for lane in lanes if lane.zone == base), usual)
        shares = block.days[base - 1]
        least = min(shares)
        shift = days - published[base - 1]
        laid = list(accumulate(shares.get(day, 0.0) for day in range(least, max(shares) + 1)))
        return max(least + shift, 1), laid
    by = _lognormal(block) if block.law == "lognormal" else _gamma(block)
    cumulative = [by(1.5 / days)]
    while cumulative[-1] < TOLD and len(cumulative) < MOST_DAYS:
        cumulative.append(by((len(cumulative) + 1.5) / days))
    return 1, cumulative


def _lognormal(block: SpreadTransit) -> Callable[[float], float]:
    # sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2 (moments of the lognormal law)
    variance = math.log1p(block.cv**2)
    law = NormalDist(math.log(block.mean) - variance / 2, math.sqrt(variance))
    return lambda times: law.cdf(math.log(times))


def _gamma(block: SpreadTransit) -> Callable[[float], float]:
    from scipy.special import gammainc

    shape = block.cv**-2
    return lambda times: float(gammainc(shape, times * shape / block.mean))
