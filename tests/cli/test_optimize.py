"""`fulfillsim optimize` as a person runs it: what it prints and leaves, killed and gone on, by one worker or two."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sim.scenario.load import load
from tests.cli.conftest import ROOT, Command, rows

QUESTION = """\
minimise: cost_per_order
subject_to: {order_fill_rate: at least 50 %}
strategies: [nearest, cheapest]
sites: {where: {kinds: [dc]}, at_least: 1}
stock: {shares: {dc: 40 %..60 %, store: 40 %..60 %}, step: 10 %}
search: {runs: 8, replications: 2}
final: {finalists: 1, runs: 20, proof: 2}
"""
LOOKS = 3000


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "question.yaml"
    path.write_text(QUESTION, encoding="utf-8")
    return path


def kept(out: Path) -> dict[str, int]:
    """Return the runs that are kept, none that is being written, each with the moment it was."""
    return {path.parent.name: path.stat().st_mtime_ns for path in out.glob(".kept/*/[!.]*/sums.npz")}


def test_a_search_that_is_killed_goes_on_and_ends_as_one_by_another_number_of_workers(
    fulfillsim: Command, tiny_scenario: Path, question: Path, tmp_path: Path
) -> None:
    out, whole = tmp_path / "out", tmp_path / "whole"
    arguments = ["optimize", tiny_scenario, question, "--days", 1, "--json"]
    command = [sys.executable, "-m", "sim", *map(str, [*arguments, "--workers", 1, "--out", out])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        for _ in range(LOOKS):
            if len(kept(out)) >= 5:
                break
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
    before = kept(out)
    assert killed.returncode == -signal.SIGKILL
    assert 5 <= len(before) < 32

    done = fulfillsim(*arguments, "--workers", 1, "--out", out)
    resumed = json.loads(done.stdout)
    assert {key: kept(out)[key] for key in before} == before
    at_once = json.loads(fulfillsim(*arguments, "--workers", 2, "--out", whole).stdout)
    assert {**resumed, "run_dir": ""} == {**at_once, "run_dir": ""}
    assert kept(out).keys() == kept(whole).keys()
    assert len(kept(whole)) <= 8 + 20 + 2 * 2
    _left_behind(Path(at_once["run_dir"]), at_once["winner"], done.stderr)
    _is_the_candidate(tiny_scenario, Path(at_once["run_dir"]), at_once)


def _left_behind(folder: Path, winner: str, told: str) -> None:
    """Hold the files of a run to what they are said to be."""
    assert "is best, or within 0.05 USD of the best" in told or "Cannot tell between" in told
    assert "surely met" in told
    assert (folder / "figures" / "optimize.png").stat().st_size > 5_000
    with (folder / "optimize.csv").open(newline="") as file:
        found = list(csv.DictReader(file))
    assert {row["stage"] for row in found} == {"search", "final", "proof"}
    assert {row["candidate"] for row in found if row["stage"] == "proof"} == {"as it stands", winner}
    table = rows(f"SELECT candidate, stage, mean FROM '{folder / 'candidates.parquet'}' WHERE kpi = 'cost_per_order'")
    assert table == [
        (row["candidate"], row["stage"], float(row["mean"])) for row in found if row["kpi"] == "cost_per_order"
    ]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["optimize"]["search"] == {"runs": 8, "replications": 2}
    assert manifest["strategies"][0] == "base/nearest"


def _is_the_candidate(scenario: Path, folder: Path, found: dict[str, Any]) -> None:
    """Hold the change that is written to the candidate that won."""
    (winner,) = [each for each in found["search"] if each["candidate"] == found["winner"]]
    changed = load(scenario, [str(folder / f"{winner['candidate']}.yaml")])
    assert changed.digest == load(scenario, values=winner["values"]).digest != load(scenario).digest
    assert winner["values"]["stock_total"]["units"] == changed.units_stocked == load(scenario).units_stocked


def test_what_is_wrong_is_told_with_file_and_line_and_nothing_is_written(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    path = tmp_path / "question.yaml"
    path.write_text(QUESTION.replace("cost_per_order", "cost_per_oder").replace("40 %..60 %", "40 %", 1))
    out = tmp_path / "out"
    done = fulfillsim("optimize", tiny_scenario, path, "--out", out, expect=2)
    assert f"{path}:1: minimise" in done.stderr
    assert "did you mean cost_per_order?" in done.stderr
    assert not out.exists()


def test_a_change_in_a_file_that_is_wrong_is_told_at_its_line(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    path = tmp_path / "better.yaml"
    path.write_text("says: Better\nset:\n  site_kinds.store.pickers: 0\n")
    done = fulfillsim("compare", tiny_scenario, "--with", path, "--out", tmp_path / "out", expect=2)
    assert f"{path}:3: site_kinds.store.pickers: 0 - expected at least 1" in done.stderr
