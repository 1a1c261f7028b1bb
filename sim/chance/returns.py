"""What shoppers will send or bring back: a pure function of the order, the product and the number of the unit.

The units of a parcel that come back go together, with the luck of the first of them.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.laws import LEAST_LUCK
from sim.scenario.names.takers import stores_that_take
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.chance.tape import Tape
    from sim.laws import Law
    from sim.scenario.blocks.returns import InStore, ReturnsBlock
    from sim.scenario.load import Scenario

_SHARES = ("comes", "reason", "grade", "in_store", "till_purchase")
_MINUTES = ("after", "late", "hour", "transit", "inspection", "work", "to_shelf", "refund")
NO_STORE, NO_REASON = -1, -1


class Unit(NamedTuple):
    """A delivered unit.

    Parameters
    ----------
    number
        Among the units of the product that the order got, in the order they were sent.
    """

    order: int
    sku: int
    number: int


class ReturnLuck:
    """Says of each unit whether, why, when, how and in which state it comes back."""

    def __init__(self, scenario: Scenario, block: ReturnsBlock, tape: Tape) -> None:
        self._luck = {name: tape.hashed(f"return_{name}") for name in (*_SHARES, *_MINUTES)}
        products = scenario.network.products
        of = [block.categories.get(product.category) for product in products]
        rates = [block.rate if each is None or each.rate is None else each.rate for each in of]
        times = {name: block.channels.get(name, 1.0) for name in scenario.channels}
        self._rate = {name: [rate * factor for rate in rates] for name, factor in times.items()}
        grades = list(block.grades)
        usual = {name: grade.share for name, grade in block.grades.items()}

        def cumulative(shares: dict[str, float]) -> list[float]:
            return _cumulative(shares.get(name, 0.0) for name in grades)

        self._grades = [cumulative(usual if each is None or each.grades is None else each.grades) for each in of]
        self._reasons = _cumulative(reason.share for reason in block.reasons.values())
        self._grades_by_reason = [
            None if reason.grades is None else cumulative(reason.grades) for reason in block.reasons.values()
        ]
        self._after = block.after.build()
        self._window = float("inf") if block.window is None else block.window * MINUTES_PER_DAY
        self._store, self._share_in_store = _stores(scenario, block.in_store)

    def comes_back(self, unit: Unit, channel: str) -> bool:
        """Return whether a unit comes back, if it is in time."""
        return self._luck["comes"](*unit) < self._rate[channel][unit.sku]

    def reason(self, unit: Unit) -> int:
        """Return why, as a number in the scenario's list; -1 if nobody asks."""
        return bisect_right(self._reasons, self._luck["reason"](*unit)) if self._reasons else NO_REASON

    def grade(self, unit: Unit, reason: int) -> int:
        """Return in which state it is, as a number in the scenario's list."""
        of_reason = None if reason == NO_REASON else self._grades_by_reason[reason]
        shares = self._grades[unit.sku] if of_reason is None else of_reason
        return bisect_right(shares, self._luck["grade"](*unit))

    def after(self, first: Unit) -> float | None:
        """Return how long after delivery a shopper sets out; None if that is too late."""
        minutes = self.minutes("after", self._after, first)
        return minutes if minutes <= self._window else None

    def store(self, first: Unit, place: int) -> int:
        """Return the store to which a return is brought; -1 if it goes by mail."""
        brought = self._luck["in_store"](*first) < self._share_in_store[place]
        return self._store[place] if brought else NO_STORE

    def buys(self, first: Unit, share: float) -> bool:
        """Return whether who brings something back buys something else."""
        return self._luck["till_purchase"](*first) < share

    def minutes(self, of: str, law: Law, unit: Unit) -> float:
        """Return how long something takes with a unit."""
        return law.quantile(max(self._luck[of](*unit), LEAST_LUCK))

    def uniform(self, of: str, unit: Unit) -> float:
        """Return the plain luck of a unit in something."""
        return max(self._luck[of](*unit), LEAST_LUCK)


def _cumulative(shares: Iterable[float]) -> list[float]:
    """Return where each share ends, but for the last: no draw falls behind it."""
    return list(accumulate(shares))[:-1]


def _stores(scenario: Scenario, block: InStore | None) -> tuple[list[int], list[float]]:
    """Return the nearest store that takes returns, and the share of returns that is brought there, by place."""
    network = scenario.network
    places = len(network.places)
    if block is None:
        return [NO_STORE] * places, [0.0] * places
    takers = np.array(stores_that_take(network))
    away = np.nan_to_num(network.distance_km[:, takers], nan=np.inf)
    nearest = away.argmin(axis=1)
    km = away[np.arange(places), nearest]
    share = np.full(places, block.share)
    if block.halves_every is not None:
        share = share * 0.5 ** (km / block.halves_every)
    share[~(km <= (np.inf if block.within is None else block.within)) | np.isinf(km)] = 0.0
    return takers[nearest].tolist(), share.tolist()
