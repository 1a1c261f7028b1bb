"""Two decisions that are more than a value at a path: which sites are on, and where a total of stock stands."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.study.search.variables import Knob, Option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.network.site import SiteKind

MOST_LISTED = 6
"""So many sites are named; of more only their number is told."""
MOST_COUNTED = 100_000
"""More options than that are taken for endless."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Which of some sites are on, at least and at most so many.

    Parameters
    ----------
    off
        ``closed``: a site that is off is not there; ``sends_nothing``: it trades, and takes no order to be sent.
    others
        What stands in the scenario already where this is put: sites that are closed, or limits of what sites take on.
    """

    names: tuple[str, ...]
    at_least: int
    at_most: int
    off: str
    others: tuple[Any, ...] = ()

    @property
    def knobs(self) -> list[Knob]:
        """One a site: how much it asks to be on."""
        return [Knob(f"site {name}") for name in self.names]

    @property
    def count(self) -> float:
        """As many as there are ways to choose them."""
        return sum(math.comb(len(self.names), k) for k in range(self.at_least, self.at_most + 1))

    def option(self, at: Sequence[float]) -> Option:
        """Return the sites that ask most: those above a half, but never fewer or more than may be."""
        wanted = min(max(sum(share >= 0.5 for share in at), self.at_least), self.at_most)
        first = sorted(range(len(at)), key=lambda k: (-at[k], k))[:wanted]
        return self._with(set(first))

    def every(self) -> Iterator[Option]:
        """Yield each set, the smallest first."""
        for wanted in range(self.at_least, self.at_most + 1):
            for those in itertools.combinations(range(len(self.names)), wanted):
                yield self._with(set(those))

    def _with(self, on: set[int]) -> Option:
        dark = [name for k, name in enumerate(self.names) if k not in on]
        named = [name for k, name in enumerate(self.names) if k in on]
        told = ", ".join(named) or "none" if len(named) <= MOST_LISTED else f"{len(named)} of {len(self.names)}"
        if self.off == "closed":
            return Option({"network.closed": [*self.others, *dark]}, {"sites on": told})
        limit = {"counts": "orders", "sites": dict.fromkeys(dark, 0)}
        return Option({"routing.capacity": [*self.others, *([limit] if dark else [])]}, {"sites on": told})


@dataclass(frozen=True, slots=True)
class Shares:
    """How a total of stock is shared among kinds of sites.

    Parameters
    ----------
    low, high
        Least and most steps of each kind.
    steps
        In all.
    units
        The total.
    """

    kinds: tuple[SiteKind, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]
    steps: int
    units: int

    @property
    def knobs(self) -> list[Knob]:
        """One a kind but for the last, which has the rest: how far it lies between what the others leave it."""
        return [Knob(f"stock at {kind.value}") for kind in self.kinds[:-1]]

    @property
    def count(self) -> float:
        """As many as there are ways to add up to the total; endless where there are very many."""
        ways = {0: 1}
        for low, high in zip(self.low, self.high, strict=True):
            more: dict[int, int] = {}
            for so_far, count in ways.items():
                for part in range(low, min(high, self.steps - so_far) + 1):
                    more[so_far + part] = more.get(so_far + part, 0) + count
            ways = more
        found = ways.get(self.steps, 0)
        return found if found <= MOST_COUNTED else math.inf

    def option(self, at: Sequence[float]) -> Option:
        """Return shares within their limits that add up: each kind in turn takes its part of what it may."""
        found: list[int] = []
        for share in at:
            least, most = self._room(found)
            found.append(least + min(int(share * (most - least + 1)), most - least))
        return self._with([*found, self.steps - sum(found)])

    def _room(self, found: Sequence[int]) -> tuple[int, int]:
        """Return the least and the most that the next kind may have, for the others to have theirs."""
        k, left = len(found), self.steps - sum(found)
        least = max(self.low[k], left - sum(self.high[k + 1 :]))
        return least, min(self.high[k], left - sum(self.low[k + 1 :]))

    def every(self, found: Sequence[int] = ()) -> Iterator[Option]:
        """Yield all that add up."""
        if len(found) == len(self.kinds) - 1:
            yield self._with([*found, self.steps - sum(found)])
            return
        least, most = self._room(found)
        for part in range(least, most + 1):
            yield from self.every([*found, part])

    def _with(self, parts: Sequence[int]) -> Option:
        told = {kind.value: f"{100 * part / self.steps:.6g} %" for kind, part in zip(self.kinds, parts, strict=True)}
        along = {f"stock at {kind}": share for kind, share in told.items()}
        return Option({"stock_total": {"units": self.units, "shares": told}}, along)
