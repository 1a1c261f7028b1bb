"""The CSV tables of a scenario, each checked by itself, and the network's values made of them."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import ScenarioError, expected_one_of
from sim.fields import day, time_zone
from sim.files import Table, read_table
from sim.network.site import Place, Product
from sim.scenario.tables.cells import attribute, number, site_kind, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.files import Row

_LAT, _LON = number(-90, 90), number(-180, 180)
_LENGTH, _WEIGHT = number(0, 10_000, above=True), number(0, 10_000, above=True)
_USD = number(0, 1_000_000)
MOST_UNITS = 10**9  # of one product at one site: counts are kept as 32-bit integers

SITES: dict[str, Callable[[str], object]] = {
    "id": text, "name": text, "kind": site_kind, "state": text, "lat": _LAT, "lon": _LON, "time_zone": time_zone,
    "walk_in_size": number(0, 1000),
}  # fmt: skip
PLACES: dict[str, Callable[[str], object]] = {
    "id": text, "name": text, "state": text, "lat": _LAT, "lon": _LON, "time_zone": time_zone,
    "population": whole(10**10),
}  # fmt: skip
PRODUCTS: dict[str, Callable[[str], object]] = {
    "id": text, "name": text, "category": text, "weight_kg": _WEIGHT, "length_cm": _LENGTH,
    "width_cm": _LENGTH, "height_cm": _LENGTH, "price_usd": _USD, "unit_cost_usd": _USD,
    "popularity": number(0, 1e12),
}  # fmt: skip
STOCK: dict[str, Callable[[str], object]] = {"sku": text, "site": text, "on_hand": whole(MOST_UNITS, " units")}
RECEIPTS: dict[str, Callable[[str], object]] = {
    "sku": text, "site": text, "due_on": day, "units": whole(MOST_UNITS, " units"),
}  # fmt: skip
LEVELS: dict[str, Callable[[str], object]] = {
    "sku": text, "site": text, "reorder_point": whole(MOST_UNITS, " units"), "order_up_to": whole(MOST_UNITS, " units"),
}  # fmt: skip


def read_sites(path: Path, attributes: Iterable[str] = ()) -> Table:
    """Read the sites; their ids are unique."""
    table = read_table(path, {**SITES, **dict.fromkeys(attributes, attribute)})
    _once(table, "id")
    return table


def read_places(path: Path, attributes: Iterable[str] = ()) -> Table:
    """Read the places; their ids are unique, and somebody lives somewhere."""
    table = read_table(path, {**PLACES, **dict.fromkeys(attributes, attribute)})
    _once(table, "id")
    if not table.problems and not any(row["population"] for row in table.rows):
        table.tell(table.rows[0]["line"], "population", "nobody lives anywhere - expected some place with people")
    return table


def read_products(path: Path, attributes: Iterable[str] = ()) -> Table:
    """Read the products; their ids are unique, and something is wanted."""
    table = read_table(path, {**PRODUCTS, **dict.fromkeys(attributes, attribute)})
    _once(table, "id")
    if not table.problems and not any(row["popularity"] for row in table.rows):
        table.tell(table.rows[0]["line"], "popularity", "nothing is ever wanted - expected some product that is")
    return table


def read_rates(path: Path, zones: int) -> Table:
    """Read a rate table: upper weights (lb) and prices (USD) by step and zone, both ascending."""
    names = [f"zone_{k}" for k in range(1, zones + 1)]
    price = number(0, 1_000_000, above=True)
    table = read_table(path, {"max_lb": number(0.001, 1_000_000), **dict.fromkeys(names, price)})
    for before, row in itertools.pairwise(table.with_cells("max_lb")):
        if row["max_lb"] <= before["max_lb"]:
            table.tell(row["line"], "max_lb", f"{row['max_lb']:g} - expected more than the {before['max_lb']:g} above")
    for name in names:
        for before, row in itertools.pairwise(table.with_cells(name)):
            if row[name] < before[name]:
                message = f"{row[name]:g} - expected no less than the {before[name]:g} of the lighter step above"
                table.tell(row["line"], name, message)
    return table


def read_stock(path: Path, skus: Collection[str] | None, sites: Collection[str] | None) -> Table:
    """Read units on hand; products and sites are known (where that can be said), and each pair stands once."""
    return _of_shelves(read_table(path, STOCK), skus, sites)


def read_receipts(path: Path, skus: Collection[str] | None, sites: Collection[str] | None) -> Table:
    """Read what is on its way, likewise; a product may come to a site on several days."""
    return _of_shelves(read_table(path, RECEIPTS), skus, sites, "due_on")


def read_levels(path: Path, skus: Collection[str] | None, sites: Collection[str] | None) -> Table:
    """Read reorder points and order-up-to levels, likewise; no level lies below its reorder point."""
    table = _of_shelves(read_table(path, LEVELS), skus, sites)
    for row in table.with_cells("reorder_point", "order_up_to"):
        if row["order_up_to"] < row["reorder_point"]:
            message = f"{row['order_up_to']} - expected no less than the reorder point {row['reorder_point']}"
            table.tell(row["line"], "order_up_to", message)
    return table


def _of_shelves(table: Table, skus: Collection[str] | None, sites: Collection[str] | None, *besides: str) -> Table:
    _once(table, "sku", "site", *besides)
    for column, known in (("sku", skus), ("site", sites)):
        if known is None:
            continue
        strange = set()  # each is told once, at its first row
        for row in table.with_cells(column):
            if row[column] not in known and row[column] not in strange:
                strange.add(row[column])
                table.tell(row["line"], column, f"unknown {expected_one_of(row[column], known)}")
    return table


def _once(table: Table, *columns: str) -> None:
    """Tell what stands twice."""
    first: dict[tuple[object, ...], int] = {}
    for row in table.with_cells(*columns):
        key = tuple(row[column] for column in columns)
        line = first.setdefault(key, row["line"])
        if line != row["line"]:
            table.tell(row["line"], columns[0], f"{' at '.join(map(str, key))} stands already in line {line}")


def attributes_of(row: Row, own: Collection[str]) -> dict[str, str | float | bool | None]:
    """Return what a row knows in columns that are not the table's own; an empty cell is not known."""
    return {name: value for name, value in row.items() if name not in own and name != "line" and value is not None}


