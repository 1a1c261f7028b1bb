"""The pricing problem of a batch: what each order would choose if the stock that is scarce had a price.

A stock cell is scarce if the orders of the batch want more of its product than is there; no other cell can ever be the
reason for a refusal, so only scarce cells have a price, and only orders that want them ever change their minds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.prices.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.routing.joint.entry import Choice, Entry, Offer


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
        wanted = np.zeros(len(stock), dtype=np.int64)
        for entry in entries:
            for sku, quantity in zip(entry.request.skus, entry.wanted, strict=True):
                wanted[sku] += quantity
        short = (stock < wanted[:, None]) & (stock > 0)
        for entry in entries:
            if entry.kept is not None:  # an empty shelf needs a price only if somebody counts on it already
                for sku, site, _ in entry.units(entry.kept[0]):
                    short[sku, site] |= stock[sku, site] <= 0
        self._sku_of, self._site_of = np.nonzero(short)
        cells = list(zip(self._sku_of.tolist(), self._site_of.tolist(), strict=True))
        self._cell = {cell: number for number, cell in enumerate(cells)}
        self.stock = np.maximum(stock[short], 0).astype(np.float64)
        self._prices = np.zeros(len(cells))
        self._found = list(alone)
        self._offer_of: dict[tuple[int, float, tuple[tuple[int, int], ...]], Offer] = {}

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
                self._found[number] = entry.choose(None, rows)
        return self._found

    def rows(self, prices: NDArray[np.float64]) -> dict[int, NDArray[np.float64]]:
        """Return the prices by product, shape (sites,) each; products without a price are left out."""
        rows: dict[int, NDArray[np.float64]] = {}
        for number in np.flatnonzero(prices).tolist():
            sku = int(self._sku_of[number])
            if sku not in rows:
                rows[sku] = np.zeros(self._sites)
            rows[sku][self._site_of[number]] = prices[number]
        return rows

    def columns(self, offers: Iterable[tuple[int, Offer]]) -> Columns:
        """Return offers, each with the number of its order, as columns over the scarce cells."""
        of_type, scores, taken = [], [], []
        for column, (number, offer) in enumerate(offers):
            entry = self.entries[number]
            score = entry.score(offer)
            cells = [(self._cell.get((sku, site), -1), quantity) for sku, site, quantity in entry.units(offer)]
            takes = tuple(sorted([(cell, quantity) for cell, quantity in cells if cell >= 0]))
            self._offer_of.setdefault((number, score, takes), offer)
            of_type.append(number)
            scores.append(score)
            taken += [(column, *take) for take in takes]
        column_of, cell_of, units = np.array(taken, dtype=np.int64).reshape(-1, 3).T
        return Columns(
            np.array(of_type, dtype=np.int64), np.array(scores), column_of, cell_of, units.astype(np.float64)
        )

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
