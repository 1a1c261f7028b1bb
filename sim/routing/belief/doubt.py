"""How far a stock count can be trusted: it ages, and some sites' counts were wrong before.

    P(right) = 0.5 ** (age / half_life) x (1 - refusals / promises)

The share of refusals starts from a prior, so that one bad day does not condemn a site: `prior_refusals` in
`prior_promises` (the mean of a beta distribution that is updated by what happened).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.fields import Cents, Model, Number, PositiveMinutes, PositiveNumber

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Doubt(Model):
    """The block `doubt:` of a rule-based strategy."""

    half_life: PositiveMinutes
    """Age at which half of the counts are no longer right."""
    prior_refusals: Number = 0
    prior_promises: PositiveNumber = 1
    refusal_cost: Cents = 0
    """What a refusal is expected to cost: a site's price grows by this times the probability that its count is
    wrong."""


class TrackRecord:
    """How often each site was promised from, and how often it refused."""

    def __init__(self, sites: int) -> None:
        self.promises = np.zeros(sites)
        self.refusals = np.zeros(sites)

    def refusal_rate(self, doubt: Doubt) -> NDArray[np.float64]:
        """Return the share of promises that each site is expected to refuse, shape (sites,)."""
        rate: NDArray[np.float64] = (self.refusals + doubt.prior_refusals) / (self.promises + doubt.prior_promises)
        return np.minimum(rate, 1.0)

    def certainty(self, doubt: Doubt, age_min: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability that a count of each site is right, shape (sites,)."""
        fresh: NDArray[np.float64] = np.power(0.5, np.maximum(age_min, 0) / doubt.half_life)
        return fresh * (1 - self.refusal_rate(doubt))
