"""Which of many options is best, with a stated chance of being right.

Kim and Nelson (2001) stop comparing an option as soon as it is clearly inferior; Rinott (1978) says in two stages how
much to sample; Chen and others (2000) say where the next replication teaches most (OCBA); Hsu (1984) tells by how much
each option may at most be better or worse than the best of the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray


def rinott(options: int, first: int, chance: float) -> float:
    """Return Rinott's constant h: second-stage sizes are ceil((h * standard deviation / indifference)^2).

    Solves E_y[ E_x[ Phi(h / sqrt(f (1/x + 1/y))) ]^(k-1) ] = chance, x and y chi-square of f = first - 1 degrees of
    freedom (Rinott, 1978), by Gauss-Legendre quadrature on their quantiles.

    Parameters
    ----------
    options
        Number of options k.
    first
        Replications of each in the first stage.
    chance
        Least probability of selecting the best.
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2, norm

    _expect(
        options >= 2 and first >= 2 and 1 / options < chance < 1, "two options, two replications, a chance above 1/k"
    )
    nodes, weights = np.polynomial.legendre.leggauss(200)
    degrees = first - 1
    x = chi2.ppf((nodes + 1) / 2, degrees)
    weights = weights / 2
    spread = np.sqrt(degrees * (1 / x[:, None] + 1 / x[None, :]))

    def short(h: float) -> float:
        inner = norm.cdf(h / spread) @ weights
        return float((inner ** (options - 1)) @ weights) - chance

    upper = 2.0
    while short(upper) < 0:
        upper *= 2
    return float(brentq(short, 0.0, upper, xtol=1e-10))


def kim_nelson_constants(options: int, first: int, alpha: float) -> tuple[float, float]:
    """Return eta and h squared of Kim and Nelson's procedure with c = 1.

    eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2 and h^2 = 2 eta (n0 - 1); Kim and Nelson (2001).
    """
    _expect(
        options >= 2 and first >= 2 and 0 < alpha < 1 - 1 / options,
        "two options, two replications, alpha below 1 - 1/k",
    )
    eta = ((2 * alpha / (options - 1)) ** (-2 / (first - 1)) - 1) / 2
    return eta, 2 * eta * (first - 1)


@dataclass(frozen=True, slots=True)
class Selection:
    """How a selection came out.

    Parameters
    ----------
    best
        Position of the option selected.
    replications
        Taken of each option before it was dropped or selected, shape (options,).
    settled
        Whether one option was left, or only such as tie to the last bit, before the budget was spent.
    left
        Positions of the options that were not dropped; of several when settled none is better than another.
    needed
        About how many replications of each option left would settle it, if their means stay as they are.
    """

    best: int
    replications: NDArray[np.int64]
    settled: bool
    left: tuple[int, ...]
    needed: int


def kim_nelson(
    sample: Callable[[Sequence[int], int], ArrayLike],
    options: int,
    *,
    indifference: float,
    alpha: float = 0.05,
    first: int = 10,
    budget: int | None = None,
) -> Selection:
    """Select the option of the least mean; with chance 1 - alpha it is right if it leads by the indifference or more.

    Parameters
    ----------
    sample
        Returns the outputs of some options in a replication; options may have luck in common.
    indifference
        Least difference of means that matters.
    first
        Replications of each before anything is dropped.
    budget
        Most replications of an option; None means no limit.
    """
    _expect(indifference > 0, "an indifference above 0")
    _, h_squared = kim_nelson_constants(options, first, alpha)
    outputs = np.array([_known(sample(range(options), r)) for r in range(first)]).T
    variance = np.array([[(a - b).var(ddof=1) for b in outputs] for a in outputs])
    totals, taken = outputs.sum(axis=1), np.full(options, first, dtype=np.int64)
    left = np.arange(options)
    count, settled = first, False
    while True:
        means = totals[left] / count
        room = h_squared * variance[np.ix_(left, left)] / indifference**2 - count
        allowed = np.maximum(0.0, indifference / (2 * count) * room)
        left = left[(means[:, None] <= means[None, :] + allowed).all(axis=1)]  # never the least: it beats itself
        settled = len(left) == 1 or bool((room < 0).all())  # past their last stage only equals are left
        if settled or count == budget:
            break
        totals[left] += _known(sample(left.tolist(), count))
        count += 1
        taken[left] = count
    best = int(left[np.argmin(totals[left])])
    # an option is dropped when its distance is what is allowed: d = (h^2 S^2 / delta^2 - n) delta / 2n, solved for n
    distance = (totals[left] - totals[best]) / count
    ends = h_squared * variance[best, left] / indifference**2 / (1 + 2 * distance / indifference)
    return Selection(best, taken, settled, tuple(left.tolist()), math.ceil(float(ends.max())))


