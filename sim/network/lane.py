"""Lanes that lie in another zone than their distance says."""

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
class Lane:
    """Puts the lanes between some sites and some places into another zone.

    Parameters
    ----------
    origins, destinations
        Ids of sites and places, or states; none means all.
    instead_of
        Only those which were in this zone so far.
    zone
        Where they are from now on.
    within_km
        Only those no longer than that; 0 means any.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    instead_of: int
    zone: int
    within_km: float = field(default=0.0, metadata=TOLD_IF_ANY)

    def mask(self, sites: Sequence[Site], places: Sequence[Site] | Sequence[Place]) -> NDArray[np.bool_]:
        """Return which lanes are meant by their names, shape (places, sites)."""
        to = _among(places, self.destinations)
        mask: NDArray[np.bool_] = to[:, None] & _among(sites, self.origins)[None, :]
        return mask


def _among(ends: Sequence[Site] | Sequence[Place], names: tuple[str, ...]) -> NDArray[np.bool_]:
    known = set(names)
    return np.array([not names or end.id in known or end.state in known for end in ends], dtype=np.bool_)
