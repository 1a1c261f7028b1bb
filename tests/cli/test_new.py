"""`fulfillsim new`: a scenario of one's own that runs at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

FOUR = {"scenario.yaml", "sites.csv", "places.csv", "products.csv"}


def test_a_new_scenario_is_four_files_that_run_at_once(fulfillsim: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    assert f"fulfillsim check {mine}" in fulfillsim("new", mine).stdout
    assert {path.name for path in mine.iterdir()} == FOUR
    assert "8: 1 DC, 6 stores, 1 3PL" in fulfillsim("check", mine).stdout
    done = fulfillsim("compare", mine, "--replications", 2, "--days", 1, "--out", tmp_path / "out")
    assert "warehouses_only" in done.stdout


def test_any_shipped_scenario_can_be_begun_with(fulfillsim: Command, tmp_path: Path) -> None:
    fulfillsim("new", tmp_path / "shop", "--like", "small_business")
    assert "right" in fulfillsim("check", tmp_path / "shop").stdout


@pytest.mark.parametrize(
    ("arguments", "problem"), [(["mine"], "exists already"), (["other", "--like", "startr"], "did you mean starter")]
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(
    fulfillsim: Command, tmp_path: Path, arguments: list[str], problem: str
) -> None:
    (tmp_path / "mine").mkdir()
    done = fulfillsim("new", tmp_path / arguments[0], *arguments[1:], expect=2)
    assert problem in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert not list((tmp_path / "mine").iterdir())
