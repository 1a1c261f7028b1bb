"""The table of ways by road."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import expected_one_of
from sim.files import read_table
from sim.network.geo import great_circle_km
from sim.network.roads import Roads
from sim.scenario.tables.cells import number, text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.files import Row, Table

# Coordinates stand for areas and are rounded; a road that is so much shorter than the crow flies is a typing error.
SHORTEST, WITHIN_KM = 0.8, 25.0


def read_roads(path: Path, sites: Mapping[str, Row] | None, ends: Mapping[str, Row] | None) -> Table:
    """Read ways: every end is known (where that can be said), no way stands twice, and none is a short cut.

    Parameters
    ----------
    sites, ends
        Rows by id of what ways lead from, and to.
    """
    table = read_table(path, {"from": text, "to": text, "km": number(0, 50_000)}, {"minutes": number(0, 100_000)})
    for column, known in (("from", sites), ("to", ends)):
        strange = set()
        for row in table.with_cells(column) if known is not None else ():
            if known is not None and row[column] not in known and row[column] not in strange:
                strange.add(row[column])
                table.tell(row["line"], column, f"unknown {expected_one_of(row[column], known)}")
    first: dict[tuple[str, str], int] = {}
    for row in table.with_cells("from", "to"):
        line = first.setdefault((row["from"], row["to"]), row["line"])
        if line != row["line"]:
            table.tell(row["line"], "to", f"the way from {row['from']} to {row['to']} stands already in line {line}")
    if sites is not None and ends is not None:
        _tell_short_cuts(table, sites, ends)
    return table


def roads_of(table: Table | None) -> Roads | None:
    """Return the ways of a table."""
    if table is None:
        return None
    columns = {name: tuple([row[name] for row in table.rows]) for name in ("from", "to", "km")}
    minutes = tuple([row["minutes"] for row in table.rows]) if "minutes" in table.rows[0] else ()
    return Roads(columns["from"], columns["to"], columns["km"], minutes)


def _tell_short_cuts(table: Table, sites: Mapping[str, Row], ends: Mapping[str, Row]) -> None:
    rows = [row for row in table.with_cells("from", "to", "km") if row["from"] in sites and row["to"] in ends]
    crow = great_circle_km(*_coordinates(sites), *_coordinates(ends))
    row_of, column_of = ({name: k for k, name in enumerate(known)} for known in (sites, ends))
    for row in rows:
        flies = float(crow[row_of[row["from"]], column_of[row["to"]]])
        if row["km"] < flies * SHORTEST - WITHIN_KM:
            message = f"{row['km']:g} km from {row['from']} to {row['to']}"
            table.tell(row["line"], "km", f"{message} - expected about the {flies:,.0f} km that a crow flies, or more")


def _coordinates(ends: Mapping[str, Row]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([row["lat"] for row in ends.values()]), np.array([row["lon"] for row in ends.values()])
