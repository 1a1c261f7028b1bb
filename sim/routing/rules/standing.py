"""What stands still in a step: worked out once for all orders from one channel to one place.

Distances, attributes and names do not change from order to order; stock, counters and promises do. Sites that fail a
filter that stands still are left out here for good, and the rules that stand still are a sorted list here. What moves
is looked at order by order, among the sites that are left, and they are sorted no further than anyone asks.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.offers.lines import have_all
from sim.routing.rules.ranks import by_score, lexicographic, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.routing.rules.config import Step
    from sim.routing.rules.filter import Filter
    from sim.routing.rules.ranks import RankBy
    from sim.routing.rules.situation import Situation


class Standing:
    """One pass of a step: for any order from one channel to one place, it asks whom `asked` would ask, in that order.

    Parameters
    ----------
    relaxed
        How many turns of soft filters are given up.
    situation
        Some such order: only what it has in common with all others is looked at.
    """

    def __init__(self, step: Step, relaxed: int, situation: Situation) -> None:
        eligible = situation.columns.open.copy()
        if situation.may_serve is not None:
            eligible &= situation.may_serve
        self._moving = []
        for each in step.filters:
            if each.soft is not None and each.soft <= relaxed:
                continue
            if each.stands_still():
                eligible &= each.passes(situation)
            else:
                self._moving.append(each)
        self._usual = situation.columns.usual
        self._weigh = [(rule, rule.keys(situation) if rule.stands_still() else None) for rule in step.weigh]
        # rules that stand still, one behind the other, are one key; behind the last that moves they are the list itself
        keys: list[RankBy | NDArray[np.float64]] = []
        last: list[NDArray[np.float64]] = []
        for still, together in groupby(step.rank, lambda rule: rule.stands_still()):
            rules = list(together)
            keys += [places(last)] if last else []
            last = [rule.keys(situation) for rule in rules] if still else []
            keys += [] if still else rules
        self._sites = np.array(lexicographic(last, eligible, self._usual), dtype=np.intp)
        self._keys = [key.take(self._sites) if isinstance(key, np.ndarray) else key for key in keys]
        self._whole_first = len(keys) == 1 and not isinstance(keys[0], np.ndarray) and keys[0].whole_first()

    def queue(self, situation: Situation) -> Queue:
        """Return whom the step asks for one order."""
        moving = [each for each in self._moving if not each.rests(situation)]
        if self._weigh:
            passes = [each.passes(situation) for each in moving]
            return Queue(situation, self._by_score(situation, passes), [], [])
        return Queue(situation, self._sites, self._keys, moving, self._whole_first)

    def _by_score(self, situation: Situation, passes: list[NDArray[np.bool_]]) -> NDArray[np.intp]:
        eligible = np.zeros(len(self._usual), dtype=np.bool_)
        eligible[self._sites] = True
        for each in passes:
            eligible &= each
        keys = [rule.keys(situation) if known is None else known for rule, known in self._weigh]
        rules = tuple([rule for rule, _ in self._weigh])
        _, order = by_score(rules, keys, eligible, situation.useful(), self._usual)
        return np.array(order, dtype=np.intp)


class Queue:
    """The sites that a step asks for one order.

    Whoever is asked first is most often let in, so that filters are asked about one site first, and about all only if
    it is not.

    Parameters
    ----------
    sites
        As they stand where all keys tie.
    keys
        What sorts them, lower first, each among the equals of those before: keys of these sites, or a rule to ask.
    filters
        Who of them may be asked.
    whole_first
        Whether the sites that have everything are asked before all others, as they stand.
    """

    __slots__ = ("_filters", "_keys", "_sites", "_situation", "_whole_first")

    def __init__(
        self,
        situation: Situation,
        sites: NDArray[np.intp],
        keys: list[RankBy | NDArray[np.float64]],
        filters: Sequence[Filter],
        whole_first: bool = False,
    ) -> None:
        self._situation = situation
        self._sites = sites
        self._keys = keys
        self._filters = filters
        self._whole_first = whole_first

    def first_with_all(self) -> int | None:
        """Return who is asked first if that site has every line, each of a product of its own; None if not."""
        situation = self._situation
        if not self._whole_first:
            site = self.first()
            rows = zip(situation.available, situation.wanted, strict=True)
            return site if site is not None and all([row[site] >= wanted for row, wanted in rows]) else None
        able = have_all(situation.available, situation.wanted).take(self._sites)
        site = self._first_of(able)
        if site is None or self._lets_in(site):
            return site
        for each in self._filters:
            able &= each.passes(situation).take(self._sites)
        return self._first_of(able)

    def first(self) -> int | None:
        """Return who is asked first, None if nobody is."""
        if len(self._sites) == 0:
            return None
        site = self._least()
        if self._lets_in(site):
            return site
        self._sift()
        return self.first()

    def order(self, only: NDArray[np.bool_] | None) -> list[int]:
        """Return all who are asked, in order; those out of `only`, of shape (sites,), are left out."""
        if only is not None:
            self._keep(only)
        self._sift()
        sites = self._sites
        if len(sites) > 1 and self._keys:
            keys = self._asked()
            sites = sites[keys[0].argsort(kind="stable") if len(keys) == 1 else np.lexsort(keys[::-1])]
        order: list[int] = sites.tolist()
        return order

    def _first_of(self, able: NDArray[np.bool_]) -> int | None:
        """Return the first of these sites that is able, as they stand."""
        position = able.argmax() if len(able) else 0
        return self._sites.item(position) if len(able) and able[position] else None

    def _lets_in(self, site: int) -> bool:
        return all([each.admits(self._situation, site) for each in self._filters])

    def _asked(self) -> list[NDArray[np.float64]]:
        """Return the key of each site by each rule, none of them NaN; rules are asked only once somebody has to be."""
        asked: list[NDArray[np.float64]] = []
        for key in self._keys:
            if not isinstance(key, np.ndarray):
                key = key.keys(self._situation).take(self._sites)
                np.putmask(key, np.isnan(key), np.inf)
            asked.append(key)
        self._keys = [*asked]
        return asked

    def _least(self) -> int:
        if not self._keys:
            return self._sites.item(0)
        first, *others = self._asked()
        if not others:
            return self._sites.item(first.argmin())
        best = np.flatnonzero(first == first.min())
        for key in others:
            among = key.take(best)
            best = best[among == among.min()]
        return self._sites.item(best[0])

    def _sift(self) -> None:
        """Leave out whom a filter keeps out."""
        for each in self._filters if len(self._sites) else ():
            self._keep(each.passes(self._situation))
        self._filters = ()

    def _keep(self, sites: NDArray[np.bool_]) -> None:
        keep = sites.take(self._sites)
        self._keys = [key[keep] if isinstance(key, np.ndarray) else key for key in self._keys]
        self._sites = self._sites[keep]
