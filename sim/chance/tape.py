"""The tape: all luck of one replication, laid out a day at a time before anything happens.

A shopper's row carries when, where and what he wants, and, hidden, the luck his order will meet: how long a pick takes,
whether the carrier is late. Two strategies that read the same tape meet the same shoppers with the same luck.
"""

from __future__ import annotations

from datetime import time
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.chance.mishaps import Unseen
from sim.chance.streams import Hashed, stream
from sim.chance.supply import Supply
from sim.contract.messages import Line
from sim.network.calendar import WEEKDAYS
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.supply import Opening
    from sim.network.calendar import Clock
    from sim.scenario.load import Scenario
    from sim.scenario.schema import DemandBlock, WalkInsBlock

# Luck per parcel: pick time, pack time, lateness, hour of delivery.
LUCK_PER_PARCEL = 4
# Parcels of one order whose luck is laid out; a later one (rare: many refusals) uses the columns again.
PARCELS_WITH_LUCK = 4
# Order numbers are (local day + 100) * 10^6 + number within the day: stable whatever else happens.
DAY_OFFSET, PER_DAY = 100, 1_000_000
DAYS_KEPT = 64
# On a day that is not 24 hours long the clocks change in the small hours: from here on, minutes.
CLOCKS_CHANGE = 120.0


class Shopper(NamedTuple):
    """One row of the tape."""

    id: int
    at: float
    place: int
    lines: tuple[Line, ...]
    patience: float
    luck: list[float]


