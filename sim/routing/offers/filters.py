"""Who may serve at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.network.site import SiteKind


def of_kind(network: Network, kinds: Collection[SiteKind] | None) -> NDArray[np.bool_]:
    """Return which sites are of one of `kinds`, shape (sites,); None means all."""
    return np.array([kinds is None or site.kind in kinds for site in network.sites])
