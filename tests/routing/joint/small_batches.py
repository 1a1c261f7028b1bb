"""Batches small enough to try every decision, and scores written down by hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.contract.messages import Line, Order
from sim.routing.joint.entry import Entry, Offer
from sim.routing.offers.offers import Basket, Request, Share

SKUS, SITES = 2, 3
UNSERVED = 10_000.0
NOTHING: dict[int, NDArray[np.float64]] = {}


@dataclass(frozen=True)
class Table:
    """Objective: a price a parcel, and a price a unit of each product, by site.

    Parameters
    ----------
    parcel
        Shape (sites,); infinite where nobody may serve from.
    unit
        Shape (products, sites).
    """

    parcel: NDArray[np.float64]
    unit: NDArray[np.float64]

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the price from each site."""
        scores = self.parcel.copy()
        for sku, quantity in zip(request.skus, basket, strict=True):
            scores += quantity * self.unit[sku]
        return scores

    def floor(self, request: Request) -> float:
        """Return the least price of a parcel."""
        return float(self.parcel.min())

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the least price of a parcel and of each unit."""
        units = zip(request.skus, basket, strict=True)
        return float(self.parcel.min()) + sum(quantity * float(self.unit[sku].min()) for sku, quantity in units)


def entry(
    number: int,
    lines: dict[int, int],
    stock: NDArray[np.int32],
    objective: Table,
    max_parcels: int = 2,
    kept: tuple[Offer, float] | None = None,
    placed_at: float = 0.0,
) -> Entry:
    """Return an order of a batch."""
    order = Order(number, placed_at, 0, tuple(Line(sku, quantity) for sku, quantity in lines.items()))
    return Entry(Request(order, stock, 0.0), objective, max_parcels, UNSERVED, kept)


def every_offer(one: Entry, max_parcels: int = 2) -> list[Offer]:
    """Return all ways to serve an order in whole, in part, or not at all, whatever the stock."""
    offers = []
    for columns in product(*(_shared_out(quantity, SITES) for quantity in one.wanted)):
        baskets = zip(*columns, strict=True)
        offer = tuple(Share(site, basket) for site, basket in enumerate(baskets) if any(basket))
        if len(offer) <= max_parcels:
            offers.append(offer)
    return offers


def _shared_out(quantity: int, sites: int) -> list[tuple[int, ...]]:
    ways = product(range(quantity + 1), repeat=sites)
    return [way for way in ways if sum(way) <= quantity]


def least_total(entries: list[Entry], stock: NDArray[np.int32]) -> float:
    """Return the least total score of all decisions that the stock allows, by trying every one."""
    least = [min([one.score(o) for o in every_offer(one)]) for one in entries]  # below 0 where there are credits
    options = [[(one.score(o), list(one.units(o))) for o in every_offer(one)] for one in entries]
    best = float("inf")

    def extend(k: int, left: NDArray[np.int32], total: float) -> None:
        nonlocal best
        if total + sum(least[k:]) >= best:
            return
        if k == len(options):
            best = total
            return
        for score, units in options[k]:
            after = left.copy()
            for sku, site, quantity in units:
                after[sku, site] -= quantity
            if (after >= 0).all():
                extend(k + 1, after, total + score)

    extend(0, np.maximum(stock, 0), 0.0)
    return best


_cents = st.integers(0, 60).map(lambda n: 10.0 * n)


def _tables(least: int) -> st.SearchStrategy[Table]:
    parcel = st.lists(st.one_of(_cents.map(lambda c: c + least), st.just(np.inf)), min_size=SITES, max_size=SITES)
    unit = st.lists(st.lists(_cents, min_size=SITES, max_size=SITES), min_size=SKUS, max_size=SKUS)
    return st.builds(lambda p, u: Table(np.array(p), np.array(u)), parcel, unit)


@st.composite
def batches(draw: st.DrawFn, most_orders: int = 4, least: int = 100) -> tuple[list[Entry], NDArray[np.int32]]:
    """Return a few orders, each with prices of its own, and too little stock for all of them.

    Below a `least` of 0 a parcel may bring a credit.
    """
    rows = st.lists(st.integers(-1, 2), min_size=SITES, max_size=SITES)
    stock = np.array([draw(rows) for _ in range(SKUS)], dtype=np.int32)
    wants = st.dictionaries(st.integers(0, SKUS - 1), st.integers(1, 2), min_size=1)
    return [
        entry(number, draw(wants), stock, draw(_tables(least))) for number in range(draw(st.integers(1, most_orders)))
    ], stock
