"""Feasible ways to serve an order, and the search for the best of them: one site, or a split over several.

A *basket* is a tuple of quantities, one per order line. An *objective* gives a basket one score per site. The search
finds the partition of the order into baskets, each from another site, with the least sum of scores.
"""

from __future__ import annotations

import math
import time
from functools import cached_property, lru_cache
from itertools import groupby, product
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from sim.routing.offers.large_orders import covers, neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.network.carrier import Rates

Basket = tuple[int, ...]
Partition = tuple[Basket, ...]

# Splits are searched through exhaustively; an order with more ways to split it than this is split step by step.
MOST_PARTITIONS = 4096


class Share(NamedTuple):
    """What one site gives to an offer."""

    site: int
    basket: Basket


class Objective(Protocol):
    """Something to minimise, added up over the parcels of an offer."""

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
    deadline
        Reading of the wall clock at which the search has to end with the best it has; None means never.
    limited
        Whether it was ended so.
    most_parcels
        Most parcels that this order may come in, beside what holds of all; None means no limit of its own.
    covers
        Returns the sites that could give each whole line from goods on their way; None if these are not promised.
    """

    def __init__(self, order: Order, available: NDArray[np.int32], now: float) -> None:
        self.order = order
        self.now = now
        self.place = order.place
        self.skus = [line[0] for line in order.lines]
        self.wanted: Basket = tuple([line[1] for line in order.lines])
        self.rows = [available[sku] for sku in self.skus]
        self.rates: dict[Basket, Rates] = {}
        self.deadline: float | None = None
        self.limited = False
        self.most_parcels: int | None = None
        self.covers: Callable[[Request], list[NDArray[np.bool_]]] | None = None

    def __copy__(self) -> Request:
        """Return the same request, to be changed; `copy` by itself would take eight times as long."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    def out_of_time(self) -> bool:
        """Return whether the search has to end; it is told in the plan."""
        if self.deadline is None or time.perf_counter() < self.deadline:
            return False
        self.limited = True
        return True

    def feasible_scores(self, objective: Objective, basket: Basket) -> NDArray[np.float64]:
        """Return the objective's scores, infinite where a site is believed not to have all of `basket`."""
        scores = objective.scores(self, basket)
        for row, quantity in zip(self.rows, basket, strict=True):
            if quantity:
                np.putmask(scores, row < quantity, np.inf)
        for site in self.order.refused_by:
            scores[site] = np.inf
        return scores


def least_cost_offer(
    request: Request, objective: Objective, max_parcels: int, givers: Collection[int] = ()
) -> list[Share]:
    """Return the shares that serve as many units as possible, at the least total score.

    Parameters
    ----------
    max_parcels
        Most sites an order may be split over.
    givers
        Sites that serve it already: at most so many others as `max_parcels` exceeds their number may be added.

    Returns
    -------
    list of Share
        Distinct sites; their baskets add up to at most ``request.wanted``. Empty when nothing can be had.
    """
    wanted = request.wanted
    scores = request.feasible_scores(objective, wanted)
    site = int(scores.argmin())
    best = scores.item(site)
    if best < np.inf:
        # two parcels cost at least twice the floor, and more of them more unless they bring credits: most orders are
        # settled here
        if max_parcels == 1 or sum(wanted) == 1:
            return [Share(site, wanted)]
        floor = objective.floor(request)
        if best <= floor * (2 if floor >= 0 else max_parcels):
            return [Share(site, wanted)]
    elif sum(wanted) == 1:
        return []
    search = SplitSearch(request, objective, max_parcels, givers)
    if best < np.inf:
        search.beat([Share(site, wanted)], best)
    if partitions(wanted, max_parcels) is None:
        starts = covers(request, objective, max_parcels)
        if 0 < len(givers) < max_parcels:
            starts += covers(request, objective, max_parcels - len(givers))
        whole = [start for start in starts if best == np.inf or sum(map(sum, start)) == sum(wanted)]
        found = search.descend(whole)
    else:
        found = search.cover(wanted) or search.largest_part(wanted)
    if request.limited and not found:  # no time for a search: the first way that comes to mind
        request.deadline = None
        found = search.descend(covers(request, objective, max_parcels)[:1], steps=False)
    return found


@lru_cache(maxsize=4096)
def partitions(wanted: Basket, most: int) -> tuple[Partition, ...] | None:
    """Return every way to put an order into 2 to `most` baskets, fewest first; None if there are too many to try.

    >>> partitions((1, 2), 2)
    (((1, 0), (0, 2)), ((1, 1), (0, 1)))
    """
    if math.prod([quantity + 1 for quantity in wanted]) > 2 * MOST_PARTITIONS:
        return None  # into two baskets alone there are half as many ways as baskets
    found: list[Partition] = []

    def extend(left: Basket, chosen: Partition) -> bool:
        if not any(left):
            found.append(chosen)
            return len(found) <= MOST_PARTITIONS
        if len(chosen) == most:
            return True
        if len(chosen) == most - 1:
            return extend(tuple([0] * len(left)), (*chosen, left))
        first = next(i for i, quantity in enumerate(left) if quantity)
        # the basket that holds the first unit left: each partition into unlike baskets is then met once
        for basket in product(*(range(1 if i == first else 0, q + 1) for i, q in enumerate(left))):
            rest = tuple([q - b for q, b in zip(left, basket, strict=True)])
            if not extend(rest, (*chosen, basket)):
                return False
        return True

    if not extend(wanted, ()):
        return None
    # units of one line are alike, so one partition may have been met in several orders
    distinct = {tuple(sorted(partition, reverse=True)) for partition in found if len(partition) > 1}
    return tuple(sorted(distinct, key=lambda partition: (len(partition), partition)))


