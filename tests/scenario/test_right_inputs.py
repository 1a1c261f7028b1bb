"""Natural ways to write a scenario that must work: the traps of YAML and of spreadsheets are none here."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.load import Scenario, load
from tests.scenario.told import changed
from tests.tiny import TABLES, tiny, write


def loaded(folder: Path, old: str, new: str, name: str = "scenario.yaml") -> Scenario:
    changed(folder, name, old, new)
    return load(folder)


@pytest.mark.parametrize("text", ["16:30", "'16:30'", '"16:30"'])
def test_a_time_of_day_needs_no_quotes(tmp_path: Path, text: str) -> None:
    # YAML 1.1 reads 16:30 as 990
    assert loaded(tmp_path, "pick_up: 18:00", f"pick_up: {text}").network.sites[0].pick_up_at == time(16, 30)


@pytest.mark.parametrize("text", ["2026-03-01", "'2026-03-01'"])
def test_a_date_needs_no_quotes(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, "start: '2026-02-02'", f"start: {text}").network.clock.start == date(2026, 3, 1)


@pytest.mark.parametrize("word", ["no", "NO", "yes", "on", "off", "y", "N"])
def test_the_words_that_mean_true_and_false_elsewhere_are_text(tmp_path: Path, word: str) -> None:
    scenario = loaded(tmp_path, "    nearest:\n", f"    {word}:\n")
    assert next(iter(scenario.routing["strategies"])) == word


def test_norway_is_a_state(tmp_path: Path) -> None:
    assert loaded(tmp_path, "Boston,MA", "Boston,NO", "places.csv").network.places[0].state == "NO"


def test_leading_zeros_of_an_id_stay(tmp_path: Path) -> None:
    assert tiny(tmp_path).network.places[0].id == "021"


@pytest.mark.parametrize("name", ["scenario.yaml", "sites.csv", "rates.csv"])
@pytest.mark.parametrize("end", [b"\r\n", b"\r"])
def test_every_kind_of_line_end_is_one(tmp_path: Path, name: str, end: bytes) -> None:
    expected = tiny(tmp_path).network
    path = tmp_path / name
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end))
    assert load(tmp_path).network.sites == expected.sites


@pytest.mark.parametrize("name", ["scenario.yaml", "sites.csv"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load(tmp_path).network.sites) == 4


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Allentown, PA"', "Allentown, PA"),
        ('"The ""Hub"""', 'The "Hub"'),
        ("  Allentown  ", "Allentown"),
        ("Zürich", "Zürich"),
        ("東京", "東京"),
        ("Allen'town", "Allen'town"),
        ("#1", "#1"),
    ],
)
def test_a_name_may_be_what_it_is(tmp_path: Path, written: str, name: str) -> None:
    assert loaded(tmp_path, "Allentown", written, "sites.csv").network.sites[0].name == name


def test_the_order_of_columns_and_empty_lines_do_not_matter(tmp_path: Path) -> None:
    expected = tiny(tmp_path / "one").network.products
    rows = [list(reversed(row)) for row in TABLES["products.csv"]]
    assert tiny(tmp_path / "two", {"products.csv": [rows[0], [], *rows[1:], []]}).network.products == expected


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("90 min", 90), ("90min", 90), ("1.5 h", 90), ("1.5h", 90), (".5 day", 720), ("2 Hours", 120), ("1 hour", 60),
        ("90 minutes", 90), ("1 week", 10080), ("+3 MIN", 3), ("1. h", 60), ("'90 s'", 1.5),
    ],
)  # fmt: skip
def test_a_span_may_be_written_as_people_do(tmp_path: Path, written: str, minutes: float) -> None:
    assert loaded(tmp_path, "lead: 2 h", f"lead: {written}").network.sites[0].lead_min == minutes


@pytest.mark.parametrize("written", ["09:00-21:00", "9:00-21:00", "'09:00 - 21:00'"])
def test_opening_hours_may_be_written_as_people_do(tmp_path: Path, written: str) -> None:
    hours = loaded(tmp_path, "mon: 00:00-24:00", f"mon: {written}").network.sites[0].hours
    assert hours.week[0] == (time(9), time(21))


def test_a_block_may_be_written_once_and_used_twice(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text()
    store = text[text.index("  store:\n") : text.index("demand:\n")]
    path.write_text(text.replace("  dc:\n", "  dc: &site\n").replace(store, "  store: *site\n"))
    assert load(tmp_path).resolved() == tiny(tmp_path / "long").resolved()


def test_a_block_may_be_merged_into_another_that_keeps_its_own_keys(tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text()
    store = text[text.index("  store:\n") : text.index("demand:\n")]
    path.write_text(
        text.replace("  dc:\n", "  dc: &site\n").replace(store, "  store:\n    <<: *site\n    pickers: 7\n")
    )
    kinds = load(tmp_path).file.site_kinds
    assert [(kind.value, block.pickers) for kind, block in kinds.items()] == [("dc", 2), ("store", 7)]


@pytest.mark.parametrize(
    "changes",
    [
        {"walk_ins": None},
        {"walk_ins": ...},
        {"question": "Why?"},
        {"site_kinds__dc__pick_time": {"law": "lognormal", "mean": "4 min", "cv": 0}},
        {"site_kinds__dc__reach": None},
        {"demand__shoppers_per_day": 1e-3},
        {"demand__hours": [*[0] * 23, 0.5]},
        {"carriers__services__ground__discount": 0.35},
        {"clock__warm_up": "0 days"},
    ],
)
def test_what_is_allowed_is_accepted(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert tiny(tmp_path, **changes).name == tmp_path.name
