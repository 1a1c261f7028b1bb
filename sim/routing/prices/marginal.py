r"""What one more unit on a shelf is worth, in closed form: no programme to solve.

Site k serves those shoppers to whom it is the cheapest of all sites that hold product i. Were it without stock, each of
them would cost `delta_ik` more, on average, from the next cheapest holder. So the s-th last unit of i at k is worth

    delta_ik * P(N >= s),   N ~ Poisson(orders of i for which k is cheapest, until the next receipt)

the newsvendor's marginal value with the dearer site as the penalty (in the spirit of Acimovic and Graves 2015). The
price falls with what is left, which a programme's one price for a whole horizon cannot say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.prices.learner import Learner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts

# Beyond so many units left the next one is worth nothing here: slow movers decide, and they have few.
MOST_LEFT = 8
MOST_PLACES = 80


@dataclass(frozen=True, slots=True)
class MarginalRule:
    """How the worth of stock is estimated.

    Parameters
    ----------
    until_receipt_days
        How long a unit given away is missed.
    resolve_every
        Minutes between estimates.
    memory_days
        How long orders are remembered.
    weight
        Factor on the worth of stock: below 1 because some who find the cheapest site empty would not have come.
    lost_cents
        What it costs more if no other site holds the product.
    """

    until_receipt_days: float
    resolve_every: float
    memory_days: float
    weight: float
    lost_cents: float


class MarginalPricer(Learner):
    """Learns from the engine's own orders, and writes the worth of stock.

    Attributes
    ----------
    worth
        As in `MarginalValue`, shape (products, units left, sites); written in place.
    values
        The same, under the name it has in `PricedEngine`.
    """

    def __init__(self, network: Network, costs: ParcelCosts, may_serve: NDArray[np.bool_], rule: MarginalRule) -> None:
        self._costs = costs
        self._may_serve = may_serve
        super().__init__(network, rule.memory_days, rule.resolve_every)
        self._rule = rule
        products, sites = len(network.products), len(network.sites)
        self.worth = self.values = np.zeros((products, MOST_LEFT + 2, sites))

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Estimate the worth of stock from the orders of the past and the stock there is."""
        rule, memory = self._rule, self._recent(now)
        if memory.orders == 0:
            return
        places = Counter(order.place for order in memory.past).most_common(MOST_PLACES)
        share = np.array([count for _, count in places], dtype=float)
        share /= share.sum()
        where = np.array([place for place, _ in places])
        expected = memory.units_per_day(now) * rule.until_receipt_days
        holds = (available > 0) & self._may_serve
        for sku, units in enumerate(expected.tolist()):
            self.worth[sku] = 0.0
            if holds[sku].any():
                costs = self._costs.one_unit(sku, where)
                self.worth[sku, 1 : MOST_LEFT + 1] = rule.weight * self._worth_of(costs, holds[sku], share, units)

    def _worth_of(
        self, costs: NDArray[np.float64], holds: NDArray[np.bool_], share: NDArray[np.float64], units: float
    ) -> NDArray[np.float64]:
        """Return the worth of the last 1, 2 ... units at each site, shape (MOST_LEFT, sites).

        Parameters
        ----------
        costs
            Of a unit to each place from each site, shape (places, sites).
        units
            Expected until the next receipt, from everywhere.
        """
        sites = costs.shape[1]
        costs = np.where(holds, costs, np.inf)
        first = costs.argmin(axis=1)
        each = np.arange(len(costs))
        least = costs[each, first]
        costs[each, first] = np.inf
        reached = np.isfinite(least)  # nobody delivers to the other places
        more = np.minimum(costs.min(axis=1) - np.where(reached, least, 0.0), self._rule.lost_cents)
        share = np.where(reached, share, 0.0)
        served = np.bincount(first, weights=share, minlength=sites)
        extra = np.bincount(first, weights=share * more, minlength=sites)
        delta = extra / np.maximum(served, 1e-12)
        wanted = np.asarray(units * served, dtype=np.float64)
        worth: NDArray[np.float64] = delta * poisson_at_least(wanted)
        return worth


def poisson_at_least(mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(N >= s) for s = 1 ... MOST_LEFT, shape (MOST_LEFT, len(mean))."""
    term = np.exp(-mean)
    below = np.zeros_like(mean)
    rows = []
    for s in range(1, MOST_LEFT + 1):
        below = below + term
        rows.append(1 - below)
        term = term * mean / s
    return np.maximum(np.stack(rows), 0.0)