class SplitSearch:
    """Keeps the best offer among the partitions it has considered: each basket from another site.

    Attributes
    ----------
    best
        Its score: the mark that others have to beat.
    """

    def __init__(self, request: Request, objective: Objective, max_parcels: int, givers: Collection[int] = ()) -> None:
        self._request, self._objective, self._max_parcels = request, objective, max_parcels
        self._givers = frozenset(givers)
        self.best, self._offer = float("inf"), list[Share]()
        self._bounds: dict[Basket, float] = {}
        self._best_of: dict[Basket, tuple[float, int]] = {}
        self._scores: dict[Basket, NDArray[np.float64]] = {}

    def beat(self, offer: list[Share], score: float) -> None:
        """Set the mark that splits have to beat."""
        self.best, self._offer = score, offer

    def consider(self, partition: Partition) -> None:
        """Take the best way to give the baskets of a partition to distinct sites, if it beats the mark."""
        if sum([self._bound(basket) for basket in partition]) < self.best and not self._request.out_of_time():
            total, left = 0.0, len(partition)
            for basket in partition:
                total += self.best_site(basket)[0]
                left -= 1
                if total >= self.best and (left == 0 or total + left * self._credit >= self.best):
                    return
            self._assign(partition)

    def cover(self, wanted: Basket) -> list[Share]:
        """Return the best offer that serves all of `wanted`, empty if there is none."""
        for partition in partitions(wanted, self._max_parcels) or ():
            self.consider(partition)
        return self._offer

    def descend(self, starts: Sequence[Partition], steps: bool = True) -> list[Share]:
        """Return what many small steps from the best of some partitions lead to: good, if not always the best."""
        for partition in starts:
            self.consider(partition)
        before = float("inf")
        while steps and self.best < before:
            before = self.best
            for partition in neighbours(tuple([share.basket for share in self._offer]), self._max_parcels):
                self.consider(partition)
        return self._offer

    def largest_part(self, wanted: Basket) -> list[Share]:
        """Return the best offer among those that serve the most units of `wanted`."""
        rows = zip(wanted, self._request.rows, strict=True)
        most = [min(quantity, self.obtainable(row)) for quantity, row in rows]
        parts = sorted(product(*(range(q + 1) for q in most)), key=sum, reverse=True)
        for units, same_size in groupby(parts, key=sum):
            for part in same_size if units and units < sum(wanted) else ():
                score, site = self.best_site(part)
                if score < self.best:
                    self.beat([Share(site, part)], score)
                self.cover(part)
            if self._offer or self._request.limited:
                break
        return self._offer

    def obtainable(self, row: NDArray[np.int32]) -> int:
        """Return how many units of a product as many sites as may serve could give."""
        largest = np.sort(row)[-self._max_parcels :]
        return int(np.maximum(largest, 0).sum())

    @cached_property
    def _credit(self) -> float:
        """What one more parcel could bring: 0 unless the objective gives credits."""
        return min(0.0, self._objective.floor(self._request))

    def _bound(self, basket: Basket) -> float:
        found = self._bounds.get(basket)
        if found is None:
            found = self._bounds[basket] = self._objective.bound(self._request, basket)
        return found

    def best_site(self, basket: Basket) -> tuple[float, int]:
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
        order = scores.argsort(kind="stable")[: self._max_parcels + len(self._givers)].tolist()
        order += sorted(self._givers.difference(order))
        return [(float(scores[site]), site) for site in order if scores[site] < np.inf]

    def _allowed(self, choice: Sequence[tuple[float, int]]) -> bool:
        """Return whether the sites are distinct, and not too many of them new to the order."""
        sites = {site for _, site in choice}
        return len(sites) == len(choice) and len(sites | self._givers) <= self._max_parcels

    def _assign(self, baskets: Partition) -> None:
        """Give each basket another site, at the least total."""
        choices: list[tuple[tuple[float, int], ...]] = [tuple([self._best_of[basket] for basket in baskets])]
        if not self._allowed(choices[0]):  # else each has its best: nothing can be better
            every = product(*(self._best_sites(basket) for basket in baskets))
            choices = [choice for choice in every if self._allowed(choice)]
        for choice in choices:
            total = sum([score for score, _ in choice])
            if total < self.best:
                self.best = total
                self._offer = [Share(site, basket) for (_, site), basket in zip(choice, baskets, strict=True)]
