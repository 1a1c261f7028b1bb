"""The best of many, told with all of them in view: which may be it, and by how much each may miss it (Hsu, 1984)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.study.statistics.estimate import LEVEL, t_quantile
from sim.study.statistics.selection import expect, known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from sim.study.statistics.estimate import Estimate


def with_the_best(outputs: ArrayLike, level: float = LEVEL) -> NDArray[np.float64]:
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
    values = known(outputs)
    expect(
        values.ndim == 2 and values.shape[0] >= 2 and values.shape[1] >= 2, "two options of two replications or more"
    )
    options, count = values.shape
    pairs = options * (options - 1) // 2
    quantile = t_quantile(count - 1, 1 - (1 - level) / pairs)
    difference = values[:, None, :] - values[None, :, :]
    mean, half = difference.mean(axis=2), quantile * difference.std(axis=2, ddof=1) / math.sqrt(count)
    low, high = mean - half, mean + half
    np.fill_diagonal(low, -np.inf)
    np.fill_diagonal(high, -np.inf)
    return np.stack([np.maximum(0.0, low.max(axis=1)), np.maximum(0.0, high.max(axis=1))], axis=1)


def behind_the_best(estimates: Mapping[str, Estimate], sign: int) -> dict[str, tuple[float, float]]:
    """Return how far each option may lie behind the best of the others, least and most; NaN where nothing can be told.

    Parameters
    ----------
    sign
        1 where low is good, -1 where high is.
    """
    outputs = np.array([sign * (each.influence - each.influence.mean() + each.value) for each in estimates.values()])
    if len(outputs) < 2 or outputs.shape[1] < 2 or not np.isfinite(outputs).all():
        return dict.fromkeys(estimates, (math.nan, math.nan))
    return {name: (low, high) for name, (low, high) in zip(estimates, with_the_best(outputs).tolist(), strict=True)}
