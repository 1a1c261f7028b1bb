"""Stock on the wire, in columns.

    {"kind": "stock", "observed_at": 15.0, "sites": ["dc_east", "store_7"],
     "on_hand": {"A": [4, 0], "B": [2]}, "at": {"B": [1]}, "picked": {"A": [1, 0]}, "whole": false}

Sites stand once; each product has a column with one count per site, or, with `at`, only for the sites at those
positions in the list (here B at store_7). A product without a column has not changed.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.news import StockNews
from sim.contract.wire_values import MOST_STOCK, as_object, short
from sim.errors import WireError, one_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.wire_values import Values


class Columns:
    """Writes and reads the stock of one network."""

    def __init__(self, values: Values) -> None:
        self._values = values

    def write(self, news: StockNews) -> dict[str, Any]:
        """Write what some sites say of their stock."""
        sites, names = self._values.names["site"], self._values.names["product"]
        position = np.full(len(sites), -1)
        position[news.sites] = np.arange(len(news.sites))
        order = np.argsort(news.cells, kind="stable")
        skus, at = np.divmod(news.cells[order], len(sites))
        on_hand, picked = news.on_hand[order], news.picked[order]
        columns: dict[str, Any] = {}
        positions: dict[str, Any] = {}
        taken: dict[str, Any] = {}
        starts = np.flatnonzero(np.diff(skus, prepend=-1)).tolist()
        for start, end in pairwise([*starts, len(skus)]):
            sku = int(skus[start])
            name, where = names[sku], position[at[start:end]]
            columns[name] = self._values.counts_out(sku, on_hand[start:end])
            if len(where) < len(news.sites) or (np.diff(where) < 0).any():
                positions[name] = where.tolist()
            if picked[start:end].any():
                taken[name] = self._values.counts_out(sku, picked[start:end])
        plain = {
            "observed_at": float(news.observed_at),
            "sites": [sites[j] for j in news.sites.tolist()],
            "on_hand": columns,
        }
        more = {"at": positions, "picked": taken, "whole": bool(news.whole)}
        return plain | {key: value for key, value in more.items() if value}

    def read(self, value: object, where: str = "stock") -> StockNews:
        """Read stock in columns; counts may be below zero, as books sometimes are."""
        tree = as_object(value, where)
        known = ("observed_at", "sites", "on_hand", "at", "picked", "whole")
        for key in tree:
            if key not in known:
                raise WireError(f"unknown key {short(key)}", f"{where}.{key}", one_of(key, known))
        observed_at = self._values.read_past(tree.get("observed_at", 0.0), f"{where}.observed_at")
        sites = self._values.read_names("site", tree.get("sites"), f"{where}.sites")
        if len(set(sites)) < len(sites):
            raise WireError("a site stands twice", f"{where}.sites", "each site once")
        columns = as_object(tree.get("on_hand"), f"{where}.on_hand")
        at, picked = (as_object(tree.get(key, {}), f"{where}.{key}") for key in ("at", "picked"))
        for key, extra in (("at", at), ("picked", picked)):
            for name in extra:
                if name not in columns:
                    raise WireError(
                        f"product {short(name)} has no column on_hand", f"{where}.{key}", "a column on_hand each"
                    )
        whole = tree.get("whole", False)
        if not isinstance(whole, bool):
            raise WireError(short(whole), f"{where}.whole", "true or false")
        speaking = np.array(sites, dtype=np.int64)
        cells, counts, picks = [], [], []
        skus = self._values.read_products(columns, f"{where}.on_hand")
        for sku, (name, column) in zip(skus, columns.items(), strict=True):
            members = self._positions(speaking, at[name], f"{where}.at.{name}") if name in at else speaking
            cells.append(members + sku * len(self._values.names["site"]))
            counts.append(self._values.counts(sku, column, len(members), -MOST_STOCK, f"{where}.on_hand.{name}"))
            if name in picked:
                picks.append(self._values.counts(sku, picked[name], len(members), 0, f"{where}.picked.{name}"))
            else:
                picks.append(np.zeros(len(members), dtype=np.int32))
        if not cells:
            nothing = np.zeros(0, dtype=np.int32)
            return StockNews(observed_at, speaking, np.zeros(0, dtype=np.int64), nothing, nothing, whole)
        on_hand, taken = np.concatenate(counts), np.concatenate(picks)
        return StockNews(observed_at, speaking, np.concatenate(cells), on_hand, taken, whole)

    def totals(self, units: NDArray[np.int64]) -> dict[str, Any]:
        """Return a count of every product, by name."""
        return {
            name: self._values.quantity_out(sku, count)
            for sku, (name, count) in enumerate(zip(self._values.names["product"], units.tolist(), strict=True))
        }

    def read_totals(self, value: object, where: str) -> NDArray[np.int64]:
        """Read a count of every product."""
        tree = as_object(value, where)
        units = np.zeros(len(self._values.names["product"]), dtype=np.int64)
        for name, count in tree.items():
            sku = self._values.read_name("product", name, where)
            units[sku] = self._values.quantity_in(sku, count, 0, 2**62, f"{where}.{name}")
        return units

    def _positions(self, speaking: NDArray[np.int64], value: object, where: str) -> NDArray[np.int64]:
        right = isinstance(value, list) and all(type(i) is int and 0 <= i < len(speaking) for i in value)
        if not right or len(set(value)) < len(value):  # type: ignore[call-overload, arg-type]
            raise WireError(short(value), where, f"distinct positions in the list of {len(speaking)} sites")
        return speaking[np.array(value, dtype=np.int64)]
