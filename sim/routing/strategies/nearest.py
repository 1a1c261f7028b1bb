"""Each line from the nearest site believed to hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.offers.offers import Share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.offers.offers import Request

# A site without coordinates is asked after all others.
UNKNOWN_KM = 1e9


class Nearest:
    """The rule most order systems start with: distance decides, line by line, and nobody counts the parcels.

    A line that no site holds whole is taken from the nearest holders in turn.
    """

    def __init__(self, network: Network, may_serve: NDArray[np.bool_]) -> None:
        reached = (network.zone > 0) & may_serve
        known = np.nan_to_num(network.distance_km, nan=UNKNOWN_KM)
        self._distance = np.where(reached, known, np.inf)

    def choose(self, request: Request) -> list[Share]:
        """Return one share per site chosen."""
        distance = self._distance[request.place]
        if request.order.refused_by:
            distance = distance.copy()
            distance[list(request.order.refused_by)] = np.inf
        lines = len(request.wanted)
        taken: dict[int, list[int]] = {}
        for i, (row, quantity) in enumerate(zip(request.rows, request.wanted, strict=True)):
            holders = np.where(row >= quantity, distance, np.inf)
            site = int(holders.argmin())
            if holders[site] < np.inf:
                taken.setdefault(site, [0] * lines)[i] = quantity
                continue
            holders = np.where(row > 0, distance, np.inf)
            for site in np.argsort(holders, kind="stable")[: int(np.isfinite(holders).sum())].tolist():
                units = min(quantity, int(row[site]))
                taken.setdefault(site, [0] * lines)[i] = units
                quantity -= units
                if quantity == 0:
                    break
        return [Share(site, tuple(basket)) for site, basket in taken.items()]
