r"""What a store's last units are worth to its own customers: Littlewood's rule with learnt walk-in trade.

The s-th last unit of product i in store k is sold to a walk-in customer before the next receipt with probability
P(W >= s), W ~ Poisson(walk-in units until then), and brings its margin. An online order may have it if it saves more
than that (Littlewood 1972). A fixed threshold protects the same number of units whatever they are worth; this one
follows from the trade of each store, which the engine knows only from counts that fall by more than it had picked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.prices.learner import Learner
from sim.routing.prices.marginal import MOST_LEFT, poisson_at_least

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network


@dataclass(frozen=True, slots=True)
class ReserveRule:
    """How much of store stock is kept.

    Parameters
    ----------
    until_receipt_days
        How long a store has to live on what it has.
    resolve_every
        Minutes between estimates.
    memory_days
        How long orders are remembered: they tell how a store's trade spreads over products.
    weight
        Factor on the margin of a walk-in sale.
    """

    until_receipt_days: float
    resolve_every: float
    memory_days: float
    weight: float


class ReservePricer(Learner):
    """Learns the walk-in trade of every site, and writes the worth of its stock.

    Attributes
    ----------
    worth
        As in `MarginalValue`, shape (products, units left, sites); written in place.
    """

    def __init__(self, network: Network, rule: ReserveRule) -> None:
        super().__init__(network, rule.memory_days, rule.resolve_every)
        self._rule = rule
        products, sites = len(network.products), len(network.sites)
        self._margin = np.array([float(p.price_cents - p.unit_cost_cents) for p in network.products])
        self.values: NDArray[np.float64] = np.zeros((products, MOST_LEFT + 2, sites))
        self.worth = self.values

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Estimate the worth of stock from the trade seen so far."""
        rule = self._rule
        _, departed = self._recent(now).flows_per_day(now)
        missed = poisson_at_least(departed.ravel() * rule.until_receipt_days).reshape(MOST_LEFT, *departed.shape)
        self.worth[:, 1 : MOST_LEFT + 1] = rule.weight * self._margin[:, None, None] * missed.transpose(1, 0, 2)
