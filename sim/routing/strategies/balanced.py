"""Cost, delivery time and scarcity, each at a price."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request
    from sim.routing.promise import Promises


class Balanced:
    """Objective: cost + `day_value_cents` per day to the promised delivery + the price of scarcity.

    A unit's scarcity at a site is its margin times ``scarcity`` divided by the units believed available there: the
    last one on the shelf is the dearest to give away, because a walk-in customer or a nearer shopper may want it.
    What is sold below cost is never scarce.
    """

    def __init__(
        self,
        costs: ParcelCosts,
        network: Network,
        promises: Promises,
        day_value_cents: float,
        scarcity: float,
    ) -> None:
        self._costs = costs
        self._promises = promises
        self._day_value = day_value_cents
        self._price_of_last = [scarcity * max(0, p.price_cents - p.unit_cost_cents) for p in network.products]

    def with_day_value(self, costs: ParcelCosts, cents: float) -> Balanced:
        """Return the same objective with another worth of a day, on `costs`."""
        twin = copy(self)
        twin._costs, twin._day_value = costs, cents
        return twin

    @property
    def day_value(self) -> float:
        """Worth of a day to the promised delivery, cents."""
        return self._day_value

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the priced sum for each site."""
        scores = self._costs.by_site(request, basket)
        timing = self._costs.rates(request, basket).timing.take(self._costs.zones(request.place))
        days = self._promises.arrival_of(request, timing)
        days -= request.now // MINUTES_PER_DAY
        days *= self._day_value
        scores += days
        for sku, quantity, row in zip(request.skus, basket, request.rows, strict=True):
            if quantity:
                scores += quantity * self._price_of_last[sku] / np.maximum(row, 1)
        return scores

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel with the earliest possible delivery: scarcity only adds to it."""
        return self._costs.floor(request.place) + self._least_time(request)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be, delivered as early as possible."""
        return self._costs.bound(request, basket) + self._least_time(request)

    def _least_time(self, request: Request) -> float:
        return self._day_value * (self._promises.earliest_day(request.now) - request.now // MINUTES_PER_DAY)
