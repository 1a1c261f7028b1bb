"""How long a run has to warm up before its days are worth measuring.

MSER-5 (White, 1997): batches of five observations; drop the first d of them that make the standard error of the mean of
the rest least. A cut is only believed in the first half of the series; a minimum at the last place allowed says that
no steady state was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BATCH = 5
"""Observations in a batch of MSER-5."""


@dataclass(frozen=True, slots=True)
class WarmUp:
    """Where a series settles.

    Parameters
    ----------
    cut
        Observations to drop.
    mean
        Mean of the whole batches behind the cut.
    steady
        Whether a steady state was found in the first half of the series.
    """

    cut: int
    mean: float
    steady: bool


def mser(series: ArrayLike, batch: int = BATCH) -> WarmUp:
    """Return where a series settles by the marginal standard error rule.

    Minimises sum((z_j - mean)^2) / (n - d)^2 over the d <= n / 2 batch means dropped first, z the n batch means;
    observations that fill no batch at the end are left out.

    Raises
    ------
    FulfillSimError
        If there are fewer than two batches, or one observation is missing.
    """
    values = np.asarray(series, dtype=np.float64)
    if not np.isfinite(values).all():
        raise FulfillSimError("warm-up - expected observations that are numbers, none of them infinite or missing")
    count = len(values) // batch
    if count < 2:
        raise FulfillSimError(f"warm-up: {len(values)} observations - expected at least {2 * batch}")
    means = values[: count * batch].reshape(count, batch).mean(axis=1)
    left = means[::-1]  # sums over what is left, from the end: the last entry drops nothing
    n = np.arange(1, count + 1)
    tail_mean = np.cumsum(left) / n
    # by deviations from the last mean: squares of large values would cancel
    around = left - left[0]
    squares = np.cumsum(around**2) - np.cumsum(around) ** 2 / n
    error = (np.maximum(squares, 0) / n**2)[::-1]
    last = count // 2
    dropped = int(np.argmin(error[: last + 1]))
    return WarmUp(dropped * batch, float(tail_mean[::-1][dropped]), bool(dropped < last or error[dropped] == 0))


def welch(replications: ArrayLike, window: int) -> NDArray[np.float64]:
    """Return the moving average of the mean over replications, as Welch draws it.

    Parameters
    ----------
    replications
        Shape (replications, observations).
    window
        Observations on either side; fewer near the beginning, where as many are taken as there are before.

    Returns
    -------
    moving
        Shape (observations - window,).
    """
    mean = np.asarray(replications, dtype=np.float64).mean(axis=0)
    sums = np.concatenate([[0.0], np.cumsum(mean)])
    centre = np.arange(max(len(mean) - window, 0))
    reach = np.minimum(centre, window)
    moving: NDArray[np.float64] = (sums[centre + reach + 1] - sums[centre - reach]) / (2 * reach + 1)
    return moving
