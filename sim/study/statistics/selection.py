"""Which of many options is best, with a stated chance of being right.

Kim and Nelson (2001) stop comparing an option as soon as it is clearly inferior; Rinott (1978) says in two stages how
much to sample. Where a chance that is estimated will do for one that is stated, see `allocation`.
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

    expect(
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
    expect(
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
    chance
        Of being right as estimated at the end; None where the procedure itself promises one.
    """

    best: int
    replications: NDArray[np.int64]
    settled: bool
    left: tuple[int, ...]
    needed: int
    chance: float | None = None


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
    expect(indifference > 0, "an indifference above 0")
    _, h_squared = kim_nelson_constants(options, first, alpha)
    outputs = np.array([known(sample(range(options), r)) for r in range(first)]).T
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
        totals[left] += known(sample(left.tolist(), count))
        count += 1
        taken[left] = count
    best = int(left[np.argmin(totals[left])])
    # an option is dropped when its distance is what is allowed: d = (h^2 S^2 / delta^2 - n) delta / 2n, solved for n
    distance = (totals[left] - totals[best]) / count
    ends = h_squared * variance[best, left] / indifference**2 / (1 + 2 * distance / indifference)
    return Selection(best, taken, settled, tuple(left.tolist()), math.ceil(float(ends.max())))


def known(values: ArrayLike) -> NDArray[np.float64]:
    """Return numbers as an array; refuse any that are infinite or missing."""
    found = np.asarray(values, dtype=np.float64)
    expect(bool(np.isfinite(found).all()), "numbers, none of them infinite or missing")
    return found


def expect(holds: bool, what: str) -> None:
    """Refuse what a procedure of selection cannot be asked."""
    if not holds:
        raise FulfillSimError(f"selection - expected {what}")
