"""The table of lanes: what is different from zones by distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import expected_one_of, shown
from sim.files import read_table
from sim.network.carrier import TIMINGS
from sim.scenario.tables.cells import number, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from sim.files import Table

WHAT_CHANGES = ("zone", "days", "price_factor", "surcharge_usd", "served")


def read_lanes(
    path: Path, zones: int, services: Collection[str], origins: Collection[str] | None, places: Collection[str] | None
) -> Table:
    """Read the lanes; every name is known (where that can be said), and every row changes something."""
    columns: dict[str, Callable[[str], Any]] = {
        "origin": text, "destination": text, "service": text, "zone": _from_one(zones), "days": _from_one(TIMINGS - 1),
        "price_factor": number(0, 100, above=True), "surcharge_usd": number(0, 10_000), "served": _yes_or_no,
    }  # fmt: skip
    table = read_table(path, {name: _or_nothing(read) for name, read in columns.items()})
    for column, known in (("origin", origins), ("destination", places), ("service", services)):
        for row in table.with_cells(column):
            if known is not None and row[column] is not None and row[column] not in known:
                table.tell(row["line"], column, f"unknown {expected_one_of(row[column], known)}")
    for row in table.with_cells(*columns):
        if all(row[name] is None for name in WHAT_CHANGES):
            expected = f"a value in one of {', '.join(WHAT_CHANGES)}"
            table.tell(row["line"], "zone", f"nothing is different on this lane - expected {expected}")
        if row["zone"] is not None and row["service"] is not None:
            table.tell(row["line"], "zone", "a lane has one zone for all services - expected an empty cell")
    return table


def _or_nothing(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda cell: read(cell) if cell else None


def _from_one(high: int) -> Callable[[str], int]:
    read = whole(high)

    def positive(cell: str) -> int:
        if read(cell) == 0:
            raise ValueError(f"{shown(cell)} - expected a whole number from 1 to {high}")
        return read(cell)

    return positive


def _yes_or_no(cell: str) -> bool:
    if cell.lower() not in ("true", "false"):
        raise ValueError(f"{shown(cell)} - expected true or false")
    return cell.lower() == "true"
