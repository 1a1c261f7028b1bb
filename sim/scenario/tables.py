"""The CSV tables of a scenario, read into the network's values, every cell checked."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from sim.errors import Problem, ScenarioError, expected_one_of
from sim.files import read_table
from sim.network.site import Place, Product, SiteKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.files import Row


def text(cell: str) -> str:
    """Read a cell that must not be empty."""
    if not cell:
        raise ValueError("empty cell")
    return cell


def number(low: float = -math.inf, high: float = math.inf, above: float = -math.inf) -> Callable[[str], float]:
    """Return a reader of finite numbers between `low` and `high`, and above `above`."""

    def read(cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            raise ValueError(f"{cell!r} - expected a number") from None
        if not math.isfinite(value):
            raise ValueError(f"{cell!r} - expected a finite number")
        if value < low or value <= above:
            limit = f"a number above {above:g}" if value <= above else f"a number of at least {low:g}"
            raise ValueError(f"{cell!r} - expected {limit}")
        if value > high:
            raise ValueError(f"{cell!r} - expected a number of at most {high:g}")
        return value

    return read


def whole(cell: str) -> int:
    """Read a whole number of at least 0."""
    if not cell.isdigit():
        raise ValueError(f"{cell!r} - expected a whole number of at least 0")
    return int(cell)


def site_kind(cell: str) -> SiteKind:
    """Read a kind of site."""
    try:
        return SiteKind(cell)
    except ValueError:
        raise ValueError(expected_one_of(cell, SiteKind)) from None


def zone_name(cell: str) -> str:
    """Read an IANA time zone."""
    try:
        ZoneInfo(cell)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{cell!r} - expected an IANA time zone such as America/Chicago") from None
    return cell


_LAT, _LON = number(-90, 90), number(-180, 180)
_POSITIVE = number(above=0)

SITE_COLUMNS: dict[str, Callable[[str], object]] = {
    "id": text, "name": text, "kind": site_kind, "state": text, "lat": _LAT, "lon": _LON, "time_zone": zone_name,
    "walk_in_size": number(0),
}  # fmt: skip
PLACE_COLUMNS: dict[str, Callable[[str], object]] = {
    "id": text, "name": text, "state": text, "lat": _LAT, "lon": _LON, "time_zone": zone_name, "population": whole,
}  # fmt: skip
PRODUCT_COLUMNS: dict[str, Callable[[str], object]] = {
    "id": text, "name": text, "category": text, "weight_kg": _POSITIVE, "length_cm": _POSITIVE,
    "width_cm": _POSITIVE, "height_cm": _POSITIVE, "price_usd": number(0), "unit_cost_usd": number(0),
    "popularity": number(0),
}  # fmt: skip


MOST_UNITS = 10**9  # of one product at one site: counts are kept as 32-bit integers


def units(cell: str) -> int:
    """Read a number of units."""
    found = whole(cell)
    if found > MOST_UNITS:
        raise ValueError(f"{cell!r} - expected at most {MOST_UNITS:,} units")
    return found


STOCK_COLUMNS: dict[str, Callable[[str], object]] = {"sku": text, "site": text, "on_hand": units}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file, and how the file is called in messages."""

    name: str
    rows: list[Row]

    def problem(self, row: Row, column: str, message: str) -> Problem:
        """Return a problem with one cell."""
        return Problem(f"{self.name}:{row['line']}", column, message)


def read_checked(path: Path, columns: dict[str, Callable[[str], object]]) -> Table:
    """Read a table and check that its ids are unique.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    table = Table(str(path), read_table(path, columns))
    seen: dict[str, int] = {}
    problems = []
    for row in table.rows:
        first = seen.setdefault(row["id"], row["line"])
        if first != row["line"]:
            problems.append(table.problem(row, "id", f"{row['id']!r} stands already in line {first}"))
    if problems:
        raise ScenarioError(problems)
    return table


def places(rows: Iterable[Row]) -> tuple[Place, ...]:
    """Return the places of a table."""
    return tuple(
        Place(r["id"], r["name"], r["state"], r["lat"], r["lon"], r["time_zone"], r["population"]) for r in rows
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
        )
        for r in rows
    )


def read_stock(path: Path, skus: Sequence[str], sites: Sequence[str]) -> NDArray[np.int32]:
    """Read a table of units on hand, shape (products, sites); what it does not name is 0.

    Raises
    ------
    ScenarioError
        If a cell is wrong, a product or site is unknown, or a pair stands twice.
    """
    table = Table(str(path), read_table(path, STOCK_COLUMNS))
    on_hand = np.zeros((len(skus), len(sites)), dtype=np.int32)
    axes = {"sku": {name: i for i, name in enumerate(skus)}, "site": {name: j for j, name in enumerate(sites)}}
    first_line: dict[tuple[str, str], int] = {}
    problems = []
    unknown: set[tuple[str, str]] = set()  # each is told once, at its first row
    for row in table.rows:
        pair = row["sku"], row["site"]
        strange = [(column, row[column]) for column, known in axes.items() if row[column] not in known]
        for column, name in strange:
            if (column, name) not in unknown:
                problems.append(table.problem(row, column, f"unknown {expected_one_of(name, axes[column])}"))
        unknown.update(strange)
        if first_line.setdefault(pair, row["line"]) != row["line"]:
            message = f"{pair[0]} at {pair[1]} stands already in line {first_line[pair]}"
            problems.append(table.problem(row, "sku", message))
        elif not strange:
            on_hand[axes["sku"][pair[0]], axes["site"][pair[1]]] = row["on_hand"]
    if problems:
        raise ScenarioError(problems)
    return on_hand


def read_rates(path: Path, zones: int) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    """Read a rate table: upper weights (lb) and prices (cents) by step and zone.

    Raises
    ------
    ScenarioError
        If a cell is wrong, or weights or prices do not ascend.
    """
    names = [f"zone_{k}" for k in range(1, zones + 1)]
    rows = read_table(path, {"max_lb": _POSITIVE, **dict.fromkeys(names, _POSITIVE)})
    problems = []
    for before, row in itertools.pairwise(rows):
        where = f"{path}:{row['line']}"
        if row["max_lb"] <= before["max_lb"]:
            problems.append(Problem(where, "max_lb", f"{row['max_lb']:g} - expected more than the row above"))
        problems += [
            Problem(where, name, f"{row[name]:g} - expected no less than the lighter step above it")
            for name in names
            if row[name] < before[name]
        ]
    if problems:
        raise ScenarioError(problems)
    cents = np.array([[row[name] * 100 for name in names] for row in rows])
    return tuple(row["max_lb"] for row in rows), cents
