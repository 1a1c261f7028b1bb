"""The tables that a scenario file names: found, read, and checked against the file and one another.

Works on the file as it stands, before and whether or not its blocks are right, so that everything is told at once.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import expected_one_of, shown
from sim.network.geo import great_circle_km
from sim.scenario.blocks.values import MOST_EDGES
from sim.scenario.tables import given, tables
from sim.scenario.tables.lanes import read_lanes
from sim.scenario.tables.roads import read_roads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from numpy.typing import NDArray

    from sim.errors import Problem
    from sim.files import Key, Row, Table, YamlFile

# A site farther than this from every place people live at is a typing error, not a network.
FARTHEST_FROM_PEOPLE_KM = 1500.0
# Arrays over sites and places, or sites and products, take up to 40 bytes a cell: 800 MB.
MOST_CELLS = 20_000_000


class LinkedTables:
    """The tables of a scenario.

    Attributes
    ----------
    sites, places, products, roads, lanes, stock, receipts, backlog, levels, orders, sales
        None where the file names none that can be found.
    rates
        By service.
    digests
        SHA-256 of each file by the name it is given.
    problems
        What is wrong in the scenario file where it speaks of tables, and in the tables.
    """

    def __init__(self, source: YamlFile) -> None:
        self._source = source
        self.digests: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._read: list[Table] = []
        self.sites = self._table(("network", "sites"), self._with_attributes("site", tables.SITES, tables.read_sites))
        self.places = self._table(
            ("network", "places"), self._with_attributes("place", tables.PLACES, tables.read_places)
        )
        self.products = self._table(
            ("network", "products"), self._with_attributes("product", tables.PRODUCTS, tables.read_products)
        )
        self.rates = self._rates()
        self.roads = self._table(("network", "roads"), self._read_roads)
        self.lanes = self._table(("carriers", "lanes"), self._read_lanes)
        self.stock = self._table(
            ("opening_stock",), lambda path: tables.read_stock(path, _ids(self.products), _ids(self.sites))
        )
        self.receipts = self._table(
            ("opening_receipts",), lambda path: tables.read_receipts(path, _ids(self.products), _ids(self.sites))
        )
        self.levels = self._table(
            ("stock_levels",), lambda path: tables.read_levels(path, _ids(self.products), _ids(self.sites))
        )
        self.orders, self.backlog = (
            self._table(
                key, lambda path: given.read_orders(path, _ids(self.products), _ids(self.places), self._channels())
            )
            for key in (("demand", "orders"), ("opening_backlog",))
        )
        self.sales = self._table(
            ("walk_ins", "sales"), lambda path: given.read_sales(path, _ids(self.products), _ids(self.sites))
        )
        if self.sites is not None:
            self._check_kinds(self.sites)
            if self.places is not None and self._fits(("network", "places"), self.sites, self.places):
                _check_distances(self.sites, self.places)
            if self.products is not None:
                self._fits(("network", "products"), self.sites, self.products)
        for table in self._read:
            self.problems += table.problems

    def _with_attributes(
        self, of: str, own: Collection[str], read: Callable[[Path, list[str]], Table]
    ) -> Callable[[Path], Table]:
        """Return a reader that knows the columns which the scenario declares for a table besides its own."""
        key: Key = ("network", f"{of}_attributes")
        found = self._source.at(key)
        declared: dict[str, None] = {}
        for k, name in enumerate(found if isinstance(found, list) else ()):
            if not isinstance(name, str):  # the schema says so
                continue
            if name in own or name in declared or not name.strip() or name == "line":
                why = "stands twice" if name in declared else "is a column the table has anyway" if name in own else ""
                message = f"{shown(name)} {why or '- expected the name of a column'}"
                self.problems.append(self._source.problem((*key, k), message))
            declared[name] = None
        return lambda path: read(path, [name for name in declared if name not in own])

    def _table(self, key: Key, read: Callable[[Path], Table]) -> Table | None:
        name = self._source.at(key)
        if not isinstance(name, str):  # not named, or not by text: the schema says so
            return None
        path = self._find(key, name)
        if path is None:
            return None
        table = read(path)
        self._read.append(table)
        if not table.problems:
            self.digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return table

    def _channels(self) -> list[str] | None:
        """Return the channels that orders may come by; None: any."""
        channels = self._source.at(("demand", "channels"))
        return list(channels) if isinstance(channels, dict) and channels else None

    def _find(self, key: Key, name: str) -> Path | None:
        """Return the path of a table, or say why it is none."""
        folder = self._source.origin(key).parent
        try:
            path = (folder / name).resolve()
            inside, exists, is_file = path.is_relative_to(folder.resolve()), path.exists(), path.is_file()
        except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, links in a circle
            inside, exists, is_file = True, False, False
        if Path(name).is_absolute() or not inside:
            message = f"{shown(name)} leads out of the scenario's folder - expected a file inside it, such as sites.csv"
        elif not exists:
            tables_here = sorted(path.name for path in folder.glob("*.csv"))
            message = f"no such file: {expected_one_of(name, tables_here) if tables_here else shown(name)}"
        elif not is_file:
            message = f"{shown(name)} is no file - expected a CSV table"
        else:
            return folder / name
        self.problems.append(self._source.problem(key, message))
        return None

    def _rates(self) -> dict[str, Table | None]:
        edges, services = (self._source.at(("carriers", name)) for name in ("zone_edges", "services"))
        found: dict[str, Table | None] = {}
        # without a list of edges nobody knows how many zones there are
        if not isinstance(services, dict) or not isinstance(edges, list) or len(edges) > MOST_EDGES:
            return found
        zones = len(edges) + 1
        for name in services:
            key: Key = ("carriers", "services", name)
            days = self._source.at((*key, "business_days"))
            if isinstance(days, list) and len(days) != zones:
                message = f"{len(days)} entries - expected {zones}, one per zone ({len(edges)} zone_edges)"
                self.problems.append(self._source.problem((*key, "business_days"), message))
            found[name] = self._table((*key, "rates"), lambda path: tables.read_rates(path, zones))
        return found

    def _read_roads(self, path: Path) -> Table:
        sites, places = (_all_rows(table, "id", "lat", "lon") for table in (self.sites, self.places))
        known = None if sites is None else {row["id"]: row for row in sites}
        ends = None if known is None or places is None else {row["id"]: row for row in places} | known
        return read_roads(path, known, ends)

    def _read_lanes(self, path: Path) -> Table:
        edges, services = (self._source.at(("carriers", name)) for name in ("zone_edges", "services"))
        zones = len(edges) + 1 if isinstance(edges, list) else MOST_EDGES + 1
        ends = [None if table is None else _ends(table) for table in (self.sites, self.places)]
        return read_lanes(path, zones, list(services) if isinstance(services, dict) else [], *ends)

    def _check_kinds(self, sites: Table) -> None:
        kinds = self._source.at(("site_kinds",))
        if not isinstance(kinds, dict):
            return
        strange = set()  # each is told once, at its first row
        for row in sites.with_cells("kind"):
            kind = row["kind"].value
            if kind not in kinds and kind not in strange:
                strange.add(kind)
                sites.tell(row["line"], "kind", f"has no block in site_kinds: {expected_one_of(kind, kinds)}")

    def _fits(self, key: Key, sites: Table, others: Table) -> bool:
        cells = len(sites.rows) * len(others.rows)
        if cells > MOST_CELLS:
            message = f"{len(others.rows):,} rows for {len(sites.rows):,} sites make {cells:,} pairs"
            self.problems.append(self._source.problem(key, f"{message} - expected at most {MOST_CELLS:,}"))
        return cells <= MOST_CELLS


def _all_rows(table: Table | None, *columns: str) -> list[Row] | None:
    """Return the rows of a table if none is missing and all have these cells: what is not there cannot be judged by."""
    if table is None or any(not problem.path for problem in table.problems):
        return None
    rows = list(table.with_cells(*columns))
    return rows if len(rows) == len(table.rows) else None


def _ids(table: Table | None) -> list[str] | None:
    rows = _all_rows(table, "id")
    return None if rows is None else [row["id"] for row in rows]


def _ends(table: Table) -> list[str] | None:
    """Return what a lane's end may be called: an id or a state."""
    rows = _all_rows(table, "id", "state")
    return None if rows is None else list(dict.fromkeys([row[name] for name in ("id", "state") for row in rows]))


def _check_distances(sites: Table, places: Table) -> None:
    rows, people = list(sites.with_cells("id", "lat", "lon")), _all_rows(places, "lat", "lon")
    if not rows or not people:
        return
    away = great_circle_km(*_coordinates(rows), *_coordinates(people)).min(axis=1)
    for row, km in zip(rows, away.tolist(), strict=True):
        if km > FARTHEST_FROM_PEOPLE_KM:
            message = f"{row['id']} lies outside its network: {km:,.0f} km from the nearest place"
            sites.tell(row["line"], "lat", f"{message} - expected at most {FARTHEST_FROM_PEOPLE_KM:,.0f} km")


def _coordinates(rows: list[Row]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([row["lat"] for row in rows]), np.array([row["lon"] for row in rows])
