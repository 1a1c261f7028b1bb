"""A plan in the making: what each site gives so far, what it has left to give, and what is still wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.offers.lines import have_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation

Bundle = tuple[int, ...]
"""Lines that come from one site together."""


class Draft:
    """Gives units away, never the same one twice, and takes steps back if a rule forbids the outcome.

    Attributes
    ----------
    left
        Units still wanted, by line.
    gives
        What each site gives, by line, in the order in which sites were first asked.
    """

    __slots__ = ("_rows", "_shelves", "_situation", "_skus", "_taken", "gives", "left")

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._skus = situation.skus
        self._rows = situation.available
        self._shelves: dict[int, list[int]] = {}
        self._taken: dict[tuple[int, int], int] = {}
        self.left = list(situation.wanted)
        self.gives: dict[int, list[int]] = {}

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The lines in the order they came; those of a group stand together where its first line stood."""
        return _bundles(len(self.left), self._situation.groups)

    def shelf(self, line: int) -> list[int]:
        """Return what each site had of a line's product to begin with: for one at a time lists are faster."""
        found = self._shelves.get(line)
        if found is None:
            found = self._shelves[line] = self._rows[line].tolist()
        return found

    def can_give(self, line: int, site: int) -> int:
        """Return the units of a line's product that a site has left to give."""
        pinned = self._situation.pinned
        if pinned and pinned[line] not in (-1, site):
            return 0
        units = self.shelf(line)[site] - self._taken.get((self._skus[line], site), 0)
        return max(units, 0)

    def row(self, line: int) -> NDArray[np.int64]:
        """Return the units of a line's product that each site has left to give, shape (sites,)."""
        row: NDArray[np.int64] = np.maximum(self._rows[line], 0).astype(np.int64)
        for (sku, site), units in self._taken.items():
            if sku == self._skus[line]:
                row[site] = max(int(row[site]) - units, 0)
        pinned = self._situation.pinned
        if pinned and pinned[line] != -1:
            row[np.arange(len(row)) != pinned[line]] = 0
        return row

    def covers(self, bundle: Iterable[int], site: int) -> bool:
        """Return whether a site can give all that is still wanted of some lines."""
        asked: dict[int, int] = {}
        for line in bundle:
            sku = self._skus[line]
            asked[sku] = asked.get(sku, 0) + self.left[line]
            if self.left[line] and self.can_give(line, site) < asked[sku]:
                return False
        return True

    def line_by_line(self) -> NDArray[np.bool_]:
        """Return the sites that had at first what is still wanted of each line by itself: no other covers them all."""
        open_lines = [line for line, left in enumerate(self.left) if left]
        return have_all([self._rows[line] for line in open_lines], [self.left[line] for line in open_lines])

    def take(self, line: int, site: int, units: int) -> None:
        """Have a site give units to a line."""
        if units == 0:
            return
        self.gives.setdefault(site, [0] * len(self.left))[line] += units
        key = self._skus[line], site
        self._taken[key] = self._taken.get(key, 0) + units
        self.left[line] -= units

    def take_all(self, bundle: Iterable[int], site: int) -> None:
        """Have a site give all that is still wanted of some lines."""
        for line in bundle:
            self.take(line, site, self.left[line])

    def sites_of(self, line: int) -> int:
        """Return how many sites give to a line."""
        return sum(1 for given in self.gives.values() if given[line])

    def mark(self) -> tuple[list[int], dict[int, list[int]], dict[tuple[int, int], int]]:
        """Return what `back_to` needs to undo everything from here on."""
        return list(self.left), {site: list(given) for site, given in self.gives.items()}, dict(self._taken)

    def back_to(self, mark: tuple[list[int], dict[int, list[int]], dict[tuple[int, int], int]]) -> None:
        """Undo everything since a mark was set."""
        self.left, self.gives, self._taken = list(mark[0]), {s: list(g) for s, g in mark[1].items()}, dict(mark[2])


def _bundles(lines: int, groups: Sequence[Sequence[int]]) -> tuple[Bundle, ...]:
    if not groups:
        return tuple([(line,) for line in range(lines)])
    group_of = {line: tuple(group) for group in groups for line in group}
    bundles: list[Bundle] = []
    for line in range(lines):
        bundle = group_of.get(line, (line,))
        if bundle not in bundles:
            bundles.append(bundle)
    return tuple(bundles)
