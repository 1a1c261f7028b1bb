"""Which sites are full for an order, and how full they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.routing.capacity.tally import CARRIED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Line, Order
    from sim.routing.capacity.limit import CapacityLimit
    from sim.routing.capacity.usage import Usage
    from sim.routing.rules.columns import Columns


@dataclass(frozen=True, slots=True)
class Full:
    """One limit that a site would go over with an order.

    Parameters
    ----------
    limit
        What is counted, in words.
    taken, carried
        Work taken on, and what of it was carried over from before.
    asked
        What the order asks for.
    most
        The limit itself.
    passes
        Whether the order is one that passes a full site.
    of_rules
        Whether it is for rules to judge what that means.
    """

    limit: str
    taken: float
    carried: float
    asked: float
    most: float
    passes: bool
    of_rules: bool = False

    @property
    def bars(self) -> bool:
        """Whether this alone keeps the order away."""
        return not (self.passes or self.of_rules)

    def words(self) -> str:
        """Return it as people say it."""
        carried = f", {self.carried:g} of them carried over" if self.carried else ""
        asked = f", {self.asked:g} more asked for" if self.asked != 1 else ""
        return f"{self.taken:g} of {self.most:g} {self.limit}{carried}{asked}"


class Noted(NamedTuple):
    """One limit, and the work that each site has taken on, and carried over, of what it counts."""

    limit: CapacityLimit
    taken: NDArray[np.float64]
    carried: NDArray[np.float64] | None
    most: NDArray[np.float64]


class Capacities:
    """The limits that hold whatever the strategy, and those of its rules, which are only told of.

    Parameters
    ----------
    always
        Limits that hold whatever the strategy.
    of_rules
        Limits that rules look at themselves.
    """

    def __init__(
        self, always: Iterable[CapacityLimit], of_rules: Iterable[CapacityLimit], usage: Usage, columns: Columns
    ) -> None:
        self._usage = usage
        self._always = [(limit, limit.most(columns)) for limit in always]
        distinct = list(of_rules)
        distinct = [limit for k, limit in enumerate(distinct) if limit not in distinct[:k]]
        self._of_rules = [(limit, limit.most(columns)) for limit in distinct]

    def full(self, order: Order, now: float) -> NDArray[np.bool_] | None:
        """Return the sites that can not take an order, shape (sites,); None if all can."""
        found: NDArray[np.bool_] | None = None
        for limit, most in self._always:
            if limit.holds_back(order.channel, order.priority):
                over = self._usage.taken(limit, now) + self._usage.work(limit, order.lines) > most
                found = over if found is None else found | over
        return found if found is not None and found.any() else None

    def trial(self, now: float) -> Trial:
        """Return what would be taken on if some orders were decided one after the other."""
        return Trial([(limit, self._usage.taken(limit, now).copy(), most) for limit, most in self._always], self._usage)

    def noted(self, now: float) -> list[Noted]:
        """Return what each limit counts, as it stands at a minute: counting goes on, this does not."""
        counts, noted = self._usage.at(now), []
        for limit, most in self._always + self._of_rules:
            carried = counts.get(limit.tally + CARRIED)
            kept = None if carried is None else carried.copy()
            noted.append(Noted(limit, self._usage.taken(limit, now).copy(), kept, most))
        return noted

    def told(self, order: Order, noted: Sequence[Noted]) -> dict[int, tuple[Full, ...]]:
        """Return every limit that an order would have taken a site over when it was noted, by site."""
        found: dict[int, list[Full]] = {}
        for k, (limit, taken, carried, most) in enumerate(noted):
            if not limit.concerns(order.channel):
                continue
            asked = self._usage.work(limit, order.lines)
            passes = not limit.holds_back(order.channel, order.priority)
            for site in np.flatnonzero(taken + asked > most).tolist():
                of_it = 0.0 if carried is None else float(carried[site])
                numbers = float(taken[site]), of_it, asked, float(most[site])
                full = Full(limit.words(), *numbers, passes, k >= len(self._always))
                found.setdefault(site, []).append(full)
        return {site: tuple(limits) for site, limits in found.items()}


class Trial:
    """Work taken on and, on top of it, what is only thought of.

    Parameters
    ----------
    limits
        Each limit with what sites have taken on, which is ours to change, and the most they may.
    """

    def __init__(
        self, limits: Sequence[tuple[CapacityLimit, NDArray[np.float64], NDArray[np.float64]]], usage: Usage
    ) -> None:
        self._limits, self._usage = limits, usage

    def full(self, order: Order, parts: Sequence[tuple[int, Sequence[Line]]]) -> list[int]:
        """Return which sites can not take their parts of an order; if all can, they take them."""
        concerned = [each for each in self._limits if each[0].concerns(order.channel)]
        full = [
            site
            for site, lines in parts
            for limit, taken, most in concerned
            if taken[site] + self._usage.work(limit, lines) > most[site]
            and limit.holds_back(order.channel, order.priority)
        ]
        if not full:
            for site, lines in parts:
                for limit, taken, _ in concerned:
                    taken[site] += self._usage.work(limit, lines)
        return full
