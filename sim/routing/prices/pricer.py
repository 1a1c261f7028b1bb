"""Prices of stock for a live engine: solved for on a schedule, on a future drawn from the engine's own past.

Every solve draws one future: orders, receipts and walk-in sales as they were seen lately. The prices in use are a
moving average over solves, for two reasons. What a unit more or less would cost is a mean over futures, not the answer
for the mean future; and of most products a few units are sold a week, so one future says little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Order
from sim.routing.prices.configuration import ConfigurationLP
from sim.routing.prices.learner import Learner
from sim.routing.prices.offers_choice import OffersChoice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts

# Enough for any order: in the programme, stock is a constraint and not a filter.
PLENTY = 1_000_000
GAP = 1e-3


@dataclass(frozen=True, slots=True)
class PricingRule:
    """When and on what prices are solved for.

    Parameters
    ----------
    horizon_days
        How far ahead the drawn future reaches.
    resolve_every
        Minutes between solves.
    memory_days
        How long orders are remembered.
    smoothing
        Weight of the newest solve in the prices in use.
    max_rounds
        Most linear programmes in a solve.
    lost_cents
        What a unit costs that no site serves, besides its margin. The dearer, the more the prices of a product that is
        short everywhere are those of a lost sale: large, alike everywhere but for luck, and so mostly noise in the
        choice between sites.
    """

    horizon_days: float
    resolve_every: float
    memory_days: float
    smoothing: float
    max_rounds: int
    max_parcels: int
    lost_cents: float
    seed: int


class Pricer(Learner):
    """Learns, solves, and writes prices.

    Attributes
    ----------
    prices
        In use, cents a unit, shape (products, sites); written in place.
    values
        The same, under the name it has in `PricedEngine`.
    """

    def __init__(self, network: Network, costs: ParcelCosts, may_serve: NDArray[np.bool_], rule: PricingRule) -> None:
        self._costs = costs
        self._may_serve = may_serve
        super().__init__(network, rule.memory_days, rule.resolve_every)
        self._rule = rule
        margin = [p.price_cents - p.unit_cost_cents for p in network.products]
        self._lost = np.array(margin, dtype=float) + rule.lost_cents
        self.prices = self.values = np.zeros((len(network.products), len(network.sites)))
        self._solves = 0

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Draw a future, solve for its prices, and move the prices in use towards them."""
        rule = self._rule
        if self._recent(now).orders == 0:
            return
        luck = np.random.default_rng([rule.seed, self._solves])
        found = self._prices_of_a_future(luck, available, now)
        self._solves += 1
        weight = max(rule.smoothing, 1 / self._solves)
        self.prices *= 1 - weight
        self.prices += weight * found

    def _prices_of_a_future(
        self, luck: np.random.Generator, available: NDArray[np.int32], now: float
    ) -> NDArray[np.float64]:
        rule, memory = self._rule, self._memory
        received, departed = memory.flows_per_day(now)
        stock = np.maximum(available, 0) + luck.poisson(received * rule.horizon_days)
        stock = np.maximum(stock - luck.poisson(departed * rule.horizon_days), 0)
        stock[:, ~self._may_serve] = 0
        stocked = np.where(stock > 0, PLENTY, 0).astype(np.int32)
        count = int(luck.poisson(memory.orders_per_day(now) * rule.horizon_days))
        orders = [Order(k, now, place, lines) for k, (place, lines) in enumerate(memory.future(luck, count))]
        contested = self._contested(orders, stocked, stock, now)
        if not contested:
            return np.zeros_like(self.prices)
        choice = OffersChoice(contested, self._costs, stocked, self._lost, rule.max_parcels, now)
        programme = ConfigurationLP(choice, stock.size, gap=GAP, max_rounds=rule.max_rounds)
        solved = programme.solve(np.ones(len(contested)), stock.ravel().astype(float))
        return solved.prices.reshape(self.prices.shape)

    def _contested(
        self, orders: list[Order], stocked: NDArray[np.int32], stock: NDArray[np.int64], now: float
    ) -> list[Order]:
        """Return the orders with a product of which some site would run out if all chose what is cheapest.

        Where everybody can have the cheapest offer, stock has no price.
        """
        choice = OffersChoice(orders, self._costs, stocked, self._lost, self._rule.max_parcels, now)
        free = choice.cheapest(np.zeros(stock.size))
        taken = np.bincount(free.cell, weights=free.units, minlength=stock.size).reshape(stock.shape)
        scarce = set(np.flatnonzero((taken > stock).any(axis=1)).tolist())
        return [order for order in orders if any(line.sku in scarce for line in order.lines)]