class WalkInSales(NamedTuple):
    """Walk-in wants of a day, in order of time.

    Parameters
    ----------
    at
        Minutes.
    cells
        ``sku * number_of_sites + site``.
    quantity
        Units.
    """

    at: NDArray[np.float64]
    cells: NDArray[np.int64]
    quantity: NDArray[np.int32]


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
        population = np.array([place.population for place in self._network.places], dtype=float)
        self._place_cdf = _cdf(population)
        self._sku_cdf = _cdf(scenario.popularity)
        demand = scenario.file.demand
        self._lines_cdf, self._line_counts = _table(demand.lines_per_order)
        self._units_cdf, self._unit_counts = _table(demand.units_per_line)
        zones = [place.time_zone for place in self._network.places]
        self._zone_names = sorted(set(zones))
        self._zone_of_place = np.array([self._zone_names.index(zone) for zone in zones])
        self._visited = np.flatnonzero(scenario.walk_in_rates).tolist()
        self._walk_in_cdfs: dict[int, NDArray[np.float64]] = {}
        keep = lru_cache(maxsize=DAYS_KEPT)
        self.shoppers: Callable[[int], list[Shopper]] = keep(self._shoppers)
        self.walk_ins: Callable[[int], WalkInSales] = keep(self._walk_ins)
        self.supply = Supply(scenario, self.uniform)
        self.unseen = Unseen(scenario, self.uniform)
        self._local_day = lru_cache(maxsize=1024)(self._find_local_day)
        self._born = keep(self._shoppers_born)
        self._wants = keep(self._walk_in_wants)

    @cached_property
    def opening(self) -> Opening:
        """Stock on hand and on the way at the start."""
        return self.supply.opening()

    def uniform(self, source: str, entity: str, day: int, size: int) -> NDArray[np.float64]:
        """Return `size` uniforms of a named source for one entity and day."""
        return self._stream(source, entity, day).random(size)

    def hashed(self, source: str) -> Hashed:
        """Return the luck of a named source for things that are named by whole numbers."""
        return Hashed(*self._key, source)

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

    def _shoppers_born(self, local_day: int) -> list[Shopper]:
        demand = self._scenario.file.demand
        clock = self._network.clock
        count = _daily_count(
            self._stream("shopper_count", "", local_day), demand, demand.shoppers_per_day, clock, local_day
        )
        draw = self._stream("shoppers", "", local_day)
        place = np.searchsorted(self._place_cdf, draw.random(count), side="right")
        minute = _minute_of_day(draw.random(count), demand.hours, None)
        spans = np.array([self._local_day(local_day, zone) for zone in self._zone_names])
        at = _on_time_line(minute, *spans[self._zone_of_place[place]].T)
        lines = self._line_counts[np.searchsorted(self._lines_cdf, draw.random(count), side="right")]
        patience = draw.random(count)
        luck = np.maximum(draw.random((count, PARCELS_WITH_LUCK * LUCK_PER_PARCEL)), 2.0**-53)
        total = int(lines.sum())
        skus = np.searchsorted(self._sku_cdf, draw.random(total), side="right")
        units = self._unit_counts[np.searchsorted(self._units_cdf, draw.random(total), side="right")]
        baskets = _baskets(lines.tolist(), skus.tolist(), units.tolist())
        first = (local_day + DAY_OFFSET) * PER_DAY
        columns = zip(at.tolist(), place.tolist(), baskets, patience.tolist(), luck.tolist(), strict=True)
        return [Shopper(first + k, *row) for k, row in enumerate(columns)]

    def _walk_ins(self, day: int) -> WalkInSales:
        """Return what walk-in customers of all stores want on a day of the scenario's clock, in order of time."""
        start, end = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
        parts = [self._wants(local) for local in (day - 1, day, day + 1)]
        at, cells, quantity = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        inside = np.flatnonzero((at >= start) & (at < end))
        order = inside[np.argsort(at[inside], kind="stable")]
        return WalkInSales(at[order], cells[order], quantity[order])

    def _walk_in_wants(self, local_day: int) -> WalkInSales:
        block, clock = self._scenario.file.walk_ins, self._network.clock
        sites = len(self._network.sites)
        at, cells, quantity = [np.empty(0)], [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
        for j in self._visited if block else ():
            site = self._network.sites[j]
            span = site.hours.on(clock, local_day)
            if span is None or block is None:
                continue
            draw = self._stream("walk_ins", site.id, local_day)
            if block.totals is None:
                count = _daily_count(draw, block, self._scenario.walk_in_rates[j], clock, local_day)
                u = draw.random((2, count))
                skus = np.searchsorted(self._walk_in_cdf(j), u[1], side="right")
                units = np.ones(count, dtype=np.int32)
            else:
                per_day = self._scenario.walk_in_rates[j] * self._scenario.stock_plan.walk_in_share[:, j]
                mean = per_day * _daily_level(draw, block, clock, local_day)
                u = draw.random((1, len(mean)))
                totals = np.rint(mean * (1 + block.totals.cv * draw.standard_normal(len(mean))))
                skus = np.flatnonzero(totals > 0)
                u, units = u[:, skus], totals[skus].astype(np.int32)
            if block.totals is None or block.totals.at is None:
                minute = _minute_of_day(u[0], block.hours, span)
            else:
                minute = np.full(len(skus), block.totals.at.hour * 60.0 + block.totals.at.minute)
            at.append(_on_time_line(minute, *self._local_day(local_day, site.time_zone)))
            cells.append(skus * sites + j)
            quantity.append(units)
        return WalkInSales(np.concatenate(at), np.concatenate(cells), np.concatenate(quantity))

    def _find_local_day(self, day: int, zone: str) -> tuple[float, float]:
        """Return when a local day begins and how long it is, minutes."""
        clock = self._network.clock
        start = clock.day_start(day, zone)
        return start, clock.day_start(day + 1, zone) - start

    def _walk_in_cdf(self, site: int) -> NDArray[np.float64]:
        found = self._walk_in_cdfs.get(site)
        if found is None:
            found = self._walk_in_cdfs[site] = _cdf(self._scenario.stock_plan.walk_in_share[:, site])
        return found


def _cdf(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.cumsum(weights)
    scaled: NDArray[np.float64] = total / total[-1] if total[-1] > 0 else total
    scaled[scaled >= scaled[-1]] = 1.0  # no draw falls behind the last positive weight
    return scaled


def _table(shares: dict[int, float]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    values = sorted(shares)
    return _cdf(np.array([shares[value] for value in values])), np.array(values)


def _daily_count(
    draw: np.random.Generator, block: DemandBlock | WalkInsBlock, per_day: float, clock: Clock, day: int
) -> int:
    """Draw a day's count: Poisson round a gamma level, so that variance/mean = 1 + mean * day_cv^2."""
    return int(draw.poisson(per_day * _daily_level(draw, block, clock, day)))


def _daily_level(draw: np.random.Generator, block: DemandBlock | WalkInsBlock, clock: Clock, day: int) -> float:
    """Draw how busy a day is: its weekday's level times a gamma one with mean 1."""
    weekday = block.weekday
    level = weekday[WEEKDAYS[clock.weekday(day)]] * 7 / sum(weekday.values())
    if block.day_cv > 0:
        shape = block.day_cv**-2
        level *= draw.gamma(shape, 1 / shape)
    return level


def _minute_of_day(
    u: NDArray[np.float64], hours: tuple[float, ...], span: tuple[time, time] | None
) -> NDArray[np.float64]:
    """Turn uniforms into minutes after local midnight by an hourly profile, cut to opening hours."""
    cumulative, edges = _profile(hours, span)
    minute: NDArray[np.float64] = np.interp(u * cumulative[-1], cumulative, edges)
    return minute


def _on_time_line(
    minute: NDArray[np.float64], start: float | NDArray[np.float64], length: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return when local clocks show `minute` on a day that begins at `start` and is `length` minutes long."""
    return start + minute + np.where(minute >= CLOCKS_CHANGE, length - MINUTES_PER_DAY, 0.0)


@lru_cache(maxsize=256)
def _profile(
    hours: tuple[float, ...], span: tuple[time, time] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the profile's cumulative weight at the hours' edges, and the edges, minutes."""
    edges: NDArray[Any] = np.arange(25) * 60.0
    weights: NDArray[Any] = np.array(hours)
    if span is not None:
        low = span[0].hour * 60 + span[0].minute
        high = 1440 if span[1] == time.max else span[1].hour * 60 + span[1].minute
        edges = np.clip(edges, low, high)
        weights = weights * np.diff(edges) / 60
        if not weights.any():  # the profile knows nobody in these hours, the rate does: spread them evenly
            weights = np.diff(edges)
    cumulative: NDArray[np.float64] = np.concatenate((np.zeros(1), np.cumsum(weights)))
    return cumulative, edges


def _baskets(lines: list[int], skus: list[int], units: list[int]) -> list[tuple[Line, ...]]:
    """Group flat lines into orders; a product drawn twice becomes one line."""
    baskets: list[tuple[Line, ...]] = []
    k = 0
    for count in lines:
        if count == 1:
            baskets.append((Line(skus[k], units[k]),))
        else:
            wanted: dict[int, int] = {}
            for sku, quantity in zip(skus[k : k + count], units[k : k + count], strict=True):
                wanted[sku] = wanted.get(sku, 0) + quantity
            baskets.append(tuple([Line(sku, quantity) for sku, quantity in wanted.items()]))
        k += count
    return baskets