def ocba(means: ArrayLike, deviations: ArrayLike) -> NDArray[np.float64]:
    """Return the share of a budget of replications each option should get, the least mean being best.

    N_i / N_j = ((s_i / d_i) / (s_j / d_j))^2 for the others, d the distance from the best, and
    N_best = s_best sqrt(sum((N_i / s_i)^2)); Chen, Lin, Yücesan and Chick (2000).

    Returns
    -------
    shares
        Shape (options,), their sum 1.
    """
    mean, deviation = _known(means), _known(deviations)
    _expect(
        mean.shape == deviation.shape and mean.ndim == 1 and len(mean) >= 2, "as many deviations as means, two or more"
    )
    _expect(bool((deviation > 0).all()), "deviations above 0")
    best = int(np.argmin(mean))
    distance = mean - mean[best]
    others = np.arange(len(mean)) != best
    _expect(bool((distance[others] > 0).all()), "one best mean: of two that tie neither can be told apart")
    weights = np.zeros(len(mean))
    weights[others] = (deviation[others] / distance[others]) ** 2
    weights[best] = deviation[best] * math.sqrt(float(((weights[others] / deviation[others]) ** 2).sum()))
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def with_the_best(outputs: ArrayLike, level: float = 0.95) -> NDArray[np.float64]:
    """Return how far each option's mean may lie above the best of the others': constrained intervals, lower is better.

    Multiple comparisons with the best from paired differences: t intervals of all pairs at Bonferroni's level, the
    greatest lower and the greatest upper limit over the rivals of each option, cut at 0. An upper limit of 0 says that
    the option is the best; a lower limit of 0 that it cannot be told from the best; else it is not the best.

    Parameters
    ----------
    outputs
        Shape (options, replications), in the same order of luck.

    Returns
    -------
    limits
        Shape (options, 2).
    """
    from scipy.stats import t

    values = _known(outputs)
    _expect(
        values.ndim == 2 and values.shape[0] >= 2 and values.shape[1] >= 2, "two options of two replications or more"
    )
    options, count = values.shape
    pairs = options * (options - 1) // 2
    quantile = float(t.ppf(1 - (1 - level) / (2 * pairs), count - 1))
    difference = values[:, None, :] - values[None, :, :]
    mean, half = difference.mean(axis=2), quantile * difference.std(axis=2, ddof=1) / math.sqrt(count)
    low, high = mean - half, mean + half
    np.fill_diagonal(low, -np.inf)
    np.fill_diagonal(high, -np.inf)
    return np.stack([np.maximum(0.0, low.max(axis=1)), np.maximum(0.0, high.max(axis=1))], axis=1)


def _known(values: ArrayLike) -> NDArray[np.float64]:
    known = np.asarray(values, dtype=np.float64)
    _expect(bool(np.isfinite(known).all()), "numbers, none of them infinite or missing")
    return known


def _expect(holds: bool, what: str) -> None:
    if not holds:
        raise FulfillSimError(f"selection - expected {what}")
