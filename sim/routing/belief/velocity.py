"""How fast each site sells each product, as far as an engine can learn: from counts that fall, and its own promises.

A count that has fallen by more than was picked for us has been sold to walk-in customers; what we promise is sold as
well. Old sales count less and less, exponentially with a memory T:

    sales a week = 7 days x sum of units x exp(-age / T) / (T x (1 - exp(-time observed / T)))

which of a steady rate gives that rate, however short the time observed. Before `known_after` nothing is known.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.news import Refusal, Release, StockNews
from sim.fields import Model, PositiveMinutes
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Line
    from sim.contract.news import News

WEEK = 7 * MINUTES_PER_DAY
# Sales are kept at the weight they will have had at one moment; when that lies so many memories back it is moved on.
MOST_MEMORIES = 50.0


class VelocityBlock(Model):
    """The block `velocity:` of a rule-based strategy that looks at sales or weeks of supply."""

    memory: PositiveMinutes = 28 * MINUTES_PER_DAY
    """Age at which a sale counts for 37 % of a new one."""
    known_after: PositiveMinutes = WEEK
    """How long a site must have been heard of; before, its sales are unknown."""


class Velocity:
    """Sales of every product at every site."""

    def __init__(self, block: VelocityBlock, products: int, sites: int) -> None:
        self._block = block
        self._sites = sites
        self._on_hand = np.zeros(products * sites, dtype=np.int64)
        self._since = np.full(sites, np.nan)
        self._sold = np.zeros((products, sites))
        self._weighed_at = 0.0
        self._recalled: dict[int, NDArray[np.float64]] = {}

    def hear(self, news: News) -> None:
        """Learn from counts that have fallen; what is refused or released was not sold."""
        match news:
            case StockNews():
                new = news.sites[np.isnan(self._since[news.sites])]
                self._since[new] = news.observed_at
                cells, weight = news.cells, self._weight(news.observed_at)
                fallen = np.maximum(self._on_hand[cells] - news.picked - news.on_hand, 0)
                self._on_hand[cells] = news.on_hand
                self._sold.reshape(-1)[cells] += fallen * weight
            case Refusal() | Release():
                undone = news.quantity * self._weight(news.at)
                self._sold[news.sku, news.site] = max(0.0, self._sold[news.sku, news.site] - undone)

    def promised(self, site: int, lines: tuple[Line, ...], now: float) -> None:
        """Count what was promised."""
        weight = self._weight(now)
        for sku, quantity in lines:
            self._sold[sku, site] += quantity * weight

    def per_week(self, sku: int, now: float) -> NDArray[np.float64]:
        """Return the units that each site sells in a week, NaN where that is not known yet, shape (sites,)."""
        if sku in self._recalled:
            return self._recalled[sku]
        memory = self._block.memory
        observed = now - self._since
        with np.errstate(invalid="ignore"):
            known = observed >= self._block.known_after
        full = memory * -np.expm1(-np.where(known, observed, memory) / memory)
        sold = self._sold[sku] * math.exp(min(0.0, self._weighed_at - now) / memory)  # news may be ahead of an order
        return np.where(known, WEEK * sold / full, np.nan)

    def told(self, skus: Sequence[int], now: float) -> list[list[float | None]]:
        """Return the sales of some products as what JSON knows; null is unknown."""
        rows = [self.per_week(sku, now).tolist() for sku in skus]
        return [[None if math.isnan(sales) else sales for sales in row] for row in rows]

    def recall(self, rows: Mapping[int, Sequence[float | None]]) -> None:
        """Know of some products what `rows` say."""
        for sku, row in rows.items():
            self._recalled[sku] = np.array([math.nan if sales is None else sales for sales in row])

    def forget(self) -> None:
        """Know nothing."""
        self._on_hand[:] = 0
        self._since[:] = np.nan
        self._sold[:] = 0
        self._recalled.clear()

    def _weight(self, at: float) -> float:
        """Return the weight of a sale as it will have been at the one moment: the later, the more."""
        memories = (at - self._weighed_at) / self._block.memory
        if memories > MOST_MEMORIES:
            self._sold *= math.exp(-memories)
            self._weighed_at, memories = at, 0.0
        return math.exp(memories)
