"""Serve, split, or leave open: the search where what is not served has a price, instead of being served at any."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sim.routing.offers.offers import Share, SplitSearch, least_cost_offer, partitions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sim.routing.objective.priced import OpenPrice
    from sim.routing.offers.offers import Basket, Objective, Request


def offer_or_open(
    request: Request, objective: Objective, max_parcels: int, open_price: OpenPrice, givers: Collection[int] = ()
) -> list[Share]:
    """Return the shares with the least total of scores and the price of what they leave open; ties leave open.

    Exact, but for orders too large to try every split: these serve as much as they can and then give up the parcels
    that cost more than to leave their units open.
    """
    wanted = request.wanted
    if partitions(wanted, max_parcels) is None:
        offer = least_cost_offer(request, objective, max_parcels, givers)
        return _worth_sending(request, objective, open_price, offer)
    floor = objective.floor(request)
    least = min(floor, floor * max_parcels)  # no offer scores less
    best, chosen = open_price.of(request, wanted) + open_price.first_parcel, list[Share]()
    search = SplitSearch(request, objective, max_parcels, givers)
    most = [min(quantity, search.obtainable(row)) for quantity, row in zip(wanted, request.rows, strict=True)]
    parts = product(*(range(quantity, -1, -1) for quantity in most))
    priced = sorted(((open_price.of(request, _rest(wanted, part)), part) for part in parts), key=lambda each: each[0])
    for price, part in priced:
        if price + least >= best or request.limited:
            break
        if not any(part):
            continue
        search.beat([], best - price)
        score, site = search.best_site(part)
        if score < search.best:
            search.beat([Share(site, part)], score)
        found = search.cover(part)
        if found:
            best, chosen = search.best + price, found
    return chosen


def _worth_sending(request: Request, objective: Objective, open_price: OpenPrice, offer: list[Share]) -> list[Share]:
    """Leave out, as long as it saves, the parcel that saves most."""
    scores = {share: float(objective.scores(request, share.basket)[share.site]) for share in offer}

    def total(shares: list[Share]) -> float:
        left = request.wanted
        for share in shares:
            left = _rest(left, share.basket)
        first = open_price.first_parcel if not shares else 0.0
        return sum([scores[share] for share in shares]) + open_price.of(request, left) + first

    while offer:
        fewer = min(([share for share in offer if share is not out] for out in offer), key=total)
        if total(fewer) > total(offer):
            break
        offer = fewer
    return offer


def _rest(wanted: Basket, part: Basket) -> Basket:
    return tuple([quantity - given for quantity, given in zip(wanted, part, strict=True)])
