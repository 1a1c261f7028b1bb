"""Receipts on the wire, in columns.

    {"kind": "receipts", "observed_at": 15.0, "sites": ["dc_east", "store_7"],
     "at": {"A": [0, 0, 1]}, "units": {"A": [40, 60, 5]}, "due": {"A": [2880.0, 5760.0, 1440.0]}}

Sites stand once; each product has three columns with one entry a receipt: the position of its site in the list, how
much, and when. Here 40 units of A are due at dc_east after two days, 60 after four, and 5 at store_7 after one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.news import Receipts
from sim.contract.wire_values import as_object, short
from sim.errors import WireError, one_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.wire_values import Values

COLUMNS = ("at", "units", "due")


class Rows:
    """Writes and reads what is on its way in one network."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def write(self, news: Receipts) -> dict[str, Any]:
        """Write what some sites expect."""
        sites, products = self._values.names["site"], self._values.names["product"]
        position = np.full(len(sites), -1)
        position[news.sites] = np.arange(len(news.sites))
        order = np.argsort(news.cells // len(sites), kind="stable")
        skus, at = np.divmod(news.cells[order], len(sites))
        units, due = news.units[order], news.due[order]
        plain: dict[str, Any] = {
            "observed_at": float(news.observed_at),
            "sites": [sites[site] for site in news.sites.tolist()],
            **{column: {} for column in COLUMNS if len(skus)},
        }
        starts = np.flatnonzero(np.diff(skus, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(skus)]):
            name = products[int(skus[start])]
            plain["at"][name] = position[at[start:end]].tolist()
            plain["units"][name] = self._values.counts_out(int(skus[start]), units[start:end])
            plain["due"][name] = due[start:end].tolist()
        return plain

    def read(self, value: object, where: str) -> Receipts:
        """Read what some sites expect.

        Raises
        ------
        WireError
            What is wrong with it, where, and what was expected.
        """
        tree = as_object(value, where)
        known = ("observed_at", "sites", *COLUMNS)
        for key in tree:
            if key not in known:
                raise WireError(f"unknown key {short(key)}", f"{where}.{key}", one_of(key, known))
        observed_at = self._values.read_past(tree.get("observed_at"), f"{where}.observed_at")
        sites = self._values.read_names("site", tree.get("sites"), f"{where}.sites")
        if len(set(sites)) < len(sites):
            raise WireError("a site stands twice", f"{where}.sites", "each site once")
        at, units, due = (as_object(tree.get(key, {}), f"{where}.{key}") for key in COLUMNS)
        for name in (*units, *due):
            if name not in at:
                raise WireError(f"product {short(name)} has no column at", f"{where}.at", "a column each")
        speaking = np.array(sites, dtype=np.int64)
        cells, dates = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
        counts = [np.zeros(0, dtype=np.int32)]
        for sku, (name, positions) in zip(self._values.read_products(at, f"{where}.at"), at.items(), strict=True):
            members = self._members(speaking, positions, f"{where}.at.{name}")
            cells.append(members + sku * len(self._values.names["site"]))
            counts.append(self._values.counts(sku, units.get(name), len(members), 1, f"{where}.units.{name}"))
            dates.append(self._dates(due.get(name), len(members), f"{where}.due.{name}"))
        return Receipts(observed_at, speaking, np.concatenate(cells), np.concatenate(counts), np.concatenate(dates))

    def _members(self, speaking: NDArray[np.int64], value: object, where: str) -> NDArray[np.int64]:
        if not isinstance(value, list) or not all(type(i) is int and 0 <= i < len(speaking) for i in value):
            raise WireError(short(value), where, f"positions in the list of {len(speaking)} sites")
        return speaking[np.array(value, dtype=np.int64)]

    def _dates(self, value: object, length: int, where: str) -> NDArray[np.float64]:
        if not isinstance(value, list) or len(value) != length:
            found = f"{len(value)} dates" if isinstance(value, list) else short(value)
            raise WireError(found, where, f"{length}, one a receipt")
        return np.array(
            [self._values.read_moment(due, f"{where}[{i}]") for i, due in enumerate(value)], dtype=np.float64
        )
