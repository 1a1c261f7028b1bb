"""The shape of a penalty, and what penalties may look at.

Two kinds of amounts are told apart. *Booked* is what the network says a parcel costs: the carrier's tariff with its
minimum, surcharge and fuel, and the site's handling and fees. The engine expects it part by part (`COST_PARTS`) and
the ledger books what comes of it. A *penalty* only steers: it says what an outcome is worth to the owner, or money that
falls due elsewhere, such as duty, wages and rent. It is added where parcels are compared, told by name with each parcel
(`Parcel.penalties`), and never booked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.contract.news import Refusal
from sim.routing.belief.doubt import TrackRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Parcel
    from sim.contract.news import News
    from sim.network.network import Network
    from sim.routing.capacity.usage import Usage
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request, Share
    from sim.routing.promise import Promises
    from sim.routing.rules.columns import Columns

CENTS_PER_USD = 100.0
"""Attributes of sites and products that are money stand in USD."""


class Penalty:
    """Something that steers, priced a parcel. Never negative unless it says how low it may get."""

    name: str
    """What it is called where it is told."""

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64] | float:
        """Return the amount for one parcel with `basket`, cents: from each site, or one number if all are alike."""
        raise NotImplementedError

    def least(self, request: Request, basket: Basket) -> float:
        """Return a bound, quick to find, that no parcel with `basket` is below."""
        return 0.0

    def floor(self, request: Request) -> float:
        """Return a bound that no parcel of the order is below."""
        return 0.0

    def of(self, request: Request, share: Share) -> float:
        """Return the amount for a chosen parcel, cents."""
        amount = self.by_site(request, share.basket)
        return float(amount[share.site]) if isinstance(amount, np.ndarray) else amount


class Counters:
    """What each site has taken on and refused so far, for penalties that look at it.

    Attributes
    ----------
    observed_at
        Minute of the last news of each site, shape (sites,).
    """

    def __init__(self, usage: Usage, sites: int) -> None:
        self.usage, self.record = usage, TrackRecord(sites)
        self.observed_at: NDArray[np.float64] = np.zeros(sites)

    def booked(self, order: Order, parcel: Parcel, now: float) -> None:
        """Hear that a parcel was promised."""
        self.usage.book(order, parcel.site, parcel.lines, now)
        self.record.promises[parcel.site] += 1

    def hear(self, news: News) -> None:
        """Hear that a site refused, was released from work, or did it."""
        self.usage.hear(news)
        if isinstance(news, Refusal):
            self.record.refusals[news.site] += 1

    def lost(self, cell: int, units: int, at: float) -> None:
        """Take work that nobody has heard of for work that is not there."""
        self.usage.lost(cell, units, at)

    def memory(self, order: Order, now: float) -> dict[str, Any]:
        """Return the counters as what JSON knows."""
        return {
            "usage": self.usage.memory(now),
            "promises": self.record.promises.tolist(),
            "refusals": self.record.refusals.tolist(),
        }

    def recall(self, memory: Mapping[str, Any], order: Order) -> None:
        """Stand as `memory` says."""
        self.usage.recall(memory["usage"])
        self.record.promises[:] = memory["promises"]
        self.record.refusals[:] = memory["refusals"]

    def forget(self) -> None:
        """Start from nothing."""
        self.usage.forget()
        self.record.promises[:] = self.record.refusals[:] = 0


class PenaltyInputs(NamedTuple):
    """What penalties are made with."""

    network: Network
    columns: Columns
    costs: ParcelCosts
    promises: Promises
    counters: Counters


def product_numbers(network: Network, name: str) -> list[float]:
    """Return an attribute of every product as a number; 0 where it is not known, or not a number above 0."""
    values = [product.attributes.get(name) for product in network.products]
    return [float(v) if isinstance(v, int | float) and v > 0 else 0.0 for v in values]
