"""The pricing problem of the configuration LP over real orders: the engine's own exact search, order by order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.offers.offers import Request, least_cost_offer
from sim.routing.prices.columns import Columns
from sim.routing.strategies.bid_price import BidPrice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.routing.cost import ParcelCosts


class OffersChoice:
    """Cheapest offers for a list of orders, each an order type; units that no site serves cost their worth.

    Parameters
    ----------
    stocked
        Where there is any stock to speak of: enough for an order, or none, shape (products, sites).
    lost_cents
        What it costs not to serve a unit of each product.
    """

    def __init__(
        self,
        orders: Sequence[Order],
        costs: ParcelCosts,
        stocked: NDArray[np.int32],
        lost_cents: NDArray[np.float64],
        max_parcels: int,
        now: float,
    ) -> None:
        self._requests = [Request(order, stocked, now) for order in orders]
        self._costs = costs
        self._lost = lost_cents.tolist()
        self._max_parcels = max_parcels
        self._prices: NDArray[np.float64] = np.zeros(stocked.shape)
        self._objective = BidPrice(costs, self._prices)
        self._types = np.arange(len(orders))
        self._lost_order = np.array([sum([self._lost[sku] * q for sku, q in order.lines]) for order in orders])
        self._found: list[tuple[float, list[tuple[int, int]]] | None] = [None] * len(orders)

    def cheapest(self, prices: NDArray[np.float64]) -> Columns:
        """Return each order's offer of least cost plus price of stock; what it takes is told by cell."""
        if np.isinf(prices).all():
            nothing = np.empty(0, dtype=np.int64)
            return Columns(self._types, self._lost_order.copy(), nothing, nothing, np.empty(0))
        table = prices.reshape(self._prices.shape)
        # an order's best offer is still the best if no price of its products has moved since it was found
        moved = (table != self._prices).any(axis=1).tolist()
        self._prices[:] = table
        for number, request in enumerate(self._requests):
            if self._found[number] is None or any([moved[sku] for sku in request.skus]):
                self._found[number] = self._best(request, float(self._lost_order[number]))
        found = [best for best in self._found if best is not None]
        taken = [(number, cell, units) for number, (_, takes) in enumerate(found) for cell, units in takes]
        entries = np.array(taken, dtype=np.int64).reshape(-1, 3)
        cost = np.array([cost for cost, _ in found])
        return Columns(self._types, cost, entries[:, 0], entries[:, 1], entries[:, 2].astype(np.float64))

    def _best(self, request: Request, lost: float) -> tuple[float, list[tuple[int, int]]]:
        """Return the true cost of the best offer and what it takes of which cell: nothing if it is worth less."""
        cost, stock = lost, 0.0
        takes = []
        sites = self._prices.shape[1]
        for site, basket in least_cost_offer(request, self._objective, self._max_parcels):
            cost += float(self._costs.by_site(request, basket)[site])
            for sku, quantity in zip(request.skus, basket, strict=True):
                if quantity:
                    cost -= self._lost[sku] * quantity
                    stock += float(self._prices[sku, site]) * quantity
                    takes.append((sku * sites + site, quantity))
        return (cost, takes) if cost + stock < lost else (lost, [])
