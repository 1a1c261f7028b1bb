"""What filters and ranks alike measure of each site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation


def weeks_of_supply(situation: Situation) -> NDArray[np.float64]:
    """Return for how many weeks each site's shelf lasts, the scarcest line deciding, shape (sites,); NaN where unknown.

    What is never sold lasts for ever.
    """
    if situation.per_week is None:
        return np.full(len(situation.columns), np.nan)
    weeks = np.full(len(situation.columns), np.inf)
    for stock, sold in zip(situation.on_hand or situation.available, situation.per_week, strict=True):
        with np.errstate(divide="ignore", invalid="ignore"):
            cover = np.where(sold == 0, np.inf, np.maximum(stock, 0) / sold)
        weeks = np.minimum(weeks, cover)  # NaN spreads
    return weeks


def certainty(situation: Situation) -> NDArray[np.float64]:
    """Return the probability that every count the order rests on is right, shape (sites,)."""
    sure = np.ones(len(situation.columns))
    for probability in situation.certainty or ():
        sure = sure * probability
    return sure
