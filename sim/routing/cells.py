"""Which products at which sites a block of a routing file means; what is absent means all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import RoutingError, expected_one_of
from sim.fields import Model, Text
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network


class Cells(Model):
    """Products at sites, by kind of site, site, category and product: those that are in all lists given."""

    kinds: tuple[SiteKind, ...] | None = None
    sites: tuple[Text, ...] | None = None
    categories: tuple[Text, ...] | None = None
    products: tuple[Text, ...] | None = None

    def mask(self, network: Network) -> NDArray[np.bool_]:
        """Return the cells meant, shape (products, sites)."""
        sites = [
            (self.kinds is None or site.kind in self.kinds) and (self.sites is None or site.id in self.sites)
            for site in network.sites
        ]
        products = [
            (self.categories is None or product.category in self.categories)
            and (self.products is None or product.id in self.products)
            for product in network.products
        ]
        return np.outer(products, sites)

    def check(self, network: Network, where: str) -> None:
        """See that all sites, categories and products named are the network's.

        Raises
        ------
        RoutingError
            If one is not.
        """
        known = {
            "sites": [site.id for site in network.sites],
            "categories": sorted({product.category for product in network.products}),
            "products": [product.id for product in network.products],
        }
        for key, names in known.items():
            for name in getattr(self, key) or ():
                if name not in names:
                    raise RoutingError(f"{where}.{key}: {expected_one_of(name, names)}")
