"""Filters that look at stock: how much there is, for how long, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.fields import Count, Number, Share
from sim.routing.rules.filter import Filter
from sim.routing.rules.measures import certainty, weeks_of_supply
from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation


class StockAtLeast(Filter):
    """Sites with at least so many units of every product asked for: a gate, not a deduction."""

    keep: Literal["stock_at_least"]
    units: Count
    reason = Reason.BELOW_MINIMUM_STOCK

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Look at the scarcest product asked for."""
        passes = np.ones(len(situation.columns), dtype=np.bool_)
        for row in situation.available:
            passes &= row >= self.units
        return passes


class WeeksOfSupply(Filter):
    """Sites whose stock of every product asked for lasts at least so many weeks; unknown sales do not pass."""

    keep: Literal["weeks_of_supply"]
    at_least: Number
    reason = Reason.BELOW_WEEKS_OF_SUPPLY

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Compare the shortest cover."""
        deep: NDArray[np.bool_] = weeks_of_supply(situation) >= self.at_least
        return deep


class SureStock(Filter):
    """Sites whose counts of everything asked for are right with at least this probability."""

    keep: Literal["sure_stock"]
    at_least: Share
    reason = Reason.DOUBTFUL_STOCK

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Multiply the probabilities line by line."""
        sure: NDArray[np.bool_] = certainty(situation) >= self.at_least
        return sure
