"""One order of a batch: the score of each of its offers, and its exact choice among them at given stock prices.

An offer may leave units unserved, at a price a unit. Scores are those of the moment the batch is decided: what another
order of the batch takes changes what is feasible, never what it costs.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.routing.offers.offers import Request, Share, SplitSearch, least_cost_offer, partitions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sim.routing.offers.offers import Basket, Objective

Offer = tuple[Share, ...]


class Choice(NamedTuple):
    """An offer and its score, price of stock and of units not served included.

    Parameters
    ----------
    bound
        No offer of the order scores less; equal to `score` unless the order is too large to search.
    """

    score: float
    offer: Offer
    bound: float


class Entry:
    """An order as a batch sees it.

    Parameters
    ----------
    request
        The order and the stock that is there for the whole batch.
    unserved_cents
        Price of a unit not served.
    kept
        An offer that is in force already, with its score: always a candidate, whatever the objective thinks of it now.
    held
        Units of the stock that are held back from the order's channel, shape (products, sites).
    shut
        Sites that take no more of it than they have in force, shape (sites,); None: all do.
    """

    __slots__ = (
        "_bounds", "_max_parcels", "_objective", "_scores", "held", "kept", "request", "shut",
        "unserved_cents", "wanted",
    )  # fmt: skip

    def __init__(
        self,
        request: Request,
        objective: Objective,
        max_parcels: int,
        unserved_cents: float,
        kept: tuple[Offer, float] | None = None,
        held: NDArray[np.int32] | None = None,
        shut: NDArray[np.bool_] | None = None,
    ) -> None:
        self.held, self.shut = held, shut
        self.request = self._without_held(request)
        self.wanted = request.wanted
        self.unserved_cents = unserved_cents
        self.kept = kept
        self._objective = objective
        self._max_parcels = max_parcels
        self._scores: dict[Basket, NDArray[np.float64]] = {}
        self._bounds: dict[Basket, float] = {}

    def on(self, stock: NDArray[np.int32]) -> Entry:
        """Return the same order before other stock."""
        request = Request(self.request.order, stock, self.request.now)
        return Entry(request, self._objective, self._max_parcels, self.unserved_cents, self.kept, self.held, self.shut)

    @property
    def pool(self) -> str | None:
        """The channel from which stock is held back; None if the order may have all of it."""
        return None if self.held is None else self.request.order.channel

    @property
    def exact(self) -> bool:
        """Whether all ways to split the order can be tried."""
        return sum(self.wanted) == 1 or partitions(self.wanted, self._max_parcels) is not None

    def scores(self, basket: Basket) -> NDArray[np.float64]:
        """Return the objective's scores of a basket whether or not a site has it, shape (sites,)."""
        found = self._scores.get(basket)
        if found is None:
            found = self._objective.scores(self.request, basket)
            found = self._scores[basket] = found if self.shut is None else np.where(self.shut, np.inf, found)
        return found

    def bound(self, basket: Basket) -> float:
        """Return a bound that no parcel with `basket` can score below."""
        found = self._bounds.get(basket)
        if found is None:
            found = self._bounds[basket] = self._objective.bound(self.request, basket)
        return found

    def floor(self) -> float:
        """Return a bound that no parcel of this order, and no offer with any, can score below."""
        floor = self._objective.floor(self.request)
        return floor if floor >= 0 else floor * self._max_parcels  # every parcel may bring a credit

    def score(self, offer: Offer) -> float:
        """Return what an offer costs, units not served included."""
        if self.kept is not None and offer == self.kept[0]:
            return self.kept[1]
        parcels = sum([float(self.scores(share.basket)[share.site]) for share in offer])
        return parcels + self.unserved_cents * self.unserved(offer)

    def unserved(self, offer: Offer) -> int:
        """Return the units of the order that are not in an offer."""
        return sum(self.wanted) - sum([sum(share.basket) for share in offer])

    def units(self, offer: Offer) -> Iterator[tuple[int, int, int]]:
        """Yield product, site and quantity of all that an offer takes."""
        for site, basket in offer:
            for sku, quantity in zip(self.request.skus, basket, strict=True):
                if quantity:
                    yield sku, site, quantity

    def choose(self, stock: NDArray[np.int32] | None, prices: Mapping[int, NDArray[np.float64]]) -> Choice:
        """Return the offer with the least score at given prices of stock.

        Parameters
        ----------
        stock
            What is left to take, shape (products, sites); None: all that is there for the batch.
        prices
            Price of one more unit at each site, by product, shape (sites,); absent where nothing is scarce.
        """
        request = self.request
        if stock is not None:
            request = self._without_held(Request(request.order, stock, request.now))
            request.deadline = self.request.deadline
        choice = self._search(request, AtPrices(self, prices))
        if request.limited:
            self.request.limited = True
            choice = choice._replace(bound=min(choice.score, self.floor()))
        if self.kept is None or (stock is not None and not self.fits(self.kept[0], stock)):
            return choice
        offer, score = self.kept
        score += sum([quantity * prices[sku][site] for sku, site, quantity in self.units(offer) if sku in prices])
        return choice if choice.score < score else Choice(score, offer, min(score, choice.bound))

    def fits(self, offer: Offer, stock: NDArray[np.int32]) -> bool:
        """Return whether there is stock for an offer; what is in force was promised, whatever is held back now."""
        held = None if self.kept is not None and offer == self.kept[0] else self.held
        if held is None:
            return all(stock[sku, site] >= quantity for sku, site, quantity in self.units(offer))
        return all(stock[sku, site] - held[sku, site] >= quantity for sku, site, quantity in self.units(offer))

    def _without_held(self, request: Request) -> Request:
        if self.held is not None:
            request.rows = [row - self.held[sku] for row, sku in zip(request.rows, request.skus, strict=True)]
        return request

    def _search(self, request: Request, priced: AtPrices) -> Choice:
        wanted, unserved = self.wanted, self.unserved_cents
        units = sum(wanted)
        scores = request.feasible_scores(priced, wanted)
        site = int(scores.argmin())
        score: float = unserved * units
        offer: Offer = ()
        if scores[site] < score:
            score, offer = float(scores[site]), (Share(site, wanted),)
        if units == 1:
            return Choice(score, offer, score)
        floor = self.floor()
        # two parcels cost at least twice the floor, a part at least once and a unit not served
        if score <= min(2 * floor if floor > 0 else floor, unserved + floor):
            return Choice(score, offer, score)
        if not self.exact:
            good = tuple(least_cost_offer(request, priced, self._max_parcels))
            at = sum([float(priced.scores(request, basket)[site]) for site, basket in good])
            at += unserved * self.unserved(good)
            return Choice(at, good, floor) if at < score else Choice(score, offer, min(score, floor))
        search = SplitSearch(request, priced, self._max_parcels)
        search.beat(list(offer), score)
        best = search.cover(wanted)
        score = search.best
        if score > unserved + floor:
            for part in parts(wanted):
                penalty = unserved * (units - sum(part))
                if penalty + floor >= score:
                    break
                search.beat(best, score - penalty)
                at, site = search.best_site(part)
                if at < search.best:
                    search.beat([Share(site, part)], at)
                best = search.cover(part)
                score = search.best + penalty
        return Choice(score, tuple(sorted(best)), score)

    def below(self, limit: float, prices: Mapping[int, NDArray[np.float64]], most: int) -> set[Offer] | None:
        """Return every offer that scores less than `limit` at given prices; None if there are more than `most`."""
        found: set[Offer] = set()
        if not self.exact:
            return None
        priced = AtPrices(self, prices)
        candidates: dict[Basket, list[tuple[float, int]]] = {}

        def sites(basket: Basket) -> list[tuple[float, int]]:
            known = candidates.get(basket)
            if known is None:
                scores = self.request.feasible_scores(priced, basket)
                order = scores.argsort(kind="stable")
                known = [(float(scores[j]), j) for j in order.tolist() if scores[j] < limit]
                candidates[basket] = known
            return known

        def extend(baskets: tuple[Basket, ...], chosen: Offer, left: float) -> bool:
            if not baskets:
                found.add(tuple(sorted(chosen)))
                return len(found) <= most
            rest = sum([sites(basket)[0][0] for basket in baskets[1:]])
            for score, site in sites(baskets[0]):
                if score + rest >= left:
                    break
                taken = any([share.site == site for share in chosen])
                if not taken and not extend(baskets[1:], (*chosen, Share(site, baskets[0])), left - score):
                    return False
            return True

        for part in (self.wanted, *parts(self.wanted)):
            left = limit - self.unserved_cents * (sum(self.wanted) - sum(part))
            if left <= min(0.0, self.floor()):
                continue
            for baskets in ((part,), *(partitions(part, self._max_parcels) or ())):
                if all([sites(basket) for basket in baskets]) and not extend(baskets, (), left):
                    return None
        if limit > self.unserved_cents * sum(self.wanted):
            found.add(())
        if self.kept is not None:
            found.add(self.kept[0])
        return found if len(found) <= most else None


class AtPrices:
    """Objective: an entry's own scores plus the price of the stock taken."""

    def __init__(self, entry: Entry, prices: Mapping[int, NDArray[np.float64]]) -> None:
        self._entry = entry
        self._rows = [prices.get(sku) for sku in entry.request.skus] if prices else []
        self._priced = any([row is not None for row in self._rows])

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return score plus price of stock from each site."""
        scores = self._entry.scores(basket).copy()
        if self._priced:
            for row, quantity in zip(self._rows, basket, strict=True):
                if quantity and row is not None:
                    scores += quantity * row
        return scores

    def floor(self, request: Request) -> float:
        """Return the entry's floor: prices only add to it."""
        return self._entry.floor()

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the entry's bound: prices only add to it."""
        return self._entry.bound(basket)


def parts(wanted: Basket) -> list[Basket]:
    """Return every part of an order that is neither all nor nothing of it, the largest first."""
    units = sum(wanted)
    every = product(*(range(quantity, -1, -1) for quantity in wanted))
    return sorted([part for part in every if 0 < sum(part) < units], key=lambda part: (-sum(part), part))
