"""Where the next replication teaches most: optimal computing budget allocation (OCBA).

Kim and Nelson's procedure promises its chance of being right and takes what that takes. This one estimates the chance
as it goes, spends every replication where it raises it most, and stops when it is high enough or the budget is gone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.study.statistics.selection import Selection, expect, known

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

STEP = 5
"""Replications that are given at a time."""


def ocba(means: ArrayLike, deviations: ArrayLike) -> Floats:
    """Return the share of a budget of replications each option should get, the least mean being best.

    N_i / N_j = ((s_i / d_i) / (s_j / d_j))^2 for the others, d the distance from the best, and
    N_best = s_best sqrt(sum((N_i / s_i)^2)); Chen, Lin, Yücesan and Chick (2000).

    Returns
    -------
    shares
        Shape (options,), their sum 1.
    """
    mean, deviation = known(means), known(deviations)
    expect(
        mean.shape == deviation.shape and mean.ndim == 1 and len(mean) >= 2, "as many deviations as means, two or more"
    )
    expect(bool((deviation > 0).all()), "deviations above 0")
    best = int(np.argmin(mean))
    distance = mean - mean[best]
    others = np.arange(len(mean)) != best
    expect(bool((distance[others] > 0).all()), "one best mean: of two that tie neither can be told apart")
    weights = np.zeros(len(mean))
    weights[others] = (deviation[others] / distance[others]) ** 2
    weights[best] = deviation[best] * math.sqrt(float(((weights[others] / deviation[others]) ** 2).sum()))
    shares: Floats = weights / weights.sum()
    return shares


def select_by_ocba(
    sample: Callable[[int, int], float],
    options: int,
    *,
    indifference: float,
    chance: float = 0.95,
    first: int = 10,
    budget: int,
) -> Selection:
    """Select the option of the least mean, or one within the indifference of it, by an estimated chance of being right.

    Nobody can tell apart, nor needs to, what is closer than the indifference: distances count as that at least. Luck in
    common is not made use of: the estimated chance is then too low, if anything.

    Parameters
    ----------
    sample
        Returns the output of an option in a replication.
    indifference
        Least difference of means that matters.
    first
        Replications of each before anything is judged.
    budget
        Most replications of all options together.
    """
    expect(options >= 2 and first >= 2 and 0 < chance < 1, "two options, two replications, a chance below 1")
    expect(indifference > 0, "an indifference above 0")
    outputs = [[sample(k, r) for r in range(first)] for k in range(options)]
    while True:
        counts = np.array([len(each) for each in outputs])
        means = np.array([np.mean(each) for each in outputs])
        variances = np.array([np.var(each, ddof=1) for each in outputs])
        found = _right(means, variances, counts, indifference)
        if found >= chance or counts.sum() + STEP > budget:
            break
        best = int(np.argmin(means))
        apart = means[best] + np.maximum(means - means[best], indifference) * (np.arange(options) != best)
        shares = ocba(apart, np.sqrt(np.maximum(variances, np.finfo(float).tiny)))
        short = int(np.argmax(shares * (counts.sum() + STEP) - counts))
        outputs[short] += [sample(short, r) for r in range(len(outputs[short]), len(outputs[short]) + STEP)]
    longer = 1.0
    while _right(means, variances, counts * longer, indifference) < chance:
        longer *= 1.1
    needed = math.ceil(counts.max() * longer)
    everybody = tuple(range(options))
    return Selection(int(np.argmin(means)), counts, found >= chance, everybody, needed, found)


def _right(means: Floats, variances: Floats, counts: ArrayLike, indifference: float) -> float:
    """Return the approximate chance that the best mean belongs to the best, or to one within the indifference of it.

    1 - sum over the others of P(difference < 0), normal, by Bonferroni (Chen and others, 2000), each at least the
    indifference away.
    """
    from scipy.stats import norm

    best = int(np.argmin(means))
    others = np.arange(len(means)) != best
    errors = variances / np.asarray(counts)
    spread = np.sqrt(errors[best] + errors[others])
    distance = np.maximum(means[others] - means[best], indifference)
    return 1 - float(norm.sf(np.divide(distance, spread, out=np.full(len(spread), np.inf), where=spread > 0)).sum())
