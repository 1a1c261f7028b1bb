"""Power of a comparison of clusters by formula: noncentral t, with the design effect of what clusters have in common.

A cluster is a store; what is measured in it, its weeks or its orders, is alike. Only the tail in the effect's own
direction counts as power, as in R's `power.t.test` (strict = FALSE) and clusterPower.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_FOR_NORMAL = 8
"""Clusters in each arm below which the normal formula is refused: it promises too much."""
MOST_CLUSTERS = 1e6
Law = Literal["t", "normal"]


@dataclass(frozen=True, slots=True)
class Precision:
    """How well an estimate will be known: its standard error and degrees of freedom, infinite for the normal law."""

    error: float
    freedom: float = math.inf

    def power(self, effect: float, alpha: float = 0.05) -> float:
        """Return the probability that a two-sided test of a level finds an effect, on the effect's own side."""
        from scipy.stats import nct, norm

        if self.freedom < 1:
            return math.nan
        if self.error == 0:
            return 1.0
        shift = abs(effect) / self.error
        if math.isinf(self.freedom):
            return float(norm.sf(norm.isf(alpha / 2) - shift))
        return float(nct.sf(self._critical(alpha), self.freedom, shift))

    def smallest_effect(self, power: float = 0.8, alpha: float = 0.05) -> float:
        """Return the effect that is found with a probability; infinite if none is."""
        from scipy.optimize import brentq

        if self.freedom < 1:
            return math.inf
        if power <= alpha / 2:  # so often even no effect is found
            return 0.0
        high = 1.0
        while self._of_shift(high, alpha) < power:
            high *= 2
        shift = brentq(lambda x: self._of_shift(x, alpha) - power, 0, high, xtol=1e-10)
        return float(shift) * self.error

    def _of_shift(self, shift: float, alpha: float) -> float:
        return Precision(1.0, self.freedom).power(shift, alpha)

    def _critical(self, alpha: float) -> float:
        from scipy.stats import t

        return float(t.isf(alpha / 2, self.freedom))


def of_cluster(total: float, icc: float, size: float, size_cv: float = 0.0) -> float:
    """Return the variance of a cluster's mean.

    Parameters
    ----------
    total
        Variance of one measurement, between and within clusters together.
    icc
        Share of it that measurements of a cluster have in common.
    size, size_cv
        Mean number of measurements in a cluster, and the coefficient of variation of that number (Eldridge, Ashby and
        Kerry 2006: design effect 1 + ((cv^2 + 1) m - 1) icc).
    """
    return total * (1 + ((size_cv**2 + 1) * size - 1) * icc) / size


def of_shares(treated: float, control: float) -> float:
    """Return the variance of one yes or no, averaged over two arms with these shares of yes."""
    return (treated * (1 - treated) + control * (1 - control)) / 2


def kept_over_time(icc: float, size: float, of_clusters: float, of_subjects: float = 0.0) -> float:
    """Return the correlation of a cluster's means before and after.

    Parameters
    ----------
    of_clusters
        Correlation over time of what a cluster has in common.
    of_subjects
        The same of its members; 0 where they are others afterwards (Feldman and McKinlay 1994).
    """
    return (size * icc * of_clusters + (1 - icc) * of_subjects) / (1 + (size - 1) * icc)


def of_change(variance: float, correlation: float) -> float:
    """Return the variance of a cluster's change, after less before."""
    return 2 * (1 - correlation) * variance


def of_adjusted(variance: float, correlation: float) -> float:
    """Return the variance of what is left of a cluster's mean once that of before is allowed for."""
    return (1 - correlation**2) * variance


def two_arms(variance: float, treated: float, control: float, law: Law = "t", lost: int = 0) -> Precision:
    """Return how well a difference of two arms is known.

    Parameters
    ----------
    variance
        Of one cluster's value.
    treated, control
        Clusters in each arm.
    lost
        Degrees of freedom spent besides, such as one for a covariate.

    Raises
    ------
    FulfillSimError
        If the normal law is asked for with too few clusters.
    """
    least = min(treated, control)
    if law == "normal" and least < LEAST_FOR_NORMAL:
        raise FulfillSimError(
            f"law: normal with {least:g} clusters in an arm - expected at least {LEAST_FOR_NORMAL}, or law: t"
        )
    freedom = math.inf if law == "normal" else treated + control - 2 - lost
    return Precision(math.sqrt(variance * (1 / treated + 1 / control)), freedom)


def pairs(variance: float, count: float) -> Precision:
    """Return how well the mean of paired differences is known, of which one has this variance."""
    return Precision(math.sqrt(variance / count), count - 1)


def clusters_needed(
    precision: Callable[[float], Precision], effect: float, power: float = 0.8, alpha: float = 0.05
) -> float:
    """Return how many clusters in each arm reach a power, as a real number: round it up.

    Parameters
    ----------
    precision
        Of so many clusters an arm.

    Raises
    ------
    FulfillSimError
        If no number does.
    """
    from scipy.optimize import brentq

    def short(count: float) -> float:
        return precision(count).power(effect, alpha) - power

    low, high = 1.5 + 1e-9, 4.0
    while not short(high) >= 0:
        high *= 2
        if high > MOST_CLUSTERS:
            raise FulfillSimError(f"no number of clusters reaches a power of {power:.0%} for an effect of {effect:g}")
    return float(brentq(short, low, high, xtol=1e-9)) if short(low) < 0 else low
