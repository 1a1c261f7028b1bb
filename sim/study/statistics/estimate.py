"""From replications to intervals. The replication is the unit: orders within a run are not independent.

Every estimate carries one *influence* value per replication, so that its variance, and that of a difference between two
strategies on the same tapes, is a plain variance over replications:

- a ratio of sums N/D: the linearised values (N_r - R D_r) / mean(D) + R (delta method);
- a pooled quantile: the pseudo-values R q - (R - 1) q_(-r) of the delete-one-replication jackknife.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEVEL = 0.95
MOST_TOLD = 1e9
"""Replications beyond which nobody is told to go."""
ROUNDING = 1e-14
"""Share of values' own size below which their spread is nothing but rounding."""

Verdict = Literal["better", "worse", "differs", "equivalent", "cannot tell"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A point estimate and its confidence limits; the limits are NaN where one replication tells nothing of them."""

    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the distance between the limits."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A point estimate with one influence value per replication, shape (replications,)."""

    value: float
    influence: NDArray[np.float64]

    def interval(self, level: float = LEVEL) -> Interval:
        """Return the t interval over replications."""
        count = len(self.influence)
        if count < 2 or math.isnan(self.value):
            return Interval(self.value, math.nan, math.nan)
        spread = float(self.influence.std(ddof=1)) / math.sqrt(count)
        half = t_quantile(count - 1, level) * spread if spread else 0.0
        return Interval(self.value, self.value - half, self.value + half)


@lru_cache
def t_quantile(degrees_of_freedom: float, level: float) -> float:
    """Return the two-sided quantile of Student's t."""
    from scipy.stats import t

    return float(t.ppf(0.5 + level / 2, degrees_of_freedom))


def but_for_rounding(spread: float, values: NDArray[np.float64]) -> float:
    """Return a spread of values, 0 where they differ by no more than arithmetic makes them differ."""
    return 0.0 if spread <= ROUNDING * float(np.abs(values).max()) else spread


def ratio_of_sums(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> Estimate:
    """Estimate sum(N) / sum(D) from one pair per replication; NaN if the denominators are all zero.

    The variance follows by the delta method (Law, Simulation Modeling and Analysis, ratio estimators).
    """
    total = float(denominator.sum())
    if total == 0:
        return Estimate(math.nan, np.full(len(numerator), math.nan))
    ratio = float(numerator.sum()) / total
    return Estimate(ratio, ratio + (numerator - ratio * denominator) / denominator.mean())


def pooled_quantile(samples: Sequence[NDArray[np.floating]], p: float) -> Estimate:
    """Estimate the p-quantile over all orders of all replications, by jackknife over replications.

    Parameters
    ----------
    samples
        One array per replication. With one number that is missing nothing is known of the whole.
    """
    count = len(samples)
    pooled = np.concatenate(samples) if count else np.empty(0)
    if len(pooled) == 0:
        return Estimate(math.nan, np.full(count, math.nan))
    owner = np.repeat(np.arange(count), [len(sample) for sample in samples])
    order = np.argsort(pooled, kind="stable")
    values, owner = pooled[order].astype(np.float64), owner[order]
    whole = _quantile_of_sorted(values, p)
    if count < 2:
        return Estimate(whole, np.array([whole]))
    without = np.array([_quantile_of_sorted(values[owner != r], p) for r in range(count)])
    return Estimate(whole, count * whole - (count - 1) * without)


def _quantile_of_sorted(values: NDArray[np.float64], p: float) -> float:
    """Return the quantile by linear interpolation of order statistics (Hyndman and Fan, type 7)."""
    if len(values) == 0 or math.isnan(values[-1]):  # sorted, what is missing comes last
        return math.nan
    position = p * (len(values) - 1)
    below = math.floor(position)
    above = min(below + 1, len(values) - 1)
    return float(values[below] + (position - below) * (values[above] - values[below]))


def difference(option: Estimate, baseline: Estimate) -> Estimate:
    """Return option - baseline, paired by replication: what both have in common cancels."""
    return Estimate(option.value - baseline.value, option.influence - baseline.influence)


def apart(option: Estimate, baseline: Estimate, level: float = LEVEL) -> Interval:
    """Return the interval of option - baseline as if each had luck of its own: Welch's, by Satterthwaite's freedom."""
    found = option.value - baseline.value
    counts = len(option.influence), len(baseline.influence)
    if min(counts) < 2 or math.isnan(found):
        return Interval(found, math.nan, math.nan)
    ours, theirs = (float(each.influence.var(ddof=1)) / len(each.influence) for each in (option, baseline))
    if ours + theirs == 0:
        return Interval(found, found, found)
    freedom = (ours + theirs) ** 2 / (ours**2 / (counts[0] - 1) + theirs**2 / (counts[1] - 1))
    half = t_quantile(freedom, level) * math.sqrt(ours + theirs)
    return Interval(found, found - half, found + half)


def ratio(option: Estimate, baseline: Estimate) -> Estimate:
    """Return option / baseline, paired by replication, its variance by the delta method."""
    if not baseline.value:
        return Estimate(math.nan, np.full(len(option.influence), math.nan))
    value = option.value / baseline.value
    spread = option.influence - option.value - value * (baseline.influence - baseline.value)
    return Estimate(value, value + spread / baseline.value)


def judge(interval: Interval, better: Literal["low", "high", "neither"], margin: float) -> Verdict:
    """Say what a difference from the baseline means.

    Parameters
    ----------
    better
        Which direction of the KPI is good, if either is.
    margin
        Differences smaller than this do not matter; in the KPI's own unit.
    """
    if math.isnan(interval.low):
        return "cannot tell"
    if -margin <= interval.low and interval.high <= margin:
        return "equivalent"
    if interval.low <= 0 <= interval.high:
        return "cannot tell"
    if better == "neither":
        return "differs"
    return "better" if (interval.low > 0) == (better == "high") else "worse"


def replications_to_tell(interval: Interval, replications: int, margin: float) -> int | None:
    """Return about how many replications in all would settle an undecided difference; None if that cannot be said.

    The half-width shrinks with the square root of the replications; it has to get below the distance from the mean to
    zero, or, for a mean within the margin, below the distance from the mean to the margin.
    """
    if math.isnan(interval.low) or interval.half_width == 0:
        return None
    target = max(abs(interval.mean), margin - abs(interval.mean))
    if target <= interval.half_width * math.sqrt(replications / MOST_TOLD):
        return None
    return math.ceil(replications * (interval.half_width / target) ** 2)
