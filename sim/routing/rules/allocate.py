"""How much each site gives: ways to go through sites that stand in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Order
from sim.routing.offers.left_open import offer_or_open
from sim.routing.offers.offers import Request, least_cost_offer
from sim.routing.rules.smallest_set import SmallestSets

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.routing.offers.offers import Basket
    from sim.routing.rules.config import Step
    from sim.routing.rules.draft import Bundle, Draft
    from sim.routing.rules.situation import Situation

    Allocator = Callable[[Draft, Situation, list[int], Step, int], None]


def greedy(draft: Draft, situation: Situation, order: list[int], step: Step, max_sites: int) -> None:
    """Take each line from the sites in turn, as much as each has; a group goes whole to the first that has all."""
    for bundle in draft.bundles:
        if _whole(bundle, situation):
            _give_whole(draft, bundle, order, max_sites)
        else:
            _give_in_turn(draft, bundle[0], order, step.max_sites_per_line or len(situation.columns), max_sites)


def one_site(draft: Draft, situation: Situation, order: list[int], step: Step, max_sites: int) -> None:
    """Take everything from the first site that has all that is left; else nothing."""
    if not order:
        return
    lines, able = range(len(draft.left)), draft.line_by_line()
    site = next((s for s in order if able[s] and draft.covers(lines, s) and _may_open(draft, s, max_sites)), None)
    if site is not None:
        draft.take_all(lines, site)


def whole_lines(draft: Draft, situation: Situation, order: list[int], step: Step, max_sites: int) -> None:
    """Take each line whole from the first site that has all of it.

    With `oversell` a line that nobody has whole goes, beyond stock, to the first site that keeps the product.
    """
    for bundle in draft.bundles:
        if not _give_whole(draft, bundle, order, max_sites) and step.oversell:
            keepers = (s for s in order if _keeps(situation, bundle, s) and _may_open(draft, s, max_sites))
            site = next(keepers, None)
            if site is not None:
                draft.take_all(bundle, site)


def fewest_sites(draft: Draft, situation: Situation, order: list[int], step: Step, max_sites: int) -> None:
    """Take everything from the smallest set of sites that has it, the first such set in order; else nothing."""
    wanted = _wanted_by_sku(draft, situation, [line for line, left in enumerate(draft.left) if left])
    if not wanted or not order:
        return
    stock = np.array([draft.row(line)[order] for line in wanted])
    useful = np.flatnonzero(stock.any(axis=0))
    sets = SmallestSets(stock[:, useful], np.array(list(wanted.values())))
    for size in range(1, min(max_sites, len(useful)) + 1):
        for positions in sets.of_size(size):
            chosen = [order[k] for k in useful[positions].tolist()]
            if len(draft.gives.keys() | set(chosen)) <= max_sites and _give_all(draft, situation, chosen):
                return


def least_cost(draft: Draft, situation: Situation, order: list[int], step: Step, max_sites: int) -> None:
    """Take as many units as possible at the least total price over all splits, exactly."""
    if situation.cost is None or not any(draft.left):
        return
    givers = [site for site in order if site in draft.gives]
    more = max(0, max_sites - len(draft.gives))
    if more == 0:  # only those that give already
        order = givers
    if not order:
        return
    most = min(len(givers) + more, len(order))
    asked = _Asked(draft, situation, order)
    price = _Price(situation.cost, order, situation.cost_floor)
    if situation.open_price is None:
        offer = least_cost_offer(asked, price, most, givers)
    else:
        offer = offer_or_open(asked, price, most, situation.open_price, givers)
    for site, basket in offer:
        for line, units in enumerate(basket):
            for same in range(line, len(basket)):  # units of one product go to its lines in turn
                if units and situation.skus[same] == situation.skus[line]:
                    given = min(units, draft.left[same])
                    draft.take(same, site, given)
                    units -= given


ALLOCATORS: dict[str, Allocator] = {
    "greedy": greedy,
    "one_site": one_site,
    "whole_lines": whole_lines,
    "fewest_sites": fewest_sites,
    "least_cost": least_cost,
}


def _whole(bundle: Bundle, situation: Situation) -> bool:
    return any(bundle[0] in group for group in situation.groups)


def _may_open(draft: Draft, site: int, max_sites: int) -> bool:
    return site in draft.gives or len(draft.gives) < max_sites


def _may_give(draft: Draft, line: int, site: int, most: int) -> bool:
    return (site in draft.gives and draft.gives[site][line] > 0) or draft.sites_of(line) < most


def _give_whole(draft: Draft, bundle: Bundle, order: list[int], max_sites: int) -> bool:
    for site in order:
        if draft.covers(bundle, site) and _may_open(draft, site, max_sites):
            draft.take_all(bundle, site)
            return True
    return False


def _give_in_turn(draft: Draft, line: int, order: list[int], most: int, max_sites: int) -> None:
    shelf = draft.shelf(line)
    for site in order:
        if draft.left[line] == 0:
            break
        if shelf[site] <= 0:
            continue
        units = min(draft.left[line], draft.can_give(line, site))
        if units and _may_open(draft, site, max_sites) and _may_give(draft, line, site, most):
            draft.take(line, site, units)


def _give_all(draft: Draft, situation: Situation, chosen: list[int]) -> bool:
    """Have some sites give everything, groups first; give nothing and return False if they cannot."""
    before, unlimited = draft.mark(), len(situation.columns)
    for bundle in sorted(draft.bundles, key=lambda bundle: not _whole(bundle, situation)):
        if _whole(bundle, situation):
            _give_whole(draft, bundle, chosen, unlimited)
        else:
            _give_in_turn(draft, bundle[0], chosen, unlimited, unlimited)
    if any(draft.left):
        draft.back_to(before)
        return False
    return True


def _keeps(situation: Situation, bundle: Bundle, site: int) -> bool:
    pinned, recorded = situation.pinned, situation.recorded
    return all(
        (not pinned or pinned[line] in (-1, site)) and (recorded is None or bool(recorded[line][site]))
        for line in bundle
    )


def _wanted_by_sku(draft: Draft, situation: Situation, lines: list[int]) -> dict[int, int]:
    first: dict[int, int] = {}
    wanted: dict[int, int] = {}
    for line in lines:
        key = first.setdefault(situation.skus[line], line)
        wanted[key] = wanted.get(key, 0) + draft.left[line]
    return wanted


class _Asked(Request):
    """What is left of a draft, as the search for the least price sees it: products once, closed sites empty."""

    def __init__(self, draft: Draft, situation: Situation, order: list[int]) -> None:
        lines = [line for line, left in enumerate(draft.left) if left]
        merged = _wanted_by_sku(draft, situation, lines)
        self.order = Order(0, 0.0, 0, ())
        self.now = 0.0
        self.place = 0
        self.skus = list(situation.skus)
        self.wanted = tuple([merged.get(line, 0) for line in range(len(draft.left))])
        asked = np.zeros(len(situation.columns), dtype=np.bool_)
        asked[order] = True
        most = np.iinfo(np.int32).max
        self.rows = [np.minimum(draft.row(line) * asked, most).astype(np.int32) for line in range(len(draft.left))]
        self.rates = {}
        self.deadline, self.limited = None, False


class _Price:
    """The price of a parcel as an objective, from some sites only."""

    def __init__(
        self, cost: Callable[[Basket], NDArray[np.float64]], order: list[int], floor: float | None = None
    ) -> None:
        self._cost = cost
        self._order = order
        self._floor = floor

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the price from each site, infinite where closed."""
        price = self._cost(basket)
        scores = np.full(len(price), np.inf)
        scores[self._order] = price[self._order]
        return scores

    def floor(self, request: Request) -> float:
        """Return the price of the cheapest single unit, unless a fuller parcel may cost less."""
        if self._floor is not None:
            return self._floor
        lines = range(len(request.wanted))
        singles = [tuple([int(k == line) for k in lines]) for line in lines if request.wanted[line]]
        return min(float(self._cost(single).min()) for single in singles)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the price from the best place there could be."""
        return float(self._cost(basket).min())
