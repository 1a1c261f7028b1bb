"""How often something happened, with its Monte-Carlo error."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.study.statistics.estimate import Estimate


class Share(NamedTuple):
    """A share of pilots, with its 95 % limits."""

    of: int
    value: float
    low: float
    high: float


def wilson(hits: int, of: int) -> Share:
    """Return the share of independent pilots (Wilson 1927, the score interval)."""
    from scipy.special import ndtri

    if not of:
        return Share(0, math.nan, math.nan, math.nan)
    z2 = float(ndtri(0.975)) ** 2
    p = hits / of
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = math.sqrt(z2 * (p * (1 - p) / of + z2 / (4 * of**2))) / (1 + z2 / of)
    return Share(of, p, max(0.0, middle - half), min(1.0, middle + half))


def by_history(hits: list[list[bool]]) -> Share:
    """Return the share of pilots of which several are laid on each history: the history is the unit."""
    means = np.array([float(np.mean(each)) for each in hits if each])
    count = sum(map(len, hits))
    if not len(means):
        return Share(0, math.nan, math.nan, math.nan)
    interval = Estimate(float(means.mean()), means).interval()
    return Share(count, interval.mean, max(0.0, interval.low), min(1.0, interval.high))
