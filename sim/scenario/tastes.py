"""Who wants what: the popularity of products by region and channel, and the goods that blocks name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.network.site import Place, Product
    from sim.scenario.blocks.demand import DemandBlock, Goods


class Tastes(NamedTuple):
    """What is wanted where, and by which channel.

    Parameters
    ----------
    region
        Places that want alike, shape (places,).
    weights
        Share of each product, shape (channels, regions, products).
    """

    region: NDArray[np.int64]
    weights: NDArray[np.float64]


def among(goods: Goods, products: Sequence[Product]) -> NDArray[np.bool_]:
    """Return which products are meant, shape (products,)."""
    return np.array([p.id in goods.products or p.category in goods.categories for p in products])


def tastes_of(
    demand: DemandBlock, places: Sequence[Place], products: Sequence[Product], popularity: NDArray[np.float64]
) -> Tastes | None:
    """Return what is wanted where; None where all want the same."""
    if not demand.tastes:
        return None
    region, weights = _weights(demand, places, products, popularity)
    return Tastes(region, weights / weights.sum(axis=2, keepdims=True))


def nothing_wanted(
    demand: DemandBlock, places: Sequence[Place], products: Sequence[Product], popularity: NDArray[np.float64]
) -> tuple[str, str] | None:
    """Return a channel and a place whose tastes leave nothing that shoppers want; None if there is none."""
    if not demand.tastes:
        return None
    region, weights = _weights(demand, places, products, popularity)
    channel, pattern = np.nonzero(weights.sum(axis=2) == 0)
    if not channel.size:
        return None
    return (list(demand.channels) or [""])[channel[0]], places[int(np.argmax(region == pattern[0]))].id


def _weights(
    demand: DemandBlock, places: Sequence[Place], products: Sequence[Product], popularity: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the region of each place, and how much is wanted, shape (channels, regions, products)."""
    channels = list(demand.channels) or [""]
    concerned = np.array(
        [
            [
                (taste.states is None or place.state in taste.states)
                and (taste.places is None or place.id in taste.places)
                for taste in demand.tastes
            ]
            for place in places
        ]
    )
    patterns, region = np.unique(concerned, axis=0, return_inverse=True)
    goods = [among(taste, products) for taste in demand.tastes]
    weights = np.empty((len(channels), len(patterns), len(products)))
    for c, channel in enumerate(channels):
        for r, pattern in enumerate(patterns):
            weight = popularity.copy()
            for taste, meant, here in zip(demand.tastes, goods, pattern, strict=True):
                if here and (taste.channels is None or channel in taste.channels):
                    weight[meant] *= taste.times
            weights[c, r] = weight
    return region.reshape(-1), weights
