"""A table lies in the scenario's folder; nothing leads out of it, however it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.scenario.told import changed, told
from tests.tiny import tiny, write

OUT = "leads out of the scenario's folder - expected a file inside it, such as sites.csv"
TABLES = "places.csv, products.csv, rates.csv, sites.csv"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../sites.csv", f"'../sites.csv' {OUT}"),
        ("tables/../../sites.csv", f"'tables/../../sites.csv' {OUT}"),
        ("/etc/passwd", f"'/etc/passwd' {OUT}"),
        ("~/sites.csv", f"no such file: '~/sites.csv' - expected one of {TABLES} (did you mean sites.csv?)"),
        ("site.csv", f"no such file: 'site.csv' - expected one of {TABLES} (did you mean sites.csv?)"),
        ("Sites.CSV", f"no such file: 'Sites.CSV' - expected one of {TABLES} (did you mean sites.csv?)"),
        ("tables", "'tables' is no file - expected a CSV table"),
        (".", "'.' is no file - expected a CSV table"),
        ("''", "'' is no file - expected a CSV table"),
        ('"a\\0b"', "'a\\x00b' - expected text without control characters"),
    ],
)
def test_a_path_that_is_no_table_is_told_at_its_key(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "tables").mkdir()
    line = changed(tmp_path, "scenario.yaml", "sites: sites.csv", f"sites: {name}")
    assert told(tmp_path)[0] == f"scenario.yaml:{line}: network.sites: {message}"


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    changed(tmp_path, "scenario.yaml", "sites: sites.csv", f"sites: {'x' * 5000}")
    assert "network.sites: no such file: 'xxx" in told(tmp_path)[0]
    assert len(told(tmp_path)[0]) < 300


def test_the_absolute_path_of_a_table_inside_is_refused_all_the_same(tmp_path: Path) -> None:
    # it would be wrong as soon as the folder is moved
    changed(tmp_path, "scenario.yaml", "sites: sites.csv", f"sites: {tmp_path / 'sites.csv'}")
    assert OUT in told(tmp_path)[0]


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    write(inside)
    (inside / "sites.csv").rename(tmp_path / "sites.csv")
    (inside / "sites.csv").symlink_to(tmp_path / "sites.csv")
    assert told(inside) == [f"scenario.yaml:9: network.sites: 'sites.csv' {OUT}"]


@pytest.mark.parametrize("target", ["nowhere.csv", "sites.csv"])
def test_a_link_that_leads_nowhere_is_told(tmp_path: Path, target: str) -> None:
    write(tmp_path)
    (tmp_path / "sites.csv").unlink()
    (tmp_path / "sites.csv").symlink_to(tmp_path / target)
    assert "network.sites: no such file: 'sites.csv'" in told(tmp_path)[0]


def test_a_table_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "sites.csv").unlink()
    os.mkfifo(tmp_path / "sites.csv")
    assert told(tmp_path) == ["scenario.yaml:9: network.sites: 'sites.csv' is no file - expected a CSV table"]


def test_a_folder_without_any_table_is_told_without_a_guess(tmp_path: Path) -> None:
    path = write(tmp_path)
    for table in tmp_path.glob("*.csv"):
        table.unlink()
    assert told(path)[0] == "scenario.yaml:9: network.sites: no such file: 'sites.csv'"


def test_a_table_may_lie_in_a_folder_within(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "sites.csv").rename(tmp_path / "tables" / "sites.csv")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(scenario.read_text().replace("sites: sites.csv", "sites: tables/sites.csv"))
    assert told(tmp_path) == []


def test_one_table_may_serve_two_services(tmp_path: Path) -> None:
    ground = tiny(tmp_path / "one").source.tree["carriers"]["services"]["ground"]
    ground = {**ground, "business_days": [1, 2, 3, 5], "dim_divisor": 139, "late": {"share": 0, "extra_days": {1: 1}}}
    two = tiny(tmp_path / "two", carriers__services={"ground": ground, "again": ground})
    assert [service.id for service in two.network.services] == ["ground", "again"]
