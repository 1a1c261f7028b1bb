"""What common luck is worth: how far two options go up and down together, and what that takes off their difference."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.study.statistics.estimate import Estimate


class Pairing(NamedTuple):
    """How two options go together over replications.

    Parameters
    ----------
    correlation
        Of their contributions, replication by replication; NaN where one of them never moves.
    variance_ratio
        Variance of the paired difference over that of two runs with luck of their own: below 1 pairing helps.
    """

    correlation: float
    variance_ratio: float

    @property
    def helps(self) -> bool:
        """Whether fewer replications are needed than with luck of their own; so it is where nothing moves."""
        return not self.variance_ratio >= 1


def pairing(option: Estimate, baseline: Estimate) -> Pairing:
    """Return how two options go together: by their influence values, one a replication."""
    ours, theirs = option.influence, baseline.influence
    if len(ours) < 2 or math.isnan(option.value) or math.isnan(baseline.value):
        return Pairing(math.nan, math.nan)
    apart = float(ours.var(ddof=1) + theirs.var(ddof=1))
    paired = float((ours - theirs).var(ddof=1))
    spread = float(ours.std(ddof=1) * theirs.std(ddof=1))
    covariance = (apart - paired) / 2
    return Pairing(covariance / spread if spread else math.nan, paired / apart if apart else math.nan)
