"""Two strategies as a package of their own: a way to choose, and an objective for the engine's exact search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from sim.fields import Between, Cents, PositiveCount, whole
from sim.routing.offers.offers import Share, least_cost_offer
from sim.routing.plug_ins import PlugIn
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.config import Choice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.offers.offers import Basket, Request
    from sim.routing.plug_ins import Costs, Surroundings


class TakeTurnsConfig(Choice):
    """The block of a routing file."""

    choose: Literal["take_turns"]
    sites: Annotated[int, Between(whole, 1, 99)] = 2
    """How many of the cheapest sites take turns."""


@dataclass(frozen=True)
class TakeTurns:
    """Order by order another of the few cheapest sites that have all of it; if none has, the cheapest split."""

    costs: Costs
    sites: int
    max_parcels: int

    def choose(self, request: Request) -> list[Share]:
        """Return who serves an order; whose turn it is follows from its number, so that nothing is remembered."""
        objective = Cheapest(self.costs)  # type: ignore[arg-type]
        scores = request.feasible_scores(objective, request.wanted)
        able = [site for site in scores.argsort(kind="stable").tolist()[: self.sites] if scores[site] < np.inf]
        if not able:
            return least_cost_offer(request, objective, self.max_parcels)
        return [Share(able[request.order.id % len(able)], request.wanted)]


class GreenConfig(Choice):
    """The block of a routing file."""

    choose: Literal["green"]
    per_100_km: Cents
    """What a parcel's way is worth."""
    most: PositiveCount = 50_000
    """Kilometres that count at most."""


@dataclass(frozen=True)
class Green:
    """Objective: cost plus a price of distance."""

    costs: Costs
    distance_cents: NDArray[np.float64]

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return cost plus the price of the way from each site."""
        return self.costs.by_site(request, basket) + self.distance_cents[request.place]

    def floor(self, request: Request) -> float:
        """Return the cost of the lightest parcel: distance only adds to it."""
        return self.costs.floor(request.place)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the cost of the basket from the best place there could be."""
        return self.costs.bound(request, basket)


def _take_turns(config: TakeTurnsConfig, around: Surroundings) -> TakeTurns:
    return TakeTurns(around.costs, config.sites, around.max_parcels)


def _green(config: GreenConfig, around: Surroundings) -> Green:
    known = np.nan_to_num(around.network.distance_km, nan=config.most)
    return Green(around.costs, np.minimum(known, config.most) / 100 * config.per_100_km)


TAKE_TURNS = PlugIn(TakeTurnsConfig, _take_turns)
GREEN = PlugIn(GreenConfig, _green)
