"""The exact minimum of any objective over one site and all splits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.routing.offers.left_open import offer_or_open
from sim.routing.offers.offers import least_cost_offer

if TYPE_CHECKING:
    from sim.routing.objective.priced import OpenPrice
    from sim.routing.offers.offers import Objective, Request, Share


@dataclass(frozen=True, slots=True)
class LeastScore:
    """Serve as many units as possible, then minimise `objective` over at most `max_parcels` sites."""

    objective: Objective
    max_parcels: int
    open_price: OpenPrice | None = None
    """What it costs to leave units open; None: they are served if they can be."""

    def choose(self, request: Request) -> list[Share]:
        """Return the best offer."""
        most = self.max_parcels if request.most_parcels is None else min(self.max_parcels, request.most_parcels)
        if self.open_price is not None:
            return offer_or_open(request, self.objective, most, self.open_price)
        return least_cost_offer(request, self.objective, most)
