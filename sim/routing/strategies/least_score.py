"""The exact minimum of any objective over one site and all splits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.routing.offers import least_cost_offer

if TYPE_CHECKING:
    from sim.routing.offers import Objective, Request, Share


@dataclass(frozen=True, slots=True)
class LeastScore:
    """Serve as many units as possible, then minimise `objective` over at most `max_parcels` sites."""

    objective: Objective
    max_parcels: int

    def choose(self, request: Request) -> list[Share]:
        """Return the best offer."""
        most = self.max_parcels if request.most_parcels is None else min(self.max_parcels, request.most_parcels)
        return least_cost_offer(request, self.objective, most)
