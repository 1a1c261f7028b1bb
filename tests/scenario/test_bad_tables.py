"""A wrong table is told with its file, line and column, all its problems at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.scenario.told import changed, told
from tests.tiny import TABLES, write

SITE = "id, kind, lat, lon, name, state, time_zone, walk_in_size"

# the file, what stands in it, what is written instead, what is told at the first line that is different
ONE_CELL = [
    # the header
    ("sites.csv", "lat,", "latt,", f"latt: unknown column 'latt' - expected one of {SITE} (did you mean lat?)"),
    ("sites.csv", "walk_in_size", "size", f"size: unknown column 'size' - expected one of {SITE}"),
    ("sites.csv", "id,name", "id,id", "id: the column stands twice"),
    ("sites.csv", "id,", ",", f"'': unknown column '' - expected one of {SITE}"),
    ("sites.csv", "id,name,kind,state,lat,lon,time_zone,walk_in_size", "id;name;kind",
     "cells parted by semicolons - expected commas"),
    ("sites.csv", "id,name,kind,state,lat,lon,time_zone,walk_in_size", "id\tname\tkind",
     "cells parted by tabs - expected commas"),
    ("rates.csv", "zone_4", "zone_5", "zone_5: unknown column 'zone_5' - expected one of max_lb, zone_1, zone_2, "
     "zone_3, zone_4 (did you mean zone_4?)"),
    # names
    ("sites.csv", "Reno,dc", "Reno,warehouse", "kind: 'warehouse' - expected one of dc, store, third_party, vendor"),
    ("sites.csv", "Reno,dc", "Reno,stor", "kind: 'stor' - expected one of dc, store, third_party, vendor "
     "(did you mean store?)"),
    ("sites.csv", "Reno,dc", "Reno,third_party", "kind: has no block in site_kinds: 'third_party' - expected one of "
     "dc, store"),
    ("sites.csv", "America/Los_Angeles", "America/Los_Angles", "time_zone: 'America/Los_Angles' - expected an IANA "
     "time zone such as America/New_York (did you mean America/Los_Angeles?)"),
    ("sites.csv", "dc_west", "dc_east", "id: dc_east stands already in line 2"),
    ("places.csv", "606", "021", "id: 021 stands already in line 2"),
    ("products.csv", "Cable", "", "name: empty cell - expected text"),
    ("products.csv", "Cable", "C" * 201, "name: 201 characters - expected at most 200"),
    ("products.csv", "Cable", "Ca\x07ble", "name: 'Ca\\x07ble' - expected text on one line"),
    ("products.csv", "Cable", '"Ca\nble"', "name: 'Ca\\nble' - expected text on one line"),
    # numbers
    ("products.csv", "0.1,15", "nan,15", "weight_kg: 'nan' - expected a number"),
    ("products.csv", "0.1,15", "inf,15", "weight_kg: 'inf' - expected a number"),
    ("products.csv", "0.1,15", "-Infinity,15", "weight_kg: '-Infinity' - expected a number"),
    ("products.csv", "0.1,15", ",15", "weight_kg: empty cell - expected a number"),
    ("products.csv", "0.1,15", "0,15", "weight_kg: '0' - expected a number above 0"),
    ("products.csv", "0.1,15", "1e300,15", "weight_kg: '1e300' - expected a number of at most 10,000"),
    ("products.csv", "0.1,15", "100 g,15", "weight_kg: '100 g' - expected a number"),
    ("products.csv", "0.1,15", '"0,1",15', "weight_kg: '0,1' - expected a number (a full stop before decimals, no "
     "other commas)"),
    ("products.csv", "0.1,15", "1_0,15", "weight_kg: '1_0' - expected a number"),
    ("products.csv", "0.1,15", "\u0661,15", "weight_kg: '\u0661' - expected a number"),
    ("products.csv", "12,7,0.5", "-12,7,0.5", "price_usd: '-12' - expected a number of at least 0"),
    ("products.csv", "12,7,0.5", "12,7,-0.5", "popularity: '-0.5' - expected a number of at least 0"),
    ("places.csv", ",600", ",-600", "population: '-600' - expected a whole number of at least 0"),
    ("places.csv", ",600", ",600.5", "population: '600.5' - expected a whole number of at least 0"),
    ("places.csv", ",600", ",\u00b2", "population: '\u00b2' - expected a whole number of at least 0"),
    ("places.csv", ",600", f",{10**11}", "population: '100000000000' - expected at most 10,000,000,000"),
    ("sites.csv", "40.6", "140.6", "lat: '140.6' - expected a number of at most 90"),
    # the map
    ("sites.csv", "40.6,-75.47", "-75.47,40.6", "lat: dc_east lies outside its network: 15,134 km from the nearest "
     "place - expected at most 1,500 km"),
    # rates
    ("rates.csv", "\n5,", "\n1,", "max_lb: 1 - expected more than the 1 above"),
    ("rates.csv", "5,8,10", "5,6,10", "zone_1: 6 - expected no less than the 7 of the lighter step above"),
    ("rates.csv", "5,8,10", "5,0,10", "zone_1: '0' - expected a number above 0"),
    ("rates.csv", "\n1,7", "\n0,7", "max_lb: '0' - expected a number of at least 0.001"),
    # rows
    ("sites.csv", ",walk_in_size\n", ",walk_in_size\ndc_north,Fargo\n", "2 cells - expected 8, as in the header"),
    ("sites.csv", "Allentown,", '"Allentown,', "not valid CSV: a quotation mark that is never closed"),
    ("sites.csv", "Allentown,", '"Allen"town,', "not valid CSV: ',' expected after '\"'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), ONE_CELL)
def test_a_wrong_cell_is_told_at_its_line(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    line = changed(tmp_path, name, old, new)
    assert f"{name}:{line}: {message}" in told(tmp_path)


def test_a_missing_column_is_told_by_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"sites.csv": [row[:-1] for row in TABLES["sites.csv"]]})
    assert told(tmp_path) == ["sites.csv:1: walk_in_size: missing column - it is required"]


def test_a_misspelt_column_is_not_missing_as_well(tmp_path: Path) -> None:
    changed(tmp_path, "sites.csv", "lat,", "latitude,")
    assert len(told(tmp_path)) == 1


def test_one_zone_too_few_is_told_as_a_missing_column(tmp_path: Path) -> None:
    write(tmp_path, {"rates.csv": [row[:-1] for row in TABLES["rates.csv"]]})
    assert told(tmp_path) == ["rates.csv:1: zone_4: missing column - it is required"]


def test_one_zone_too_many_is_told_as_an_unknown_column(tmp_path: Path) -> None:
    write(tmp_path, {"rates.csv": [[*row, 99 if row[0] != "max_lb" else "zone_5"] for row in TABLES["rates.csv"]]})
    assert told(tmp_path) == [
        "rates.csv:1: zone_5: unknown column 'zone_5' - expected one of max_lb, zone_1, zone_2, zone_3, zone_4"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "   \n", ",,,\n"])
def test_an_empty_table_is_told(tmp_path: Path, text: str) -> None:
    write(tmp_path)
    (tmp_path / "sites.csv").write_text(text)
    assert told(tmp_path) == ["sites.csv: the file is empty - expected a header row"]


def test_a_table_of_a_header_only_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"places.csv": TABLES["places.csv"][:1]})
    assert told(tmp_path) == ["places.csv: no rows below the header - expected at least one"]


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("places.csv", "population", "nobody lives anywhere - expected some place with people"),
        ("products.csv", "popularity", "nothing is ever wanted - expected some product that is"),
    ],
)
def test_a_column_of_zeros_is_told(tmp_path: Path, name: str, column: str, message: str) -> None:
    header, *rows = TABLES[name]
    write(tmp_path, {name: [header, *([*row[:-1], 0] for row in rows)]})
    assert told(tmp_path) == [f"{name}:2: {column}: {message}"]


def test_a_kind_without_a_block_is_told_once_however_many_sites_are_of_it(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text()
    path.write_text(text[: text.index("  store:\n")] + text[text.index("demand:\n") :])
    assert told(tmp_path) == ["sites.csv:4: kind: has no block in site_kinds: 'store' - expected one of dc"]


def test_everything_wrong_with_a_table_is_told_at_once(tmp_path: Path) -> None:
    header, east, west, boston, oakland = ([*row] for row in TABLES["sites.csv"])
    east[4], west[2], boston[0], oakland[5] = "north", "dcc", "dc_east", "far"
    write(tmp_path, {"sites.csv": [header, east, west, boston, oakland]})
    assert [line.split(" - ")[0] for line in told(tmp_path)] == [
        "sites.csv:2: lat: 'north'",
        "sites.csv:3: kind: 'dcc'",
        "sites.csv:4: id: dc_east stands already in line 2",
        "sites.csv:5: lon: 'far'",
    ]


def test_a_flood_of_wrong_cells_is_told_in_part(tmp_path: Path) -> None:
    header, *rows = TABLES["places.csv"]
    write(tmp_path, {"places.csv": [header, *([f"p{k}", *rows[0][1:-1], "many"] for k in range(1000))]})
    lines = told(tmp_path)
    assert len(lines) == 201
    assert lines[-1] == "places.csv:202: 200 problems so far - the rest of the table is not read"


def test_a_table_that_is_not_utf_8_is_told_at_its_line(tmp_path: Path) -> None:
    write(tmp_path)
    path = tmp_path / "places.csv"
    path.write_bytes(path.read_bytes().replace(b"Chicago,", b"Chicag\xf3,"))
    assert told(tmp_path) == ["places.csv:3: not UTF-8 text: byte 0xf3 - expected a file saved as UTF-8"]


def test_a_file_that_is_no_table_at_all_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    shutil.copy(tmp_path / "scenario.yaml", tmp_path / "sites.csv")
    assert told(tmp_path)[0] == (f"sites.csv:1: 'title: Tiny': unknown column 'title: Tiny' - expected one of {SITE}")
