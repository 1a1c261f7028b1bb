"""The mishaps of a day among the walk-in wants of that day, and what each of them does."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.movements import Why

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.scenario.load import Scenario
    from sim.world.stock.records import Records

_WHY = list(Why)
# mishaps that change a record by itself
_ON_RECORD = (Why.MISKEYED, Why.DAMAGE_NOTICED)


class Losses:
    """What happens row by row beside plain sales."""

    def __init__(self, scenario: Scenario, tape: Tape, records: Records) -> None:
        self._tape = tape
        self._records = records
        self._sites = len(scenario.network.sites)
        self._till = np.array([0.0 if block is None else block.error_rate("till") for block in records.blocks])
        self._scans_err = bool(self._till.any())
        self._luck = tape.hashed("till")
        self._carried = scenario.stock_plan.order_up_to > 0

    def among(
        self, day: int, at: NDArray[np.float64], cells: NDArray[np.int64], quantity: NDArray[np.int32]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int32]]:
        """Return a day's wants with its mishaps among them, in order of time: moments, cells, units."""
        mishaps = self._tape.unseen.on(day)
        why, detail = np.zeros(len(at), dtype=np.int8), np.zeros(len(at), dtype=np.int64)
        if self._scans_err:
            for row, other in self._wrong_scans(at, cells):
                why[row], detail[row] = Why.MIS_SCANNED, other
        moments = np.concatenate((at, mishaps.at))
        order = np.argsort(moments, kind="stable")
        kinds = np.concatenate((why, mishaps.why))[order]
        self._why: list[int] = kinds.tolist()
        self._detail = np.concatenate((detail, mishaps.detail))[order]
        self._strange = np.flatnonzero(kinds)
        self._corrections = moments[order][np.isin(kinds, _ON_RECORD)].tolist()
        self._corrected = 0
        units = np.concatenate((quantity, np.ones(len(mishaps.at), dtype=np.int32)))[order]
        return moments[order], np.concatenate((cells, mishaps.cells))[order], units

    def corrects_until(self, now: float) -> bool:
        """Return whether any record of the day opened last changes by itself between the last such question and now."""
        before = self._corrected
        self._corrected = bisect_right(self._corrections, now, lo=before)
        return self._corrected > before

    def one_by_one(self, start: int, end: int, cells: NDArray[np.int64]) -> list[int]:
        """Return the rows from `start` before `end` that must be met one after the other: all of a cell with a mishap.

        Parameters
        ----------
        cells
            Those of these rows.
        """
        first, last = np.searchsorted(self._strange, (start, end))
        if first == last:
            return []
        touched = cells[self._strange[first:last] - start]
        rows: list[int] = (np.flatnonzero(np.isin(cells, touched)) + start).tolist()
        return rows

    def why(self, row: int) -> Why:
        """Return what a row is."""
        return _WHY[self._why[row]]

    def happen(self, row: int, at: float, cell: int) -> bool:
        """Let a mishap happen; return whether a record has changed by it."""
        return self._records.happen(at, cell, _WHY[self._why[row]], int(self._detail[row]))

    def mis_scan(self, row: int, at: float, cell: int, sold: int) -> tuple[int, ...]:
        """Book what was sold of one product on the record of another; return the cells whose records changed."""
        if not sold:
            return ()
        other = int(self._detail[row])
        self._records.move(at, cell, Why.MIS_SCANNED, 0, 1)
        self._records.move(at, other, Why.MIS_SCANNED, 0, -1)
        return cell, other

    def _wrong_scans(self, at: NDArray[np.float64], cells: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Return the wants whose unit the till will take for another product, and the cell of that."""
        site = cells % self._sites
        luck = self._luck.many(at.view(np.uint64), cells.astype(np.uint64))
        wrong = np.flatnonzero(luck < self._till[site])
        found = []
        for row in wrong.tolist():
            cell, j = int(cells[row]), int(site[row])
            others = np.flatnonzero(self._carried[:, j])
            others = others[others != cell // self._sites]
            if others.size:
                # what is left of the uniform once it is known to be below the rate
                found.append((row, int(others[int(luck[row] / self._till[j] * others.size)]) * self._sites + j))
        return found
