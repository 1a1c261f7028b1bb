"""Clusters that are treated in some periods and not in others: stepped wedges, crossovers, switchbacks.

Hussey and Hughes (2007), Design and analysis of stepped wedge cluster randomized trials: a random effect of each
cluster, a fixed one of each period, and an immediate effect of the treatment.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FulfillSimError
from sim.study.pilot.power import LEAST_FOR_NORMAL, Law, Precision

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def steps(sequences: int, before: int, step: int, after: int = 0) -> np.ndarray:
    """Return a stepped wedge, shape (sequences, periods): one more sequence is treated at every step.

    Parameters
    ----------
    before, step, after
        Periods before the first step, of each step, and in addition after the last.
    """
    periods = before + sequences * step + after
    start = before + step * np.arange(sequences)
    return (np.arange(periods) >= start[:, np.newaxis]).astype(int)


def variance(treated: ArrayLike, within: float, between: float, seen: ArrayLike = True) -> float:
    """Return the variance of the estimated effect: generalised least squares under their model.

    Where every cluster is looked at in every period it is their equation 8, in closed form.

    Parameters
    ----------
    treated
        1 where a cluster is treated in a period, shape (clusters, periods).
    within
        Variance of a cluster's mean in one period about its own level: sigma^2 / n.
    between
        Variance of the clusters' levels: tau^2.
    seen
        Whether a cluster is looked at in a period, of the same shape: an incomplete design (Hemming, Lilford and
        Girling 2015).

    Raises
    ------
    FulfillSimError
        If the design cannot tell the effect from clusters and periods.
    """
    told = _told(treated, within, between, seen)
    if not told:
        raise FulfillSimError("the effect cannot be told from clusters and periods - expected both kinds in a period")
    return float(within / told)


def _told(treated: ArrayLike, within: float, between: float, seen: ArrayLike) -> float:
    """Return what a design tells of the effect, in units of one over `within`; 0 if nothing."""
    looked = np.broadcast_to(np.asarray(seen, dtype=float), np.shape(treated))
    x = np.asarray(treated, dtype=float) * looked
    # what a cluster's level takes off: its covariance, inverted, is (1 - share 11') / within
    share = between / np.maximum(within + looked.sum(axis=1) * between, 1e-300)
    of_clusters = x.sum(axis=1)
    periods = np.diag(looked.sum(axis=0)) - looked.T * share @ looked
    both = x.sum(axis=0) - looked.T @ (share * of_clusters)
    found = of_clusters.sum() - share @ of_clusters**2 - both @ np.linalg.pinv(periods, hermitian=True) @ both
    return float(found) if found > 1e-9 * x.sum() else 0.0


def precision(treated: ArrayLike, within: float, between: float, law: Law = "t", seen: ArrayLike = True) -> Precision:
    """Return how well the effect is known; by t with two degrees of freedom less than there are clusters.

    Where it cannot be told the error is infinite.

    Raises
    ------
    FulfillSimError
        If the normal law is asked for with too few clusters.
    """
    clusters = len(np.asarray(treated))
    if law == "normal" and clusters < 2 * LEAST_FOR_NORMAL:
        message = f"law: normal with {clusters} clusters - expected at least {2 * LEAST_FOR_NORMAL}, or law: t"
        raise FulfillSimError(message)
    told = _told(treated, within, between, seen)
    error = math.sqrt(within / told) if told else math.inf
    return Precision(error, math.inf if law == "normal" else clusters - 2)
