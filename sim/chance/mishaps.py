"""What happens unseen on the shelves, laid on the tape: losses, damage, wrong bookings, wrong scans.

Each source at each site is a Poisson process of its own. A row says what may happen to one unit of a product; whether
there is a unit left to happen to is for the world to see. A loss of single units on a shelf of up to `most` is drawn as
if there always were so many, and a row only counts if more than its own number of them stand there, which is so with
chance ``on hand / most``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.ledger.movements import Why
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.scenario.blocks.records import Events, RecordsBlock
    from sim.scenario.load import Scenario

PERIOD = 32  # days drawn at a time: a stream costs as much as the luck of hundreds of units
PERIODS_KEPT = 3


class Mishaps(NamedTuple):
    """What may happen on a day, in order of time.

    Parameters
    ----------
    at
        Minutes.
    cells
        ``sku * number_of_sites + site``.
    why
        A `Why`.
    detail
        A loss or damage happens if more units than this are on the shelf; a wrong booking adds this.
    """

    at: NDArray[np.float64]
    cells: NDArray[np.int64]
    why: NDArray[np.int8]
    detail: NDArray[np.int32]

    def cut(self, rows: slice | NDArray[np.int64]) -> Mishaps:
        """Return some of the rows."""
        return Mishaps(self.at[rows], self.cells[rows], self.why[rows], self.detail[rows])


NONE = Mishaps(np.empty(0), np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0, np.int32))


class Unseen:
    """The mishaps of all sites.

    Parameters
    ----------
    uniform
        ``uniform(source, entity, day, size)`` of the tape.
    """

    def __init__(self, scenario: Scenario, uniform: Callable[[str, str, int, int], NDArray[np.float64]]) -> None:
        self._scenario = scenario
        self._uniform = uniform
        self._blocks = [block.records for block in scenario.site_blocks]
        damages = [block.damage for block in self._blocks if block is not None and block.damage is not None]
        latest = max((damage.noticed_after for damage in damages), default=0.0)
        self._reach = int(latest // MINUTES_PER_DAY) + 2
        self._period = lru_cache(maxsize=PERIODS_KEPT + self._reach // PERIOD)(self._draw)

    def on(self, day: int) -> Mishaps:
        """Return what may happen on a day of the scenario's clock."""
        periods = range(max(0, (day - self._reach) // PERIOD), (day + 1) // PERIOD + 1)
        start, end = day * MINUTES_PER_DAY, (day + 1) * MINUTES_PER_DAY
        parts = []
        for rows in map(self._period, periods):
            low, high = np.searchsorted(rows.at, (start, end))
            if high > low:
                parts.append(rows.cut(slice(low, high)))
        return _in_order(parts) if len(parts) != 1 else parts[0]

    def before(self) -> Iterator[tuple[Why, NDArray[np.int64], NDArray[np.int32]]]:
        """Yield what has happened since the last full count before the start: why, to which cells, and its detail."""
        for j, block in enumerate(self._blocks):
            if block is None or not block.counted_before:
                continue
            for why, rows in self._of_site(j, block, -1, block.counted_before):
                yield why, rows[1], rows[2]

    def _draw(self, period: int) -> Mishaps:
        parts = []
        for j, block in enumerate(self._blocks):
            if block is None:
                continue
            for why, (at, cells, detail) in self._of_site(j, block, period, PERIOD):
                parts.append(Mishaps(at, cells, np.full(len(at), why, dtype=np.int8), detail))
                if why is Why.DAMAGED and block.damage is not None:
                    noticed = np.full(len(at), Why.DAMAGE_NOTICED, dtype=np.int8)
                    parts.append(Mishaps(at + block.damage.noticed_after, cells, noticed, np.zeros_like(detail)))
        return _in_order(parts)

    def _of_site(
        self, j: int, block: RecordsBlock, period: int, days: int
    ) -> Iterator[tuple[Why, tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32]]]]:
        for why, events in (
            (Why.LOST, block.shrink),
            (Why.STOLEN, block.theft),
            (Why.MISPLACED, block.misplaced),
            (Why.DAMAGED, block.damage),
            (Why.MISKEYED, block.miskeyed),
        ):
            if events is None:
                continue
            found = self._process(j, why, events, period, days)
            if found is None:
                continue
            at, cells, detail, luck = found
            if why is Why.STOLEN:
                at, open_then = self._in_opening_hours(j, at)
                at, cells, detail = at[open_then], cells[open_then], detail[open_then]
            if why is Why.MISKEYED:
                detail = np.where(luck < 0.5, 1, -1).astype(np.int32) * np.maximum(detail, 1)
            if why is Why.DAMAGED and block.damage is not None and block.damage.noticed < 1:
                noticed = luck < block.damage.noticed
                yield Why.SPOILT, (at[~noticed], cells[~noticed], detail[~noticed])
                at, cells, detail = at[noticed], cells[noticed], detail[noticed]
            yield why, (at, cells, detail)

    def _process(
        self, j: int, why: Why, events: Events, period: int, days: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]] | None:
        """Lay one source of one site over a period: moments, cells, details, and a further uniform each."""
        plan = self._scenario.stock_plan
        most = plan.order_up_to[:, j]
        if self._scenario.opening_stock is not None:
            most = np.maximum(most, self._scenario.opening_stock[:, j])
        single = getattr(events, "per_unit_day", 0.0) * most
        cumulative = np.cumsum(events.per_product_day * (most > 0) + events.of_demand * plan.daily_demand[:, j])
        by_product = float(cumulative[-1])
        by_unit = np.cumsum(single)
        rate = by_product + float(by_unit[-1])
        if rate == 0:
            return None
        mean = rate * days
        count = int(mean + 10 * mean**0.5 + 30)  # more happen once in 10^23 periods
        source, site = f"unseen_{why.name.lower()}", self._scenario.network.sites[j].id
        # row by row, so that a higher rate begins with the same luck
        gaps, which, place, further = self._uniform(source, site, period, 4 * count).reshape(count, 4).T
        days_on = np.cumsum(-np.log1p(-gaps)) / rate
        n = int(np.searchsorted(days_on, days))
        at = (max(period, 0) * PERIOD + days_on[:n]) * MINUTES_PER_DAY
        chosen = which[:n] * rate
        of_product = chosen < by_product
        skus = np.where(
            of_product,
            np.searchsorted(cumulative, chosen, side="right"),
            np.searchsorted(by_unit, chosen - by_product, side="right"),
        )
        skus = np.minimum(skus, len(most) - 1)
        detail = np.where(of_product, 0, (place[:n] * most[skus]).astype(np.int64)).astype(np.int32)
        cells = skus * len(self._blocks) + j
        if events.units is not None:
            size = _sizes(events.units, place[:n])
            if why is Why.MISKEYED:
                return at, cells, size, further[:n]
            # a loss of many is as many losses at one moment
            return np.repeat(at, size), np.repeat(cells, size), np.repeat(detail, size), np.repeat(further[:n], size)
        return at, cells, detail, further[:n]

    def _in_opening_hours(self, j: int, at: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Move moments of each local day into its opening hours; tell which days have any."""
        site, clock = self._scenario.network.sites[j], self._scenario.network.clock
        day = np.floor(at / MINUTES_PER_DAY).astype(np.int64)
        moved, open_then = at.copy(), np.zeros(len(at), dtype=bool)
        for each in np.unique(day).tolist():
            span = site.hours.on(clock, each)
            if span is None:
                continue
            those = day == each
            opens = clock.minute(each, span[0], site.time_zone)
            closes = clock.minute(each, span[1], site.time_zone)
            moved[those] = opens + (at[those] / MINUTES_PER_DAY - each) * (closes - opens)
            open_then |= those
        return moved, open_then


def _sizes(units: dict[int, float], luck: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return how many units each of some events happens to."""
    numbers, shares = np.array(list(units), dtype=np.int32), np.cumsum(list(units.values()))
    return numbers[np.minimum(np.searchsorted(shares, luck, side="right"), len(numbers) - 1)]


def _in_order(parts: list[Mishaps]) -> Mishaps:
    if not parts:
        return NONE
    at, cells, why, detail = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Mishaps(at, cells, why, detail).cut(np.argsort(at, kind="stable"))
