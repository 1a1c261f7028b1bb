"""What happens on the shelves unseen by the router: customers who take goods off them, losses, wrong bookings.

It all lies on the tape. It needs no event on the clock: a cursor lets it happen up to now whenever somebody is about
to look at or change the shelves, and before a single shelf is touched only what happens to that one. What
customers want of one cell in the meantime adds up, so the order within it makes no difference; a cell that anything
else happens to meets it row by row, in order of time.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.movements import Why
from sim.scenario.blocks.feeds import Movement
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.world.disruptions import ClosedDoors
    from sim.world.news.feeds import Feeds
    from sim.world.stock.losses import Losses
    from sim.world.stock.stock import Stock


class WalkIns:
    """The cursor over the tape's walk-in wants, and its mishaps where records can drift.

    Attributes
    ----------
    after_sale
        Called with the cells that something was wanted of, after it was sold.
    """

    def __init__(
        self,
        tape: Tape | ClosedDoors,
        stock: Stock,
        feeds: Feeds,
        ledger: Ledger,
        sites: int,
        losses: Losses | None = None,
    ) -> None:
        self._tape = tape
        self._stock = stock
        self._feeds = feeds
        self._ledger = ledger
        self._sites = sites
        self._losses = losses
        self._events = bool(feeds.by_event.any())
        self.after_sale: Callable[[NDArray[np.int64]], None] | None = None
        self._next = 0
        self._open(0)

    def catch_up(self, now: float) -> None:
        """Sell everything wanted up to and including `now`."""
        while True:
            if self._next < len(self._at) and self._at[self._next] <= now:
                end = int(np.searchsorted(self._at, now, side="right"))
                self._sell(self._next, end)
                self._next = end
            if now < self._day_end:
                return
            self._open(self._day + 1)

    def catch_up_corrections(self, now: float) -> None:
        """Do so if a record has changed by itself since, which is seldom: who need not know of sales need not wait."""
        if now >= self._day_end or (self._losses is not None and self._losses.corrects_until(now)):
            self.catch_up(now)

    def catch_up_cell(self, cell: int, now: float) -> None:
        """Sell what was wanted of one cell up to and including `now`."""
        if now >= self._day_end:
            self.catch_up(now)
            return
        for row in self._rows_of(cell):
            if self._quantity[row] and self._at[row] <= now:
                self._happen(row)
                self._quantity[row] = 0

    def leave(self, at: float, cell: int) -> None:
        """Let a customer who comes now and wants some of a cell leave without it: wanted, and not sold."""
        self.catch_up(math.nextafter(at, -math.inf))
        if at >= self._day_end:
            self._open(self._day + 1)
        for row in self._rows_of(cell):
            if self._at[row] == at and self._quantity[row] and self._is_sale(row):
                self._ledger.walk_ins.append((at, cell, int(self._quantity[row]), 0))
                self._quantity[row] = 0
                return

    def _is_sale(self, row: int) -> bool:
        return self._losses is None or self._losses.why(row) in (Why.SALE, Why.MIS_SCANNED)

    def _rows_of(self, cell: int) -> Iterator[int]:
        """Yield the rows of a day that are of a cell and have yet to happen."""
        k = bisect_left(self._sorted_cells, cell)
        while k < len(self._sorted_cells) and self._sorted_cells[k] == cell:
            if (row := self._by_cell[k]) >= self._next:
                yield row
            k += 1

    def _open(self, day: int) -> None:
        self._day, self._day_end = day, (day + 1) * MINUTES_PER_DAY
        self._at, self._cells, quantity = self._tape.walk_ins(day)
        self._quantity = quantity.copy()  # put to 0 where a single cell was served ahead of the cursor
        if self._losses is not None:
            self._at, self._cells, self._quantity = self._losses.among(day, self._at, self._cells, self._quantity)
        self._next = 0
        by_cell = np.argsort(self._cells, kind="stable")
        self._by_cell: list[int] = by_cell.tolist()
        self._sorted_cells: list[int] = self._cells[by_cell].tolist()

    def _sell(self, start: int, end: int) -> None:
        if self._losses is not None:
            for row in self._losses.one_by_one(start, end, self._cells[start:end]):
                if self._quantity[row]:
                    self._happen(row)
                    self._quantity[row] = 0
        cells, wanted = self._cells[start:end], self._quantity[start:end]
        times = self._at[start:end]
        still = wanted > 0
        if not still.all():
            cells, wanted, times = cells[still], wanted[still], times[still]
        if self._events:
            told = self._feeds.by_event[cells % self._sites]
            for k in np.flatnonzero(told).tolist():
                self._sell_one(float(times[k]), int(cells[k]), int(wanted[k]))
            cells, wanted, times = cells[~told], wanted[~told], times[~told]
        if cells.size == 0:
            return
        cells, inverse = np.unique(cells, return_inverse=True)
        total = np.bincount(inverse, weights=wanted).astype(np.int32)
        sold = self._stock.sell(cells, total)
        last = np.empty(cells.size)
        last[inverse] = times  # of equal indices the last assignment stands: the time of the last want
        self._ledger.walk_ins.extend([last, cells, total, sold])
        self._feeds.changed_many(cells, Movement.SALES)
        if self.after_sale is not None:
            self.after_sale(cells)

    def _happen(self, row: int) -> None:
        at, cell = float(self._at[row]), int(self._cells[row])
        why = Why.SALE if self._losses is None else self._losses.why(row)
        if why is Why.SALE or why is Why.MIS_SCANNED:
            sold = self._sell_one(at, cell, int(self._quantity[row]))
            if why is Why.SALE or self._losses is None:
                return
            for changed in self._losses.mis_scan(row, at, cell, sold):
                self._feeds.sold(at, changed % self._sites, changed)
        elif self._losses is not None and self._losses.happen(row, at, cell):
            self._feeds.sold(at, cell % self._sites, cell, Movement.CORRECTIONS)

    def _sell_one(self, at: float, cell: int, wanted: int) -> int:
        sold = self._stock.take(cell // self._sites, cell % self._sites, wanted)
        self._ledger.walk_ins.append((at, cell, wanted, sold))
        if sold:
            self._feeds.sold(at, cell % self._sites, cell)
        if self.after_sale is not None:
            self.after_sale(np.array([cell]))
        return sold
