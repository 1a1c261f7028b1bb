"""Ways by road: what a map service says of the way from a site to a place, or to another site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.network.site import TOLD_IF_ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.network.site import Place, Site


@dataclass(frozen=True, slots=True)
class Roads:
    """A table of ways, one entry of each column a way.

    Parameters
    ----------
    origins, destinations
        Ids of sites, and of places or sites.
    km, minutes
        How long they are, and how long they take by car; no minutes at all if nobody said.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    km: tuple[float, ...]
    minutes: tuple[float, ...] = field(default=(), metadata=TOLD_IF_ANY)

    def km_between(self, places: Sequence[Place], sites: Sequence[Site]) -> NDArray[np.float64]:
        """Return the length of each way, shape (places, sites), NaN where the table has none; to itself it is 0."""
        return self._laid_out(self.km, places, sites)

    def minutes_between(self, places: Sequence[Place], sites: Sequence[Site]) -> NDArray[np.float64]:
        """Return how long each way takes, in the same form."""
        return self._laid_out(self.minutes, places, sites)

    def _laid_out(
        self, values: tuple[float, ...], places: Sequence[Place], sites: Sequence[Site]
    ) -> NDArray[np.float64]:
        row_of = {place.id: k for k, place in enumerate(places)}
        column_of = {site.id: k for k, site in enumerate(sites)}
        found = np.full((len(places), len(sites)), np.nan)
        for name in row_of.keys() & column_of.keys():
            found[row_of[name], column_of[name]] = 0.0
        for origin, destination, value in zip(self.origins, self.destinations, values, strict=False):
            if destination in row_of and origin in column_of:
                found[row_of[destination], column_of[origin]] = value
        return found
