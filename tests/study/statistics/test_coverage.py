"""Our intervals cover a known truth about as often as they promise; what is too narrow is found out."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.study.statistics import coverage
from sim.study.statistics.estimate import Estimate


@pytest.mark.parametrize("what", coverage.METHODS)
def test_95_of_100_intervals_cover_the_truth(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "METHODS", {what: coverage.METHODS[what]})
    (cell,) = coverage.coverage(trials=400, seed=3, replications=[10])
    # 92 % would be found as 400 trials have it: 0.92 - 3 sqrt(0.92 * 0.08 / 400) = 0.88
    assert 0.88 < cell.found < 0.98


def test_intervals_half_as_wide_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Estimate.interval
    monkeypatch.setattr(Estimate, "interval", lambda self: whole(self, 0.67))  # t: about half of the 95 % width
    (cell,) = [c for c in coverage.coverage(300, 3, [10]) if c.what == "mean"]
    assert cell.found < 0.75


def test_a_sequential_rule_covers_nearly_as_often() -> None:
    assert 0.85 < coverage.sequential(trials=80, seed=2).found <= 1


def test_the_best_is_selected_as_often_as_promised() -> None:
    cell = coverage.selection(trials=150, seed=2)
    assert cell.found >= 0.95 - 3 * (0.95 * 0.05 / 150) ** 0.5


def test_the_table_is_printed_and_told_as_json() -> None:
    done = CliRunner().invoke(app, ["benchmark", "coverage", "--trials", "20", "--json"])
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["trials"] == 20
    assert {cell["what"] for cell in found["cells"]} >= set(coverage.METHODS)
