"""How much stores differ from one another, and a store from week to week, where nothing is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FulfillSimError
from sim.study.statistics.estimate import but_for_rounding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.pilot.layout import Floats


@dataclass(frozen=True, slots=True)
class Noise:
    """Variances of an outcome by store and week, weeks that are good or bad for all taken off.

    Parameters
    ----------
    between, within
        Of the stores' levels, and of a week about its store's level.
    stores, weeks, histories
        What they were estimated from.
    icc, low, high
        Share of the variance that the weeks of a store have in common, with its 95 % interval (exact by F for balanced
        normal data; Searle 1971). Where nothing varies at all it may be anything: 0, from 0 to 1.
    follows
        Correlation of what is left of a week with that of the week before.
    """

    between: float
    within: float
    stores: int
    weeks: int
    histories: int
    icc: float
    low: float
    high: float
    follows: float

    def of_mean(self, weeks: float) -> float:
        """Return the variance of a store's mean over some weeks."""
        return self.between + self.within / weeks

    def with_icc(self, icc: float) -> Noise:
        """Return the same variance in all, otherwise divided."""
        total = self.between + self.within
        return Noise(icc * total, (1 - icc) * total, self.stores, self.weeks, self.histories, icc, icc, icc, 0.0)


def noise_of(histories: Sequence[Floats], level: float = 0.95) -> Noise:
    """Estimate it by analysis of variance.

    Parameters
    ----------
    histories
        Untreated weeks, each of shape (stores, weeks); stores with a week missing are left out.

    Raises
    ------
    FulfillSimError
        If there are fewer than two stores or two weeks.
    """
    from scipy.stats import f

    whole = np.logical_and.reduce([np.isfinite(each).all(axis=1) for each in histories])
    kept = [each[whole] for each in histories]
    stores, weeks = kept[0].shape
    if stores < 2 or weeks < 2:
        found = f"{stores} stores of which all of {weeks} weeks are known"
        raise FulfillSimError(f"noise between stores cannot be told: {found} - expected at least 2 of each")
    among, inside, along = [], [], []
    for each in kept:
        level_of = each.mean(axis=1, keepdims=True)
        rest = each - level_of - each.mean(axis=0) + each.mean()
        differ = but_for_rounding(float(np.ptp(level_of)), each) > 0
        among.append(weeks * float(level_of.var(ddof=1)) if differ else 0.0)
        rest = rest if but_for_rounding(float(np.ptp(rest)), each) else np.zeros_like(rest)
        inside.append(float((rest**2).sum()) / ((stores - 1) * (weeks - 1)))
        along.append(float((rest[:, 1:] * rest[:, :-1]).mean() / max((rest**2).mean(), 1e-300)))
    of_levels, within = float(np.mean(among)), float(np.mean(inside))
    freedom = stores - 1, (stores - 1) * (weeks - 1) * len(kept)
    if within == 0 and of_levels == 0:
        return Noise(0.0, 0.0, stores, weeks, len(kept), 0.0, 0.0, 1.0, 0.0)
    ratio = of_levels / within if within > 0 else np.inf
    tails = [float(f.isf(tail, *freedom)) for tail in ((1 - level) / 2, (1 + level) / 2)]

    def share(by: float) -> float:
        return float(np.clip((by - 1) / (by + weeks - 1), 0, 1)) if np.isfinite(by) else 1.0

    low, high = (share(ratio / tail) for tail in tails)
    # residuals of few weeks lean to minus 1 / (weeks - 1) by themselves
    follows = float(np.mean(along)) + 1 / (weeks - 1) if weeks > 2 else 0.0
    between = max(0.0, (of_levels - within) / weeks)
    return Noise(between, within, stores, weeks, len(kept), share(ratio), low, high, follows)
