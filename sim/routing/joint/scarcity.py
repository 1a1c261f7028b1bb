"""The pricing problem of a batch: what each order would choose if the stock that is scarce had a price.

A stock cell is scarce if the orders of the batch want more of its product than is there; no other cell can ever be the
reason for a refusal, so only scarce cells have a price, and only orders that want them ever change their minds.

Where units are held back from a channel, its orders together may not have more than the rest. That is a cell of its
own, and a unit has two prices for them: that of the unit, and that of the channel's share of the shelf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.routing.prices.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from sim.routing.joint.entry import Choice, Entry, Offer


class Cell(NamedTuple):
    """Units of which there may not be enough.

    Parameters
    ----------
    pool
        The channel whose orders may together have so many; None if they are all there are.
    """

    pool: str | None
    sku: int
    site: int


class ScarceChoice:
    """The orders of a batch, each an order type of the configuration LP.

    Parameters
    ----------
    entries
        Orders whose every offer can be tried.
    stock
        Units there for the batch, shape (products, sites).
    alone
        What each would choose if it were the only one.
    """

    def __init__(self, entries: Sequence[Entry], stock: NDArray[np.int32], alone: Sequence[Choice]) -> None:
        self.entries = entries
        self._sites = stock.shape[1]
        self._stock = stock
        self.cells: list[Cell] = []
        units: list[int] = []
        self._pools = tuple(dict.fromkeys([None, *(entry.pool for entry in entries)]))
        for pool in self._pools:
            for cell, most in self._scarce(pool):
                self.cells.append(cell)
                units.append(most)
        self._number = {cell: number for number, cell in enumerate(self.cells)}
        self._sku_of = np.array([cell.sku for cell in self.cells], dtype=np.int64)
        self.stock = np.array(units, dtype=np.float64)
        self._prices = np.zeros(len(self.cells))
        self._found = list(alone)
        self._offer_of: dict[tuple[int, float, tuple[tuple[int, int], ...]], Offer] = {}

    def _scarce(self, pool: str | None) -> Iterator[tuple[Cell, int]]:
        """Yield the cells of which a pool's orders want more than they may have, and how much that is."""
        members = [entry for entry in self.entries if pool in (None, entry.pool)]
        held = members[0].held if members and pool is not None else None
        most = self._stock if held is None else self._stock - held
        wanted, in_force = np.zeros(len(most), dtype=np.int64), np.zeros(most.shape, dtype=np.int64)
        for entry in members:
            for sku, quantity in zip(entry.request.skus, entry.wanted, strict=True):
                wanted[sku] += quantity
            for sku, site, quantity in entry.units(entry.kept[0]) if entry.kept is not None else ():
                in_force[sku, site] += quantity
        short = (most < wanted[:, None]) & (most > 0)
        if pool is None:
            short |= (in_force > 0) & (most <= 0)  # an empty shelf needs a price only if somebody counts on it already
        else:
            most = np.maximum(most, in_force)  # what is in force was promised, whatever is held back now
        for sku, site in np.argwhere(short).tolist():
            yield Cell(pool, sku, site), max(int(most[sku, site]), 0)

    def cheapest(self, prices: NDArray[np.float64]) -> Columns:
        """Return each order's offer of least score plus price of stock."""
        return self.columns(enumerate([choice.offer for choice in self.at(prices)]))

    def at(self, prices: NDArray[np.float64]) -> list[Choice]:
        """Return what each order would choose at these prices of the scarce cells."""
        moved = set(self._sku_of[prices != self._prices].tolist())
        self._prices = prices.copy()
        rows = self.rows(prices)
        for number, entry in enumerate(self.entries):
            if not moved.isdisjoint(entry.request.skus):
                self._found[number] = entry.choose(None, rows[entry.pool])
        return self._found

    def rows(self, prices: NDArray[np.float64]) -> dict[str | None, dict[int, NDArray[np.float64]]]:
        """Return the prices by pool and product, shape (sites,) each; products without a price are left out."""
        every: dict[str | None, dict[int, NDArray[np.float64]]] = {pool: {} for pool in self._pools}
        for number in np.flatnonzero(prices).tolist():
            cell = self.cells[number]
            for rows in every.values() if cell.pool is None else [every[cell.pool]]:
                rows.setdefault(cell.sku, np.zeros(self._sites))[cell.site] += prices[number]
        return every

    def columns(self, offers: Iterable[tuple[int, Offer]]) -> Columns:
        """Return offers, each with the number of its order, as columns over the scarce cells."""
        of_type, scores, taken = [], [], []
        for column, (number, offer) in enumerate(offers):
            entry = self.entries[number]
            score = entry.score(offer)
            takes = tuple(sorted(self._takes(entry, offer)))
            self._offer_of.setdefault((number, score, takes), offer)
            of_type.append(number)
            scores.append(score)
            taken += [(column, *take) for take in takes]
        column_of, cell_of, units = np.array(taken, dtype=np.int64).reshape(-1, 3).T
        return Columns(
            np.array(of_type, dtype=np.int64), np.array(scores), column_of, cell_of, units.astype(np.float64)
        )

    def _takes(self, entry: Entry, offer: Offer) -> Iterator[tuple[int, int]]:
        """Yield the number of each scarce cell that an offer takes from, and how much."""
        for sku, site, quantity in entry.units(offer):
            for pool in (None,) if entry.pool is None else (None, entry.pool):
                number = self._number.get(Cell(pool, sku, site))
                if number is not None:
                    yield number, quantity

    def offers(self, columns: Columns, picked: NDArray[np.int64]) -> list[Offer]:
        """Return the offers behind some columns; those of equal score and scarce stock are as good as one another."""
        takes: dict[int, list[tuple[int, int]]] = {column: [] for column in picked.tolist()}
        for column, cell, units in zip(columns.column.tolist(), columns.cell.tolist(), columns.units, strict=True):
            if column in takes:
                takes[column].append((cell, int(units)))
        return [
            self._offer_of[int(columns.of_type[column]), float(columns.cost[column]), tuple(sorted(taken))]
            for column, taken in takes.items()
        ]
