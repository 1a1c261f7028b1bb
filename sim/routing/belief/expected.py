"""What the engine believes is on its way: receipts by product and site, and when enough of them will have come.

    available to promise by t = on hand - open promises - safety stock + receipts due up to t

Open promises are those against the shelf and those against receipts alike, so that each receipt is promised once,
whoever came first having the earlier one.

Two kinds of news speak of the same goods, and neither says which ones: a picture of what is on its way, taken at one
moment, and counts of the shelf, taken at others. A picture is the truth of its moment. A count read after it that has
risen by more than was picked means that goods have come: the earliest receipts are closed, each whole, until the rise
is explained, so that a unit is never both on the shelf and on its way. A picture taken before such a count, but heard
after it, says nothing of that cell. In doubt too little is believed to come, until the next picture.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.contract.news import Receipts, StockNews

Receipt = tuple[float, int]  # when due, how many units


class Expected:
    """Receipts on their way to every site.

    Attributes
    ----------
    units
        All that is on its way, whenever due, shape (products, sites).
    """

    def __init__(self, products: int, sites: int) -> None:
        self._sites = sites
        self.units: NDArray[np.int64] = np.zeros((products, sites), dtype=np.int64)
        self._receipts: list[dict[int, list[Receipt]]] = [{} for _ in range(sites)]
        self._taken_at = np.full(sites, -np.inf)
        self._risen_at = np.full((products, sites), -np.inf)

    def hear(self, news: Receipts) -> None:
        """Take in a picture, unless a later one of the same site has been heard."""
        new = news.sites[self._taken_at[news.sites] <= news.observed_at]
        self._taken_at[new] = news.observed_at
        for site in new.tolist():
            self._receipts[site].clear()
            self.units[:, site] = 0
        skus, sites = np.divmod(news.cells, self._sites)
        told = np.isin(sites, new) & (self._risen_at[skus, sites] <= news.observed_at)
        columns = (skus[told], sites[told], news.due[told], news.units[told])
        self.restore(zip(*[column.tolist() for column in columns], strict=True))

    def counted(self, news: StockNews, rise: NDArray[np.int32]) -> None:
        """Close the receipts of shelves on which goods have come.

        Parameters
        ----------
        rise
            By how much each count exceeds what was believed of it, picks apart.
        """
        cells = news.cells[rise > 0]
        skus, sites = np.divmod(cells, self._sites)
        later = self._taken_at[sites] < news.observed_at
        self._risen_at[skus[later], sites[later]] = news.observed_at
        come = later & (self.units[skus, sites] > 0)
        for sku, site, units in zip(
            skus[come].tolist(), sites[come].tolist(), rise[rise > 0][come].tolist(), strict=True
        ):
            self._close(sku, site, units)

    def taken_at(self, site: int) -> float:
        """Return the minute of a site's last picture."""
        return float(self._taken_at[site])

    def on_time(self, sku: int, site: int, after: float, until: float = float("inf")) -> list[Receipt]:
        """Return what is due at a site later than `after` and by `until`, the earliest first."""
        receipts = self._receipts[site].get(sku)
        return [receipt for receipt in receipts if after < receipt[0] <= until] if receipts else []

    def rows(self, skus: Sequence[int]) -> list[list[float]]:
        """Return all that is on its way of some products as what JSON knows: product, site, minute due, units."""
        return [
            [sku, site, due, units]
            for sku in skus
            for site in np.flatnonzero(self.units[sku]).tolist()
            for due, units in self._receipts[site][sku]
        ]

    def restore(self, rows: Iterable[Sequence[float]]) -> None:
        """Expect what `rows` say on top of what is expected."""
        for sku, site, due, units in rows:
            insort(self._receipts[int(site)].setdefault(int(sku), []), (float(due), int(units)))
            self.units[int(sku), int(site)] += int(units)

    def forget(self) -> None:
        """Expect nothing, and have heard nothing."""
        self.units[:] = 0
        for receipts in self._receipts:
            receipts.clear()
        self._taken_at[:] = self._risen_at[:] = -np.inf

    def _close(self, sku: int, site: int, units: int) -> None:
        receipts = self._receipts[site][sku]
        while receipts and units > 0:
            closed = receipts.pop(0)[1]
            units -= closed
            self.units[sku, site] -= closed


def first_minute(free: int, receipts: Sequence[Receipt], wanted: int) -> float | None:
    """Return when `free` units and some receipts make up the units wanted: minus infinity at once, None never.

    >>> first_minute(-2, [(10.0, 3), (20.0, 4)], 4)
    20.0
    """
    if free >= wanted:
        return -float("inf")
    for due, units in receipts:
        free += units
        if free >= wanted:
            return due
    return None
