"""Units held back: by kind of site, site, category, product and channel; where several apply the largest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.fields import Count, Text
from sim.routing.cells import Cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.network.site import SiteKind


class RingFence(Cells):
    """So many units of each product that are never promised, where and for whom; what is absent means all."""

    units: Count
    channels: tuple[Text, ...] | None = None

    def held(self, network: Network) -> NDArray[np.int32]:
        """Return the units held back, shape (products, sites)."""
        return np.where(self.mask(network), self.units, 0).astype(np.int32)


def safety_stock(
    by_kind: Mapping[SiteKind, int], fences: Iterable[RingFence], network: Network, channel: str | None = None
) -> NDArray[np.int32]:
    """Return the units never promised to a channel, shape (products, sites); None: to no channel at all."""
    held = np.array([by_kind.get(site.kind, 0) for site in network.sites], dtype=np.int32)
    total = np.broadcast_to(held, (len(network.products), len(network.sites)))
    for fence in fences:
        if fence.channels is None or (channel is not None and channel in fence.channels):
            total = np.maximum(total, fence.held(network))
    return np.array(total, dtype=np.int32)
