"""A plan of who serves whom: solved for on a schedule, on the demand that the engine's own past orders let expect.

Demand is expected by region (the places of one state) and product: the product's share of the past times the region's.
A region is served at the cost of its busiest place.
Where every region can have its cheapest site there is nothing to plan; such products stand in no plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.routing.prices.learner import Learner
from sim.routing.prices.transport import shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts

# Shares below this are left out of a plan.
LEAST_SHARE = 1e-6
NOBODY = -1


@dataclass(frozen=True, slots=True)
class PlanRule:
    """When and on what a plan is made.

    Parameters
    ----------
    horizon_days
        How far ahead demand is planned for.
    resolve_every
        Minutes between plans.
    memory_days
        How long orders are remembered.
    lost_cents
        What a unit costs that no site serves, besides its margin.
    """

    horizon_days: float
    resolve_every: float
    memory_days: float
    lost_cents: float


class Shares(NamedTuple):
    """Who serves a product in a region: sites (`NOBODY` among them, perhaps) and their shares."""

    sites: list[int]
    shares: list[float]


class Planner(Learner):
    """Learns, plans, and is asked for the plan."""

    def __init__(self, network: Network, costs: ParcelCosts, may_serve: NDArray[np.bool_], rule: PlanRule) -> None:
        self._costs = costs
        self._may_serve = may_serve
        super().__init__(network, rule.memory_days, rule.resolve_every)
        self._rule = rule
        margin = [p.price_cents - p.unit_cost_cents for p in network.products]
        self._lost = np.array(margin, dtype=float) + rule.lost_cents
        names = [place.state or place.id for place in network.places]
        numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
        self._region = np.array([numbers[name] for name in names])
        self._plan: dict[tuple[int, int], Shares] = {}

    def rows(self, place: int, skus: Sequence[int]) -> list[Shares | None]:
        """Return who is to serve each of some products at a place; None where there is no plan."""
        region = int(self._region[place])
        return [self._plan.get((region, sku)) for sku in skus]

    def write(self, place: int, skus: Sequence[int], rows: Sequence[Shares | None]) -> None:
        """Put rows in the plan, as `rows` would return them."""
        region = int(self._region[place])
        for sku, row in zip(skus, rows, strict=True):
            self._plan.pop((region, sku), None)
            if row is not None:
                self._plan[region, sku] = row

    def forget(self) -> None:
        """Forget the orders of the past and the plan."""
        super().forget()
        self._plan = {}

    def solve(self, available: NDArray[np.int32], now: float) -> None:
        """Plan anew."""
        rule, memory = self._rule, self._recent(now)
        self._plan = {}
        if memory.orders == 0:
            return
        received, departed = memory.flows_per_day(now)
        stock = np.maximum(available, 0) + (received - departed) * rule.horizon_days
        stock = np.where(self._may_serve, np.maximum(stock, 0.0), 0.0)
        seen = np.bincount([order.place for order in memory.past], minlength=len(self._region))
        busiest = np.argsort(-seen, kind="stable")[: np.count_nonzero(seen)]
        regions, first = np.unique(self._region[busiest], return_index=True)
        places = busiest[first]
        share = np.bincount(self._region, weights=seen)[regions] / seen.sum()
        units = memory.units_per_day(now) * rule.horizon_days
        for sku in np.flatnonzero((stock > 0).any(axis=1)).tolist():
            cost = self._costs.one_unit(sku, places)
            cost[:, stock[sku] <= 0] = np.inf
            self._plan_product(sku, regions, units[sku] * share, cost, stock[sku])

    def _plan_product(
        self,
        sku: int,
        regions: NDArray[np.int64],
        demand: NDArray[np.float64],
        cost: NDArray[np.float64],
        stock: NDArray[np.float64],
    ) -> None:
        taken = np.bincount(cost.argmin(axis=1), weights=demand, minlength=len(stock))
        if (taken <= stock).all():
            return
        found = shares(demand, cost, stock, float(self._lost[sku]))
        for region, row in zip(regions.tolist(), found, strict=True):
            used = np.flatnonzero(row > LEAST_SHARE)
            sites = [NOBODY if site == len(stock) else site for site in used.tolist()]
            self._plan[region, sku] = Shares(sites, row[used].tolist())
