"""What a router was told of stock, and what is promised: by itself, and by whoever stood in for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Line
from sim.contract.news import Refusal, StockNews
from sim.routing.belief.belief import Belief

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Parcel, Plan
    from sim.contract.news import Release
    from sim.network.network import Network


class Books:
    """Two books: the router's own, as it should keep it itself, and that of its stand-in.

    Of what is picked from a cell in which both have promised something, the stand-in's part is taken first, and not
    told to the router: what it believes is then never more than there is.

    Parameters
    ----------
    gives_up
        Whether the router may give up promises of which it hears nothing: nobody else then knows which are open.
    """

    def __init__(self, network: Network, gives_up: bool = False) -> None:
        self._gives_up = gives_up
        products, sites = len(network.products), len(network.sites)
        self._sites = sites
        self._own = Belief(products, sites, np.zeros(sites, dtype=np.int32))
        self._aside = Counter[int]()
        self._aside_of = Counter[tuple[int, int, int]]()
        self._picked_aside: NDArray[np.int32] = np.zeros(products * sites, dtype=np.int32)
        self._any_aside = False

    def hear(self, news: StockNews) -> StockNews:
        """Take in news of stock; return it as the router is to be told."""
        if self._any_aside:
            news = self._without_aside(news)
        self._own.hear(self._own.fresh(news))
        return news

    def free(self, sku: int, site: int) -> int:
        """Return the units the router was told of, minus its own open promises."""
        return self.told(sku, site) - self.promised(sku, site)

    def told(self, sku: int, site: int) -> int:
        """Return the units the router was told of."""
        return int(self._own.available[sku, site]) + self._own.promised(sku, site)

    def promised(self, sku: int, site: int) -> int:
        """Return the units of these that it has promised."""
        return 0 if self._gives_up else self._own.promised(sku, site)

    def most(self) -> NDArray[np.int64]:
        """Return the units of each product that could be promised at most, shape (products,)."""
        told, promised, _ = self._own.terms(slice(None))
        most: NDArray[np.int64] = np.maximum(told if self._gives_up else told - promised, 0).sum(axis=1)
        return most

    def promise(self, parcels: Iterable[Parcel]) -> None:
        """Note what the router promises."""
        for parcel in parcels:
            self._own.promise(parcel.site, parcel.lines)

    def withdraw(self, parcels: Iterable[Parcel]) -> None:
        """Take that back."""
        for parcel in parcels:
            self._own.release(parcel.site, parcel.lines)

    def stand_in(self, order: int, plan: Plan) -> None:
        """Note what is promised in the router's place."""
        for parcel in plan.parcels:
            for sku, quantity in parcel.lines:
                self._any_aside = True
                self._aside[sku * self._sites + parcel.site] += quantity
                self._aside_of[order, parcel.site, sku] += quantity

    def is_over(self, news: Refusal | Release) -> bool:
        """Take back a promise; return whether it was the router's own, which has to be told."""
        key = news.order, news.site, news.sku
        if self._aside_of[key] >= news.quantity:
            self._aside_of[key] -= news.quantity
            self._aside[news.sku * self._sites + news.site] -= news.quantity
            return False
        if isinstance(news, Refusal):
            self._own.refused(news)
        else:
            self._own.release(news.site, (Line(news.sku, news.quantity),))
        return True

    def view(self, skus: Sequence[int], now: float) -> StockNews:
        """Return what may be promised of some products, the stand-in's own promises taken off."""
        news = self._own.view(skus, now)
        if not self._any_aside:
            return news
        aside = np.array([self._aside[cell] for cell in news.cells.tolist()], dtype=np.int32)
        return news._replace(on_hand=np.maximum(news.on_hand - aside, 0))

    def _without_aside(self, news: StockNews) -> StockNews:
        told = news._replace(picked=news.picked - self._picked_aside[news.cells])
        fresh = self._own.fresh(told)
        for cell, picked in zip(fresh.cells.tolist(), fresh.picked.tolist(), strict=True):
            if picked and (ours := min(picked, self._aside[cell])) > 0:
                self._aside[cell] -= ours
                self._picked_aside[cell] += ours
        return news._replace(picked=news.picked - self._picked_aside[news.cells])
