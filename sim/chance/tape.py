"""The tape: all luck of one replication, laid out a day at a time before anything happens.

A shopper's row carries when, where and what he wants, and, hidden, the luck his order will meet: how long a pick takes,
whether the carrier is late. Two strategies that read the same tape meet the same shoppers with the same luck.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.chance.backlog import backlog_of
from sim.chance.collectors import Collectors
from sim.chance.mishaps import Unseen
from sim.chance.online import Online
from sim.chance.replay import Replay
from sim.chance.shopper import LUCK_PER_PARCEL, PARCELS_WITH_LUCK, Shopper
from sim.chance.streams import Counted, Hashed, Uniforms, stream
from sim.chance.supply import Supply
from sim.chance.walk_in_wants import WalkInSales, WalkInWants
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.supply import Opening
    from sim.scenario.load import Scenario

__all__ = ["LUCK_PER_PARCEL", "PARCELS_WITH_LUCK", "Shopper", "Tape", "WalkInSales"]

DAYS_KEPT = 64


class Tape:
    """The luck of one replication of a scenario.

    Parameters
    ----------
    seed, replication
        Together with the names of sources and entities they determine everything.

    Attributes
    ----------
    supply
        Lead times of suppliers.
    unseen
        What happens on the shelves behind the records' back.
    """

    def __init__(self, scenario: Scenario, seed: int, replication: int) -> None:
        self._scenario = scenario
        self._network = scenario.network
        self._key = seed, replication
        self._uniforms = Uniforms(seed, replication)
        keep = lru_cache(maxsize=DAYS_KEPT)
        self._local_day = lru_cache(maxsize=1024)(self._find_local_day)
        self._born = keep(Online(scenario, self._stream, self._local_day, self.luck_of).born)
        self._wants = keep(WalkInWants(scenario, self._stream, self._local_day).wanted)
        shoppers: Callable[[int], list[Shopper]] = self._shoppers
        if scenario.given_orders is not None:
            shoppers = Replay(scenario, scenario.given_orders, self._stream).on
        if scenario.file.pick_up is not None:
            shoppers = Collectors(scenario, scenario.file.pick_up, self.counted("collects")).among(shoppers)
        self.shoppers: Callable[[int], list[Shopper]] = keep(shoppers)
        self.walk_ins: Callable[[int], WalkInSales] = keep(self._walk_ins)
        self.supply = Supply(scenario, self.uniform)
        self.unseen = Unseen(scenario, self.uniform)

    @cached_property
    def opening(self) -> Opening:
        """Stock on hand and on the way at the start."""
        return self.supply.opening()

    @cached_property
    def backlog(self) -> list[Shopper]:
        """Who has ordered before the start and waits for it."""
        return backlog_of(self._scenario, self._stream) if self._scenario.backlog else []

    def uniform(self, source: str, entity: str, day: int, size: int) -> NDArray[np.float64]:
        """Return `size` uniforms of a named source for one entity and day."""
        return self._uniforms(source, entity, day, size)

    def hashed(self, source: str) -> Hashed:
        """Return the luck of a named source for things that are named by whole numbers."""
        return Hashed(*self._key, source)

    def counted(self, source: str, entity: str = "") -> Counted:
        """Return the same, perhaps of one entity, for things numbered in a row."""
        return Counted(*self._key, f"{source}\x1f{entity}" if entity else source)

    def luck_of(self, source: str, entity: str) -> Hashed:
        """Return the same of one entity."""
        return Hashed(*self._key, f"{source}\x1f{entity}")

    def _stream(self, source: str, entity: str, day: int) -> np.random.Generator:
        return stream(*self._key, source, entity, day)

    def _shoppers(self, day: int) -> list[Shopper]:
        """Return the shoppers of a day on the scenario's clock, in order of time.

        Days are born in local time; the neighbours of a local day reach into this one.
        """
        start, end = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
        rows = [row for local in (day - 1, day, day + 1) for row in self._born(local) if start <= row.at < end]
        return sorted(rows, key=lambda row: (row.at, row.id))

    def _walk_ins(self, day: int) -> WalkInSales:
        """Return what walk-in customers of all stores want on a day of the scenario's clock, in order of time."""
        start, end = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
        parts = [self._wants(local) for local in (day - 1, day, day + 1)]
        at, cells, quantity = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        inside = np.flatnonzero((at >= start) & (at < end))
        order = inside[np.argsort(at[inside], kind="stable")]
        return WalkInSales(at[order], cells[order], quantity[order])

    def _find_local_day(self, day: int, zone: str) -> tuple[float, float]:
        """Return when a local day begins and how long it is, minutes."""
        clock = self._network.clock
        start = clock.day_start(day, zone)
        return start, clock.day_start(day + 1, zone) - start