def places(rows: Iterable[Row]) -> tuple[Place, ...]:
    """Return the places of a table."""
    return tuple(
        Place(
            r["id"],
            r["name"],
            r["state"],
            r["lat"],
            r["lon"],
            r["time_zone"],
            r["population"],
            attributes_of(r, PLACES),
        )
        for r in rows
    )


def products(rows: Iterable[Row]) -> tuple[Product, ...]:
    """Return the products of a table."""
    return tuple(
        Product(
            r["id"],
            r["name"],
            r["category"],
            r["weight_kg"],
            r["length_cm"] * r["width_cm"] * r["height_cm"],
            round(r["price_usd"] * 100),
            round(r["unit_cost_usd"] * 100),
            attributes=attributes_of(r, PRODUCTS),
        )
        for r in rows
    )


class Rates(NamedTuple):
    """Upper billed weight of each step, lb, and prices by step and zone, cents."""

    max_lb: tuple[float, ...]
    list_cents: NDArray[np.float64]


def rates(rows: list[Row]) -> Rates:
    """Return the steps of a table."""
    zones = [name for name in rows[0] if name.startswith("zone_")]
    zones.sort(key=lambda name: int(name.removeprefix("zone_")))
    cents = np.array([[row[name] * 100 for name in zones] for row in rows])
    return Rates(tuple(row["max_lb"] for row in rows), cents)


def units(
    rows: Iterable[Row], column: str, skus: Iterable[str], sites: Iterable[str], absent: int = 0
) -> NDArray[np.int32]:
    """Return a column of a table of shelves, shape (products, sites); what it does not name is `absent`.

    Sites that are closed have no shelves.
    """
    i_of = {name: i for i, name in enumerate(skus)}
    j_of = {name: j for j, name in enumerate(sites)}
    found = np.full((len(i_of), len(j_of)), absent, dtype=np.int32)
    for row in rows:
        if row["site"] in j_of:
            found[i_of[row["sku"]], j_of[row["site"]]] = row[column]
    return found


class Coming(NamedTuple):
    """Goods on their way, in order of day and site: whole days after the start, cells (sku * sites + site), units."""

    days: NDArray[np.int64]
    cells: NDArray[np.int64]
    units: NDArray[np.int32]


def coming(table: Table, start: date, skus: Iterable[str], sites: Sequence[str]) -> Coming:
    """Return what is on its way at the start.

    Raises
    ------
    ScenarioError
        If something was due before that.
    """
    i_of = {name: i for i, name in enumerate(skus)}
    j_of = {name: j for j, name in enumerate(sites)}
    for row in table.rows:
        if row["due_on"] < start:
            table.tell(row["line"], "due_on", f"{row['due_on']} - expected no day before the scenario's start, {start}")
    if table.problems:
        raise ScenarioError(table.problems)
    found = sorted(
        ((row["due_on"] - start).days, j_of[row["site"]], i_of[row["sku"]], row["units"])
        for row in table.rows
        if row["units"]
    )
    days, site, sku, amount = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Coming(days, sku * len(sites) + site, amount.astype(np.int32))
