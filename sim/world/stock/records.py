"""Stock whose records live a life of their own.

What everybody sees (a pick, a sale, a receipt) moves shelf and record alike. What nobody sees moves one of them: a loss
the shelf, a wrong booking the record. Each such movement is a row of the ledger, so that both add up to the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.movements import Why
from sim.units import MINUTES_PER_DAY
from sim.world.stock.stock import Stock

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

# where a unit goes that leaves the shelf but not the house
_ASIDE = {Why.MISPLACED: "misplaced", Why.DAMAGED: "damaged", Why.SPOILT: "spoilt"}


class Records(Stock):
    """Shelves and records that may differ.

    Attributes
    ----------
    aside
        Units in the house that nobody can sell, by state, each shape (products * sites,): `misplaced`, `damaged` (will
        be noticed), `spoilt` (will not), `quarantined` (noticed), `receiving` (not put away yet).
    after_change
        Called with the cells whose records have changed out of turn.
    """

    def __init__(self, scenario: Scenario, tape: Tape, ledger: Ledger) -> None:
        super().__init__(tape.opening.on_hand)
        self.on_record = self.on_hand.copy()
        self.record_cells = self.on_record.reshape(-1)
        self.aside = {
            state: np.zeros(self.cells.size, dtype=np.int32)
            for state in ("misplaced", "damaged", "spoilt", "quarantined", "receiving")
        }
        self.after_change: Callable[[NDArray[np.int64]], None] | None = None
        self._ledger = ledger
        self._sites = len(scenario.network.sites)
        self._cost = [product.unit_cost_cents for product in scenario.network.products]
        self._costs = np.array(self._cost)
        self.blocks = [block.records for block in scenario.site_blocks]
        self._kept = np.array([j for j, block in enumerate(self.blocks) if block is not None])
        self._tolerance = np.array([block.tolerance for block in self.blocks if block is not None])
        self.put_away_after = [0.0 if block is None else block.put_away for block in self.blocks]
        self._put_away_errors = [0.0 if b is None else b.error_rate("put_away") for b in self.blocks]
        self._receiving_errors = [0.0 if b is None else b.error_rate("receive") for b in self.blocks]
        self._tape = tape
        self._site_ids = [site.id for site in scenario.network.sites]
        for why, cells, detail in tape.unseen.before():
            if why is Why.MISKEYED:
                np.add.at(self.record_cells, cells, detail)
            else:  # what is on the shelf is what is left
                np.add.at(self.record_cells, cells, 1)
                if why in (Why.MISPLACED, Why.SPOILT):
                    np.add.at(self.aside[_ASIDE[why]], cells, 1)
        ledger.records["opening"] = self.on_record.copy()
        ledger.opening_aside.update({state: units.copy() for state, units in self.aside.items() if units.any()})

    def accuracy(self) -> tuple[int, int, int, int, int, int]:
        """Return how right the records are, at the sites that keep one.

        Returns
        -------
        tuple
            Pairs of product and site where shelf or record has any; those of them where both are equal, or within
            tolerance; units on the shelves, units by which records are wrong, and units that are on record only.
        """
        shelf, record = self.on_hand[:, self._kept], self.on_record[:, self._kept]
        gap = np.abs(record - shelf)
        either = (shelf > 0) | (record != 0)
        near = gap <= self._tolerance * shelf
        phantoms = int(np.maximum(record - shelf, 0).sum())
        equal, within = int((either & (gap == 0)).sum()), int((either & near).sum())
        return int(either.sum()), equal, within, int(shelf.sum()), int(gap.sum()), phantoms

    def close(self) -> None:
        """Leave the last state in the ledger."""
        self._ledger.records["closing"] = self.on_record
        self._ledger.closing_aside.update(self.aside)

    def take(self, sku: int, site: int, quantity: int) -> int:
        """Take up to `quantity` units off the shelf and the record, and return how many there were."""
        got = super().take(sku, site, quantity)
        self.on_record[sku, site] -= got
        return got

    def sell(self, cells: NDArray[np.int64], wanted: NDArray[np.int32]) -> NDArray[np.int32]:
        """Sell to walk-in customers, each cell named once; return what they got."""
        sold = super().sell(cells, wanted)
        self.record_cells[cells] -= sold
        return sold

    def receive(self, cells: NDArray[np.int64], quantity: NDArray[np.int32]) -> None:
        """Put units on the shelf and, as they were counted at the dock, on the record; each cell named once."""
        super().receive(cells, quantity)
        self.record_cells[cells] += quantity

    def told(self, cells: NDArray[np.int64], at: float) -> NDArray[np.int32]:
        """Return what the sites tell of their stock: their records, none of which is said to be below zero."""
        return np.maximum(super().told(cells, at), 0)

    def move(self, at: float, cell: int, why: Why, shelf: int, record: int) -> None:
        """Change a shelf, its record or both out of turn."""
        if shelf:
            self.cells[cell] += shelf
        if record:
            self.record_cells[cell] += record
        if record and self.after_change is not None:
            self.after_change(np.array([cell]))
        self._ledger.movements.append((at, cell, why, shelf, record, shelf * self._cost[cell // self._sites]))

    def move_many(
        self, at: float, cells: NDArray[np.int64], why: Why, shelf: NDArray[np.int32], record: NDArray[np.int32]
    ) -> None:
        """Change many shelves and records, each cell named once."""
        self.cells[cells] += shelf
        self.record_cells[cells] += record
        count = len(cells)
        if self.after_change is not None and (fallen := cells[record != 0]).size:
            self.after_change(fallen)
        value = shelf * self._costs[cells // self._sites]
        self._ledger.movements.extend([np.full(count, at), cells, np.full(count, why), shelf, record, value])

    def happen(self, at: float, cell: int, why: Why, detail: int) -> bool:
        """Let a mishap of the tape happen; return whether the record has changed by it."""
        if why is Why.MISKEYED:
            self.move(at, cell, why, 0, detail)
            return True
        if why is Why.DAMAGE_NOTICED:
            if not self.aside["damaged"][cell]:  # it never got that far, or a count was faster
                return False
            self.aside["damaged"][cell] -= 1
            self.aside["quarantined"][cell] += 1
            self.move(at, cell, why, 0, -1)
            return True
        if self.cells[cell] > detail:
            self.move(at, cell, why, -1, 0)
            state = _ASIDE.get(why)
            if state is not None:
                self.aside[state][cell] += 1
        return False

    def dock(self, at: float, cells: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        """Let what has just been received wait to be put away: it is on no shelf and no record yet."""
        self.aside["receiving"][cells] += units
        self.move_many(at, cells, Why.RECEIVED, -units, -units)

    def put_away(self, at: float, cells: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        """Put on the shelf, and on the record, what waited at the dock."""
        self.aside["receiving"][cells] -= units
        self.move_many(at, cells, Why.PUT_AWAY, units, units)

    def handled(self, at: float, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        """Let go wrong what goes wrong with goods that have just been put on the shelf: the luck of the day.

        Of some products one unit too many or too few is booked; of some, one unit stands in the wrong place.
        """
        if rate := self._receiving_errors[site]:
            luck, chance = self._luck("receiving_errors", at, site)[skus], 1 - (1 - rate) ** units
            wrong = luck < chance
            error = np.where(luck < chance / 2, 1, -1)[wrong].astype(np.int32)
            cells = skus[wrong] * self._sites + site
            self.move_many(at, cells, Why.MISCOUNTED, np.zeros_like(error), error)
        if rate := self._put_away_errors[site]:
            wrong = self._luck("put_away_errors", at, site)[skus] < 1 - (1 - rate) ** units
            cells = skus[wrong] * self._sites + site
            one = np.ones(len(cells), dtype=np.int32)
            self.aside["misplaced"][cells] += one
            self.move_many(at, cells, Why.MISPLACED, -one, np.zeros_like(one))

    def _luck(self, source: str, at: float, site: int) -> NDArray[np.float64]:
        return self._tape.uniform(source, self._site_ids[site], int(at // MINUTES_PER_DAY), len(self.on_hand))
