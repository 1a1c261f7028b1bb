"""Reading a table: right cells are kept, wrong ones told, whatever else is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.files import Table, read_table


def small(cell: str) -> int:
    if cell not in {"1", "2", "3"}:
        raise ValueError(f"{cell!r} - expected 1, 2 or 3")
    return int(cell)


COLUMNS: dict[str, Callable[[str], Any]] = {"id": str, "size": small}


def read(folder: Path, text: str) -> Table:
    (folder / "t.csv").write_text(text, encoding="utf-8", newline="")
    return read_table(folder / "t.csv", COLUMNS)


def problems(table: Table) -> list[tuple[int | None, str, str]]:
    return [(problem.line, problem.path, problem.message) for problem in table.problems]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("id,size\na,1\n", [{"line": 2, "id": "a", "size": 1}]),
        ("id,size\na,1", [{"line": 2, "id": "a", "size": 1}]),
        ("size,id\n1,a\n", [{"line": 2, "id": "a", "size": 1}]),
        (" id , size \n a , 1 \n", [{"line": 2, "id": "a", "size": 1}]),
        ("id,size\n\n\na,1\n\n", [{"line": 4, "id": "a", "size": 1}]),
        ('id,size\n"a, b",1\n', [{"line": 2, "id": "a, b", "size": 1}]),
        ('"id","size"\n"a ""b""","1"\n', [{"line": 2, "id": 'a "b"', "size": 1}]),
        ("id,size\r\na,1\r\n", [{"line": 2, "id": "a", "size": 1}]),
        ("\ufeffid,size\n007,1\n", [{"line": 2, "id": "007", "size": 1}]),
        # what spreadsheets leave behind: empty lines and columns
        ("\n,\nid,size\na,1\n,\n", [{"line": 4, "id": "a", "size": 1}]),
        ("id,size, ,\na,1,,\nb,2\n", [{"line": 2, "id": "a", "size": 1}, {"line": 3, "id": "b", "size": 2}]),
        # a cell over two lines: a row is told at the line on which it begins
        ('id,size\n"a\nb",1\nc,2\n', [{"line": 2, "id": "a\nb", "size": 1}, {"line": 4, "id": "c", "size": 2}]),
    ],
)
def test_a_right_table_is_its_rows(tmp_path: Path, text: str, rows: list[dict[str, Any]]) -> None:
    table = read(tmp_path, text)
    assert table.rows == rows
    assert table.problems == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", (None, "", "the file is empty - expected a header row")),
        ("\n", (None, "", "the file is empty - expected a header row")),
        ("id,size\n", (None, "", "no rows below the header - expected at least one")),
        ("id\na\n", (1, "size", "missing column - it is required")),
        ("id,size,colour\na,1,red\n", (1, "colour", "unknown column 'colour' - expected one of id, size")),
        ("id,sizes\na,1\n", (1, "sizes", "unknown column 'sizes' - expected one of id, size (did you mean size?)")),
        ("id,size,size\na,1,2\n", (1, "size", "the column stands twice")),
        ("id,,size\na,,1\n", (1, "''", "unknown column '' - expected one of id, size")),
        ("id,size,\na,1,x\n", (2, "", "3 cells - expected 2, as in the header")),
        ("\n\nid,siz\na,1\n", (3, "siz", "unknown column 'siz' - expected one of id, size (did you mean size?)")),
        ("id;size\na;1\n", (1, "", "cells parted by semicolons - expected commas")),
        ("id,size\na\n", (2, "", "1 cells - expected 2, as in the header")),
        ("id,size\na,1,2\n", (2, "", "3 cells - expected 2, as in the header")),
        ("id,size\na,9\n", (2, "size", "'9' - expected 1, 2 or 3")),
        ('id,size\n"a\nb",9\n', (2, "size", "'9' - expected 1, 2 or 3")),
        ('id,size\na,1\n"b,2\nc,3\n', (3, "", "not valid CSV: a quotation mark that is never closed")),
        ('id,"size\na,1\n', (1, "", "not valid CSV: a quotation mark that is never closed")),
    ],
)
def test_one_thing_wrong_is_told_once_at_its_line(tmp_path: Path, text: str, told: tuple[int, str, str]) -> None:
    assert problems(read(tmp_path, text)) == [told]


def test_a_wrong_cell_costs_its_row_nothing_but_that_cell(tmp_path: Path) -> None:
    table = read(tmp_path, "id,size\na,9\nb,2\n")
    assert table.rows == [{"line": 2, "id": "a"}, {"line": 3, "id": "b", "size": 2}]
    assert [row["id"] for row in table.with_cells("id")] == ["a", "b"]
    assert [row["id"] for row in table.with_cells("id", "size")] == ["b"]


def test_a_wrong_header_does_not_hide_wrong_cells(tmp_path: Path) -> None:
    table = read(tmp_path, "size,colour\n9,red\n")
    assert [(line, column) for line, column, _ in problems(table)] == [(1, "colour"), (1, "id"), (2, "size")]


def test_a_missing_file_is_a_problem_of_the_table(tmp_path: Path) -> None:
    table = read_table(tmp_path / "t.csv", COLUMNS)
    assert problems(table) == [(None, "", "no such file")]


def test_reading_stops_after_many_problems(tmp_path: Path) -> None:
    table = read(tmp_path, "id,size\n" + "a,9\n" * 1000)
    assert len(table.problems) == 201
    assert problems(table)[-1] == (202, "", "200 problems so far - the rest of the table is not read")
