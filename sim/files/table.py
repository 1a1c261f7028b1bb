"""A CSV table, every cell checked, every problem at its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, expected_one_of, gathering, nearest, one_of, shown
from sim.files.text import read_text
from sim.files.tree import dotted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

MOST_PROBLEMS = 200  # after so many, a table is not read on

Row = dict[str, Any]
Columns = Mapping[str, Callable[[str], Any]]
NO_COLUMNS: Columns = {}
NOT_RENAMED: Mapping[str, str] = {}
NOT_LOOKED_AT = "(not looked at)"


@dataclass(frozen=True, slots=True)
class Table:
    """What could be read of a table, and what is wrong with it.

    Parameters
    ----------
    name
        How the file is called in messages.
    rows
        The cells of each row by column, and its line under ``"line"``; a cell that is wrong is left out.
    """

    name: str
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, line: int | None, column: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.name, column, message, line))

    def with_cells(self, *columns: str) -> Iterator[Row]:
        """Yield the rows in which these cells could be read."""
        return (row for row in self.rows if all(column in row for column in columns))


def read_table(
    path: Path,
    columns: Columns,
    optional: Columns = NO_COLUMNS,
    called: Mapping[str, str] = NOT_RENAMED,
    others: Collection[str] | None = (),
) -> Table:
    """Read a CSV table with a header.

    Parameters
    ----------
    columns
        Every column, and the function that reads a cell of it: it raises ValueError with what was expected.
    optional
        Columns that may be missing: no row has a cell of them then.
    called
        What the file calls some of these.
    others
        What may stand there and is not looked at; None: anything.

    Returns
    -------
    Table
        With every wrong cell among its problems, and any missing, doubled or unknown column or ragged row.
    """
    table = Table(str(path))
    text = ""
    with gathering(table.problems):
        text = read_text(path)
    if table.problems:
        return table
    numbered = _numbered(table, csv.reader(io.StringIO(text, newline=""), strict=True))
    rows = ((line, cells) for line, cells in numbered if _filled(cells))  # an empty line is nothing
    line, header = next(rows, (1, []))
    header = [cell.strip() for cell in header[: _filled(header)]]
    if header:
        names = _named(table, line, header, {**columns, **optional}, called, others)
        if not table.problems:
            _read_rows(table, rows, _readers(table, line, names, columns, optional))
    elif not table.problems:
        table.tell(None, "", "the file is empty - expected a header row")
    if not table.rows and not table.problems:
        table.tell(None, "", "no rows below the header - expected at least one")
    return table


def _filled(cells: list[str]) -> int:
    """Return how many cells there are up to the last with something in it: spreadsheets leave empty ones behind it."""
    return max((k for k, cell in enumerate(cells, 1) if cell.strip()), default=0)


Reader = tuple[str, Callable[[str], Any] | None]


def _named(
    table: Table,
    line: int,
    header: list[str],
    columns: Columns,
    called: Mapping[str, str],
    others: Collection[str] | None,
) -> list[str]:
    """Return the columns by their own names, and which are not looked at."""
    for column, name in called.items():
        if column not in columns:
            table.tell(None, "", f"unknown column {expected_one_of(column, columns)}")
        elif name not in header:
            table.tell(line, column, f"no column {shown(name)} - expected {one_of(name, header)}")
    own = {name: column for column, name in called.items()}

    def named(name: str) -> str:
        if name in own:
            return own[name]
        alone = name in called or (name not in columns and (others is None or name in others))
        return NOT_LOOKED_AT if alone else name

    return [named(name) for name in header]


def _readers(table: Table, line: int, header: list[str], required: Columns, optional: Columns) -> list[Reader]:
    """Return each column's name and how to read it: None where it is not known or stands twice."""
    columns = {**required, **optional}
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            table.tell(line, "", f"cells parted by {name} - expected commas")
            return [(header[0], None)]
    meant = set()
    for column in dict.fromkeys(header):
        if column == NOT_LOOKED_AT:
            continue
        if column not in columns:
            table.tell(
                line, dotted((column,)), f"unknown column {shown(column)} - expected {one_of(column, columns, header)}"
            )
            meant.add(nearest(column, [name for name in columns if name not in header]))
        elif header.count(column) > 1:
            table.tell(line, dotted((column,)), "the column stands twice")
    for column in required:
        if column not in header and column not in meant:  # a misspelt column is not missing as well
            table.tell(line, column, "missing column - it is required")
    return [(column, columns.get(column) if header.count(column) == 1 else None) for column in header]


def _numbered(table: Table, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            said = "a quotation mark that is never closed" if "end of data" in str(error) else str(error)
            table.tell(line, "", f"not valid CSV: {said}")
            return
        if cells is None:
            return
        yield line, cells


def _read_rows(table: Table, numbered: Iterable[tuple[int, list[str]]], readers: list[Reader]) -> None:
    for line, cells in numbered:
        if len(table.problems) >= MOST_PROBLEMS:
            table.tell(line, "", f"{len(table.problems)} problems so far - the rest of the table is not read")
            return
        if len(cells) == len(readers) or (len(cells) > len(readers) >= _filled(cells)):
            table.rows.append(_row(table, line, zip(readers, cells, strict=False)))
        else:
            table.tell(line, "", f"{len(cells)} cells - expected {len(readers)}, as in the header")


def _row(table: Table, line: int, cells: Iterable[tuple[Reader, str]]) -> Row:
    row: Row = {"line": line}
    for (column, read), cell in cells:
        if read is None:
            continue
        try:
            row[column] = read(cell.strip())
        except ValueError as error:
            table.tell(line, column, str(error))
    return row
