"""Units held back: by kind of site, site, category, product and channel; where several apply the largest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.fields import Count, Model, Text
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from sim.network.network import Network


class RingFence(Model):
    """So many units of each product that are never promised, where and for whom; what is absent means all."""

    units: Count
    kinds: tuple[SiteKind, ...] | None = None
    sites: tuple[Text, ...] | None = None
    categories: tuple[Text, ...] | None = None
    products: tuple[Text, ...] | None = None
    channels: tuple[Text, ...] | None = None

    def held(self, network: Network) -> NDArray[np.int32]:
        """Return the units held back, shape (products, sites)."""
        sites = [
            (self.kinds is None or site.kind in self.kinds) and (self.sites is None or site.id in self.sites)
            for site in network.sites
        ]
        products = [
            (self.categories is None or product.category in self.categories)
            and (self.products is None or product.id in self.products)
            for product in network.products
        ]
        return np.where(np.outer(products, sites), self.units, 0).astype(np.int32)


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


def held_from_channels(
    by_kind: Mapping[SiteKind, int], fences: tuple[RingFence, ...], network: Network
) -> dict[str, NDArray[np.int32]]:
    """Return what is held back from each channel that is named, on top of what is held back from all."""
    names = dict.fromkeys(name for fence in fences for name in fence.channels or ())
    common = safety_stock(by_kind, fences, network)
    return {name: safety_stock(by_kind, fences, network, name) - common for name in names}
