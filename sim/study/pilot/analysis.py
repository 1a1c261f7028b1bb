"""The planned analyses: an estimate of the effect, its standard error, its degrees of freedom. The store is the unit.

A store of which there is nothing to be seen is left out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.study.statistics.estimate import but_for_rounding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.study.pilot.layout import Floats


class Found(NamedTuple):
    """What an analysis says; NaN where it cannot tell."""

    effect: float
    error: float
    freedom: float

    @property
    def p(self) -> float:
        """Two-sided p value of no effect."""
        from scipy.special import stdtr

        if not self.freedom >= 1 or not self.error > 0:
            return math.nan
        return float(2 * stdtr(self.freedom, -abs(self.effect / self.error)))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence limits."""
        from scipy.special import stdtrit

        if not self.freedom >= 1:
            return math.nan, math.nan
        half = float(stdtrit(self.freedom, 0.5 + level / 2)) * self.error
        return self.effect - half, self.effect + half


NOTHING = Found(math.nan, math.nan, 0)


def two_groups(values: Floats, treated: NDArray[np.bool_]) -> Found:
    """Compare the means of two groups of stores: t with the pooled variance."""
    seen = np.isfinite(values)
    one, other = values[seen & treated], values[seen & ~treated]
    freedom = len(one) + len(other) - 2
    if min(len(one), len(other)) < 1 or freedom < 1:
        return NOTHING
    pooled = (((one - one.mean()) ** 2).sum() + ((other - other.mean()) ** 2).sum()) / freedom
    error = math.sqrt(pooled * (1 / len(one) + 1 / len(other)))
    return Found(float(one.mean() - other.mean()), but_for_rounding(error, values[seen]), float(freedom))


def mean_of(differences: Floats) -> Found:
    """Return the mean of paired differences: t."""
    known = differences[np.isfinite(differences)]
    if len(known) < 2:
        return NOTHING
    error = float(known.std(ddof=1)) / math.sqrt(len(known))
    return Found(float(known.mean()), but_for_rounding(error, known), len(known) - 1.0)


def adjusted(after: Floats, before: Floats, treated: NDArray[np.bool_]) -> Found:
    """Compare two groups of stores, allowing for what they were before: analysis of covariance."""
    seen = np.isfinite(after) & np.isfinite(before)
    count = int(seen.sum())
    own = treated[seen]
    if count < 4 or own.all() or not own.any():
        return NOTHING
    was = before[seen] - before[seen].mean()  # about its mean and in its own unit, whatever its size
    size = but_for_rounding(float(np.abs(was).max()), before[seen])
    if size == 0:
        return NOTHING
    return _least_squares(np.column_stack([own, np.ones(count), was / size]), after[seen], count - 3.0)


def levels_and_weeks(values: Floats, treated: NDArray[np.bool_]) -> Found:
    """Estimate the effect where units are treated in some weeks: generalised least squares with a random level of each.

    The model is that of Hussey and Hughes (2007): a fixed effect of every week, a random one of every unit. Variances
    are those of the residuals within units, and of the units' means (Swamy and Arora 1972); t with two degrees of
    freedom less than there are units.

    Parameters
    ----------
    values, treated
        Shape (units, weeks); what is NaN is not looked at.
    """
    seen = np.isfinite(values)
    some = seen.any(axis=1)
    values, treated, seen = values[some], treated[some].astype(float), seen[some]
    units, weeks = values.shape
    unit, week = np.nonzero(seen)
    y, x = values[seen], treated[seen]
    if units < 4 or np.ptp(x) == 0:
        return NOTHING
    periods = (week[:, np.newaxis] == np.arange(weeks)).astype(float)
    z = np.column_stack([x, periods[:, periods.any(axis=0)]])
    counts = np.bincount(unit, minlength=units)

    def less_means(a: Floats, share: Floats) -> Floats:
        """Take a share of each unit's mean off."""
        sums = np.zeros((units, *a.shape[1:]))
        np.add.at(sums, unit, a)
        scale = (share / counts)[unit]
        return a - (sums[unit].T * scale).T

    whole = np.ones(units)
    within_z, within_y = less_means(z, whole), less_means(y, whole)
    slope, _, rank, _ = np.linalg.lstsq(within_z, within_y, rcond=None)
    spare = len(y) - units - int(rank)
    if spare < 1:
        return NOTHING
    within = float(((within_y - within_z @ slope) ** 2).sum()) / spare
    of_units = np.bincount(unit, weights=y - z @ slope, minlength=units) / counts
    between = max(0.0, float(of_units.var(ddof=1)) - within * float((1 / counts).mean()))
    share = 1 - np.sqrt(within / (within + counts * between)) if within > 0 else whole
    found = _least_squares(less_means(z, share), less_means(y, share), len(y) - z.shape[1])
    return found._replace(error=but_for_rounding(found.error, y), freedom=units - 2.0)


def _least_squares(z: Floats, y: Floats, freedom: float) -> Found:
    """Return the first coefficient."""
    solution, _, rank, _ = np.linalg.lstsq(z, y, rcond=None)
    if rank < z.shape[1]:
        return NOTHING
    residual = y - z @ solution
    inverse = np.linalg.inv(z.T @ z)
    error = math.sqrt(float(residual @ residual) / freedom * inverse[0, 0])
    return Found(float(solution[0]), but_for_rounding(error, y), freedom)
