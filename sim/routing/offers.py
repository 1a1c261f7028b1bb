"""Feasible ways to serve an order, and the search for the best of them: one site, or a split over several.

A *basket* is a tuple of quantities, one per order line. An *objective* gives a basket one score per site. The search
finds the partition of the order into baskets, each from another site, with the least sum of scores.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.network.carrier import Rates

Basket = tuple[int, ...]

# Exactness is enumerated over all sub-baskets; an order with more of them than this is split greedily.
MOST_BASKETS = 1024


class Share(NamedTuple):
    """What one site gives to an offer."""

    site: int
    basket: Basket


class Objective(Protocol):
    """Something to minimise: additive over the parcels of an offer, never lower for a larger basket."""

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the score of one parcel with `basket` from each site, shape (sites,); infinite = may not."""
        ...

    def floor(self, request: Request) -> float:
        """Return a bound that no parcel of this order can score below."""
        ...

    def bound(self, request: Request, basket: Basket) -> float:
        """Return a bound, quick to find, that no parcel with `basket` can score below, whatever the stock."""
        ...


class Request:
    """One order as a strategy sees it: what is wanted, who could give it, and the time.

    Attributes
    ----------
    skus, wanted
        Products and quantities, line by line.
    rows
        Believed available units of each line's product, each of shape (sites,).
    rates
        Carrier prices found so far, by basket.
    """

    __slots__ = ("now", "order", "place", "rates", "rows", "skus", "wanted")

    def __init__(self, order: Order, available: NDArray[np.int32], now: float) -> None:
        self.order = order
        self.now = now
        self.place = order.place
        self.skus = [line[0] for line in order.lines]
        self.wanted: Basket = tuple([line[1] for line in order.lines])
        self.rows = [available[sku] for sku in self.skus]
        self.rates: dict[Basket, Rates] = {}

    def feasible_scores(self, objective: Objective, basket: Basket) -> NDArray[np.float64]:
        """Return the objective's scores, infinite where a site is believed not to have all of `basket`."""
        scores = objective.scores(self, basket)
        for row, quantity in zip(self.rows, basket, strict=True):
            if quantity:
                np.putmask(scores, row < quantity, np.inf)
        for site in self.order.refused_by:
            scores[site] = np.inf
        return scores


def least_cost_offer(request: Request, objective: Objective, max_parcels: int) -> list[Share]:
    """Return the shares that serve as many units as possible, at the least total score.

    Parameters
    ----------
    max_parcels
        Most sites an order may be split over.

    Returns
    -------
    list of Share
        Distinct sites; their baskets add up to at most ``request.wanted``. Empty when nothing can be had.
    """
    wanted = request.wanted
    scores = request.feasible_scores(objective, wanted)
    site = int(scores.argmin())
    best = float(scores[site])
    if best < np.inf:
        # two parcels cost at least twice the floor: most orders are settled here
        if max_parcels == 1 or sum(wanted) == 1 or best <= 2 * objective.floor(request):
            return [Share(site, wanted)]
    elif sum(wanted) == 1:
        return []
    count = 1
    for quantity in wanted:
        count *= quantity + 1
    if count > MOST_BASKETS:
        return [Share(site, wanted)] if best < np.inf else _greedy(request, objective, max_parcels)
    search = _SplitSearch(request, objective, max_parcels)
    cover = search.cover(wanted)
    return cover if cover else search.largest_part(wanted)


