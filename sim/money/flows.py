"""How much stands at each site at given moments, reckoned from everything that came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

Flow = tuple["NDArray[np.float64]", "NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]


def stock_at(ledger: Ledger, times: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is on the shelves of each site at some moments, by weight of a unit: shape (times, sites).

    Parameters
    ----------
    times
        Ascending.
    weight
        Of a unit of each product, such as its cost or its volume.
    """
    sites = ledger.opening_stock.shape[1]
    size = (len(times) + 1) * sites  # what comes after the last moment counts for none
    change = np.zeros(size)
    for at, sku, site, units in _flows(ledger, sites):
        first = np.searchsorted(times, at, side="left")  # it is there from this moment on
        change += np.bincount(first * sites + site, weights=units * weight[sku], minlength=size)
    found: NDArray[np.float64] = change.reshape(-1, sites)[:-1].cumsum(axis=0) + weight @ ledger.opening_stock
    return found


def _flows(ledger: Ledger, sites: int) -> Iterator[Flow]:
    """Yield when and where how many units of what reached (or, below zero, left) a shelf."""
    receipts, picks, transfers = (getattr(ledger, name).columns() for name in ("receipts", "picks", "transfers"))
    yield receipts["at"], receipts["sku"], receipts["site"], receipts["quantity"]
    yield picks["at"], picks["sku"], picks["site"], -picks["picked"]
    yield transfers["at"], transfers["sku"], transfers["source"], -transfers["quantity"]
    back = ledger.returns.columns()
    again = back["shelf"] >= 0
    yield back["settled_at"][again], back["sku"][again], back["shelf"][again], np.ones(int(again.sum()), dtype=np.int64)
    back = ledger.put_back.columns()
    yield back["at"], back["sku"], back["site"], back["quantity"]
    walk_ins, moved = ledger.walk_ins.columns(), ledger.movements.columns()
    yield walk_ins["at"], walk_ins["cell"] // sites, walk_ins["cell"] % sites, -walk_ins["sold"]
    yield moved["at"], moved["cell"] // sites, moved["cell"] % sites, moved["shelf"]
