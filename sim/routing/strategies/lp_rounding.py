"""Sites drawn at random so that, over many orders, each serves the share that a plan gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.hashed import uniforms
from sim.routing.offers.offers import Share, least_cost_offer
from sim.routing.prices.planner import NOBODY
from sim.routing.strategies.rounding import METHODS

if TYPE_CHECKING:
    from sim.routing.offers.offers import Objective, Request
    from sim.routing.prices.planner import Planner


class LpRounding:
    """Follows a plan by a draw for each order; where that cannot be, makes the exact choice.

    It cannot be if no line of the order is planned for, a drawn site lacks the stock or has refused the order, the plan
    gives the line to nobody, or more sites were drawn than an order may be split over. A line that is not planned for
    comes from where it is best alone. Luck is a hash of the seed, the order's number and the attempt.

    Parameters
    ----------
    method
        A key of `METHODS`.
    """

    def __init__(self, planner: Planner, objective: Objective, max_parcels: int, method: str, seed: int) -> None:
        self._planner = planner
        self._objective = objective
        self._max_parcels = max_parcels
        self._round = METHODS[method]
        self._seed = seed

    def choose(self, request: Request) -> list[Share]:
        """Return what each drawn site gives, or the exact choice."""
        return self.drawn(request) or least_cost_offer(request, self._objective, self._max_parcels)

    def drawn(self, request: Request) -> list[Share]:
        """Return what each drawn site gives, empty if the plan cannot be followed."""
        rows = self._planner.rows(request.place, request.skus)
        if not any(rows):
            return []
        chances: list[dict[int, float]] = []
        for line, row in enumerate(rows):
            chances.append({self._best_alone(request, line): 1.0} if row is None else dict(zip(*row, strict=True)))
        nodes = sorted({site for chance in chances for site in chance})
        shares = np.array([[chance.get(site, 0.0) for site in nodes] for chance in chances])
        order = request.order
        luck = uniforms(max(len(rows) + 1, len(nodes)), self._seed, order.id, len(order.refused_by))
        sites = [nodes[node] for node in self._round(shares, luck[None, :])[0].tolist()]
        baskets: dict[int, list[int]] = {}
        for line, site in enumerate(sites):
            baskets.setdefault(site, [0] * len(rows))[line] = request.wanted[line]
        if NOBODY in baskets or len(baskets) > self._max_parcels:
            return []
        drawn = [Share(site, tuple(basket)) for site, basket in baskets.items()]
        able = all(request.feasible_scores(self._objective, basket)[site] < np.inf for site, basket in drawn)
        return drawn if able else []

    def _best_alone(self, request: Request, line: int) -> int:
        basket = tuple([quantity if k == line else 0 for k, quantity in enumerate(request.wanted)])
        scores = request.feasible_scores(self._objective, basket)
        site = int(scores.argmin())
        return site if scores[site] < np.inf else NOBODY
