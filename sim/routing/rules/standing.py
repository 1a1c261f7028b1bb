"""What stands still in a step: worked out once for all orders from one channel to one place.

Distances, attributes and names do not change from order to order; stock, counters and promises do. Sites that fail a
filter that stands still are left out here for good, and the rules that stand still are a sorted list here. What moves
is looked at order by order, among the sites that are left, and they are sorted no further than anyone asks.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.rules.ranks import by_score, lexicographic, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.config import Step
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
        passes = [each.passes(situation) for each in self._moving if not each.rests(situation)]
        if self._weigh:
            return Queue(situation, self._by_score(situation, passes), [], [])
        return Queue(situation, self._sites, self._keys, passes, self._whole_first)

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

    Parameters
    ----------
    sites
        As they stand where all keys tie.
    keys
        What sorts them, lower first, each among the equals of those before: keys of these sites, or a rule to ask.
    passes
        Which of all sites may be asked, each of shape (sites,).
    whole_first
        Whether the sites that have everything are asked before all others, as they stand.
    """

    __slots__ = ("_known", "_passes", "_rules", "_sites", "_situation", "_whole_first")

    def __init__(
        self,
        situation: Situation,
        sites: NDArray[np.intp],
        keys: list[RankBy | NDArray[np.float64]],
        passes: list[NDArray[np.bool_]],
        whole_first: bool = False,
    ) -> None:
        self._situation = situation
        self._sites = sites
        self._rules = keys
        self._known: list[NDArray[np.float64]] | None = None
        self._passes = passes
        self._whole_first = whole_first

    def first_with_all(self) -> int | None:
        """Return who is asked first if that site has every line, each of a product of its own; None if not."""
        rows = zip(self._situation.available, self._situation.wanted, strict=True)
        if not self._whole_first:
            site = self.first()
            return site if site is not None and all([row[site] >= wanted for row, wanted in rows]) else None
        able = np.logical_and.reduce([row >= wanted for row, wanted in rows] + self._passes).take(self._sites)
        position = int(able.argmax()) if len(able) else 0
        return int(self._sites[position]) if able[position:].any() else None

    def first(self) -> int | None:
        """Return who is asked first, None if nobody is."""
        if len(self._sites) == 0:
            return None
        site = self._least()
        if all([each[site] for each in self._passes]):
            return site
        for each in self._passes:
            self._keep(each)
        self._passes = []
        return self.first()

    def _keys(self) -> list[NDArray[np.float64]]:
        """Return the key of each site by each rule, none of them NaN; rules are asked only once somebody has to be."""
        if self._known is None:
            self._known = []
            for key in self._rules:
                if not isinstance(key, np.ndarray):
                    key = key.keys(self._situation).take(self._sites)
                    np.putmask(key, np.isnan(key), np.inf)
                self._known.append(key)
        return self._known

    def order(self, only: NDArray[np.bool_] | None) -> list[int]:
        """Return all who are asked, in order; those out of `only`, of shape (sites,), are left out."""
        for each in self._passes if only is None else [only, *self._passes]:
            self._keep(each)
        sites, keys = self._sites, self._keys()
        if len(keys) == 1:
            sites = sites[keys[0].argsort(kind="stable")]
        elif keys:
            sites = sites[np.lexsort(keys[::-1])]
        order: list[int] = sites.tolist()
        return order

    def _least(self) -> int:
        keys = self._keys()
        if not keys:
            return int(self._sites[0])
        first, *others = keys
        if not others:
            return int(self._sites[first.argmin()])
        best = np.flatnonzero(first == first.min())
        for key in others:
            among = key.take(best)
            best = best[among == among.min()]
        return int(self._sites[best[0]])

    def _keep(self, sites: NDArray[np.bool_]) -> None:
        keep = sites.take(self._sites)
        self._known = [key[keep] for key in self._keys()]
        self._sites = self._sites[keep]
