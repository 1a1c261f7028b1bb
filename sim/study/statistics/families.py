"""Many questions asked at once: of twenty differences that are none, one looks like one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from sim.study.statistics.estimate import Estimate


def p_value(difference: Estimate) -> float:
    """Return the two-sided p value of a paired difference from zero; NaN where one replication tells nothing."""
    count = len(difference.influence)
    if count < 2 or math.isnan(difference.value):
        return math.nan
    spread = float(difference.influence.std(ddof=1)) / math.sqrt(count)
    if spread == 0:
        return 1.0 if difference.value == 0 else 0.0
    from scipy.stats import t

    return 2 * float(t.sf(abs(difference.value) / spread, count - 1))


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p values adjusted for all of a family by Holm's step-down rule; NaN stays and counts for nothing."""
    p = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(p))
    adjusted = np.full(p.shape, np.nan)
    # by hand: statsmodels has the garbage collector run at every call, which takes longer than all else in a comparison
    rising = known[np.argsort(p[known], kind="stable")]
    tests = np.arange(len(known), 0, -1)
    adjusted[rising] = np.minimum(np.maximum.accumulate(p[rising] * tests), 1.0)
    return adjusted
