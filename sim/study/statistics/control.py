"""Control variates: what is known for sure takes luck out of an estimate.

Of some inputs of a replication the true mean is known, say the number of shoppers born. Where an output goes along with
them, the part of its luck that they explain can be taken off (Law, Simulation Modeling and Analysis, ch. 11; Nelson,
1990).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FulfillSimError
from sim.study.statistics.estimate import LEVEL, Interval, but_for_rounding, t_quantile

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Controlled:
    """An estimate with its luck taken off.

    Parameters
    ----------
    interval
        Of the mean, controls at their true means.
    coefficients
        Of the controls, shape (controls,).
    reduction
        Share of the variance that the controls took off, in the sample.
    """

    interval: Interval
    coefficients: NDArray[np.float64]
    reduction: float


def controlled(outputs: ArrayLike, controls: ArrayLike, means: ArrayLike, level: float = LEVEL) -> Controlled:
    """Estimate a mean with controls, by least squares: the intercept at the controls' true means.

    Parameters
    ----------
    outputs
        Shape (replications,).
    controls
        Shape (replications, controls).
    means
        True means of the controls, shape (controls,).

    Raises
    ------
    FulfillSimError
        If there are too few replications to fit, or the controls do not vary on their own.
    """
    y = np.asarray(outputs, dtype=np.float64)
    given = np.asarray(controls, dtype=np.float64).reshape(len(y), -1)
    x = given - np.asarray(means, dtype=np.float64)
    count, number = x.shape
    freedom = count - number - 1
    if freedom < 1:
        raise FulfillSimError(f"control variates: {count} replications - expected at least {number + 2}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise FulfillSimError("control variates - expected numbers, none of them infinite or missing")
    size = np.array([but_for_rounding(float(np.ptp(own)), own) for own in given.T])
    design = np.column_stack([np.ones(count), x / np.where(size > 0, size, 1.0)])  # whatever unit a control is in
    if not size.all() or np.linalg.matrix_rank(design) <= number:
        raise FulfillSimError("control variates - expected controls that vary, none of them a mixture of the others")
    found, *_ = np.linalg.lstsq(design, y, rcond=None)
    rest = y - design @ found
    variance = float(rest @ rest) / freedom
    spread = math.sqrt(variance * float(np.linalg.inv(design.T @ design)[0, 0]))
    half = t_quantile(freedom, level) * spread
    mean, raw = float(found[0]), float(y.var(ddof=1))
    reduction = 1 - float(rest @ rest) / (count - 1) / raw if raw else 0.0
    return Controlled(Interval(mean, mean - half, mean + half), np.asarray(found[1:] / size), reduction)
