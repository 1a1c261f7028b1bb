"""Looking at a pilot every week without crying wolf: alpha spending, its boundaries computed by integration.

Lan and DeMets (1983), Discrete sequential boundaries for clinical trials, with their spending functions of the type of
O'Brien and Fleming, which is sparing early, and of Pocock, which stops sooner; the recursion is that of Armitage,
McPherson and Rowe (1969).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Spending = Literal["obrien_fleming", "pocock"]
POINTS = 1001
"""At the least, of a density between two bounds; and at least `FINE` in every standard deviation of a step."""
FINE = 4
CLOSEST = 5e-5
"""Share of the information by which looks have to be apart."""
FARTHEST = 8.0
"""Standard errors beyond which nothing is counted; a bound there is never crossed."""


class Look(NamedTuple):
    """One look.

    Parameters
    ----------
    share
        Of all the information, how much there is by then.
    spent
        Of the level, how much is spent by then.
    bound
        What the estimate must exceed, in standard errors.
    level
        The same as a two-sided level of that look alone: with few clusters, compare the p value of t with it.
    """

    share: float
    spent: float
    bound: float
    level: float


def spent(share: float, alpha: float = 0.05, spending: Spending = "obrien_fleming") -> float:
    """Return the two-sided level that is spent when a share of the information is there.

    4 (1 - F(z / sqrt(share))) of the type of O'Brien and Fleming, alpha log(1 + (e - 1) share) of that of Pocock.
    """
    from scipy.stats import norm

    if spending == "pocock":
        return alpha * math.log1p((math.e - 1) * share)
    return float(min(alpha, 4 * norm.sf(norm.isf(alpha / 4) / math.sqrt(share)))) if share > 0 else 0.0


def looks(shares: Sequence[float], alpha: float = 0.05, spending: Spending = "obrien_fleming") -> list[Look]:
    """Return the symmetric boundaries of looks at these shares of the information, the last of them 1.

    Raises
    ------
    FulfillSimError
        If the shares do not rise to 1, each by `CLOSEST` or more.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    rising = all(b - a >= CLOSEST for a, b in zip((0.0, *shares), shares, strict=False))
    if not shares or not rising or not math.isclose(shares[-1], 1):
        raise FulfillSimError(f"looks at {list(shares)} - expected shares of the information that rise to 1")
    found: list[Look] = []
    score, density = np.zeros(1), np.ones(1)  # of B(share) = z sqrt(share), among those not stopped
    before, already = 0.0, 0.0
    for share, after in zip(shares, (*shares[1:], math.inf), strict=True):
        now = spent(share, alpha, spending)
        step, root = math.sqrt(share - before), math.sqrt(share)

        def crossing(z: float, s: NDArray[np.float64] = score, d: NDArray[np.float64] = density, step: float = step,
                     root: float = root) -> float:  # fmt: skip
            over = norm.sf((z * root - s) / step) + norm.cdf((-z * root - s) / step)
            return float(_integral(s, d * over))

        need = now - already
        bound = FARTHEST
        if crossing(FARTHEST) < need:
            bound = float(brentq(lambda z, need=need, crossing=crossing: crossing(z) - need, 0, FARTHEST, xtol=1e-10))
        found.append(Look(share, now, bound, float(2 * norm.sf(bound))))
        narrow = math.sqrt(min(share - before, after - share))
        points = max(POINTS, 2 * math.ceil(FINE * bound * root / narrow) + 1)
        grid = np.linspace(-bound * root, bound * root, points)
        kernel = norm.pdf((grid[:, np.newaxis] - score) / step) / step
        density = _integral(score, kernel * density)
        score, before, already = grid, share, now
    return found


def _integral(at: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Integrate along the last axis by Simpson's rule; a single point is a mass."""
    if len(at) == 1:
        return values[..., 0]
    weights = np.ones(len(at))
    weights[1:-1:2], weights[2:-1:2] = 4, 2
    total: NDArray[np.float64] = values @ weights * (at[1] - at[0]) / 3
    return total