class _SplitSearch:
    """Exact search over all partitions of an order into at most `max_parcels` baskets from distinct sites."""

    def __init__(self, request: Request, objective: Objective, max_parcels: int) -> None:
        self._request = request
        self._objective = objective
        self._max_parcels = max_parcels
        self._best_of: dict[Basket, tuple[float, int]] = {}
        self._scores: dict[Basket, NDArray[np.float64]] = {}
        self._bounds: dict[Basket, float] = {}

    def cover(self, wanted: Basket) -> list[Share]:
        """Return the best offer that serves all of `wanted`, empty if there is none."""
        self._best, self._offer = float("inf"), list[Share]()
        self._floor = self._objective.floor(self._request)
        score, site = self._best_site(wanted)
        if score < np.inf:  # the mark that splits have to beat
            self._best, self._offer = score, [Share(site, wanted)]
        self._extend(wanted, [], 0.0)
        return self._offer

    def largest_part(self, wanted: Basket) -> list[Share]:
        """Return the best offer among those that serve the most units of `wanted`."""
        most = tuple(
            min(quantity, self._obtainable(row, quantity))
            for quantity, row in zip(wanted, self._request.rows, strict=True)
        )
        parts = sorted(product(*(range(q + 1) for q in most)), key=sum, reverse=True)
        best, offer, units = float("inf"), list[Share](), 0
        for part in parts:
            if sum(part) < units or not any(part):
                break
            found = self.cover(part)
            if found and self._best < best:
                best, offer, units = self._best, found, sum(part)
        return offer

    def _obtainable(self, row: NDArray[np.int32], quantity: int) -> int:
        largest = np.sort(row)[-self._max_parcels :]
        return int(np.maximum(largest, 0).sum())

    def _extend(self, left: Basket, chosen: list[Basket], bound: float) -> None:
        if not any(left):
            self._assign(chosen)
            return
        parcels_left = self._max_parcels - len(chosen)
        if parcels_left == 0 or bound + self._floor >= self._best:
            return
        first = next(i for i, quantity in enumerate(left) if quantity)
        if parcels_left == 1:
            baskets = iter([left])
        else:
            # the basket that holds the first unit left: each partition is then met once
            baskets = product(*(range(1 if i == first else 0, q + 1) for i, q in enumerate(left)))
        for basket in baskets:
            rest = tuple([q - b for q, b in zip(left, basket, strict=True)])
            # what is left needs either one more parcel or at least two
            after = min(self._bound(rest), 2 * self._floor) if any(rest) else 0.0
            if bound + self._bound(basket) + after >= self._best:
                continue
            score, _ = self._best_site(basket)
            if bound + score + after < self._best:
                self._extend(rest, [*chosen, basket], bound + score)

    def _bound(self, basket: Basket) -> float:
        found = self._bounds.get(basket)
        if found is None:
            found = self._bounds[basket] = self._objective.bound(self._request, basket)
        return found

    def _best_site(self, basket: Basket) -> tuple[float, int]:
        """Return the least score of a basket and the site that has it; the score is infinite if nobody can."""
        found = self._best_of.get(basket)
        if found is None:
            scores = self._request.feasible_scores(self._objective, basket)
            site = int(scores.argmin())
            found = self._best_of[basket] = float(scores[site]), site
            self._scores[basket] = scores
        return found

    def _best_sites(self, basket: Basket) -> list[tuple[float, int]]:
        """Return the few best sites of a basket: with n parcels the n best are enough to find n distinct ones."""
        scores = self._scores[basket]
        order = scores.argsort(kind="stable")[: self._max_parcels].tolist()
        return [(float(scores[site]), site) for site in order if scores[site] < np.inf]

    def _assign(self, baskets: list[Basket]) -> None:
        """Give each basket another site, at the least total."""
        choices: list[tuple[tuple[float, int], ...]] = [tuple([self._best_of[basket] for basket in baskets])]
        if len({site for _, site in choices[0]}) < len(baskets):  # else each has its best: nothing can be better
            every = product(*(self._best_sites(basket) for basket in baskets))
            choices = [choice for choice in every if len({site for _, site in choice}) == len(choice)]
        for choice in choices:
            total = sum([score for score, _ in choice])
            if total < self._best:
                self._best = total
                self._offer = [Share(site, basket) for (_, site), basket in zip(choice, baskets, strict=True)]


def _greedy(request: Request, objective: Objective, max_parcels: int) -> list[Share]:
    """Serve a very large order: again and again the site that can give most units, the better score deciding ties."""
    left = list(request.wanted)
    offer: list[Share] = []
    single = objective.scores(request, tuple([1] * len(left)))
    open_to_all = np.isfinite(single)
    for site in (*request.order.refused_by,):
        open_to_all[site] = False
    while any(left) and len(offer) < max_parcels:
        gives = np.array([np.clip(row, 0, q) for row, q in zip(request.rows, left, strict=True)])
        units = np.where(open_to_all, gives.sum(axis=0), 0)
        most = units.max()
        if most == 0:
            break
        site = int(np.where(units == most, single, np.inf).argmin())
        basket = tuple(int(n) for n in gives[:, site])
        offer.append(Share(site, basket))
        open_to_all[site] = False
        left = [q - b for q, b in zip(left, basket, strict=True)]
    return offer
