"""A study that is killed goes on from where it was, and ends in the same numbers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Command
from tests.tiny import write

LOOKS = 3_000


def kept(out: Path) -> dict[str, int]:
    """Return the runs that are kept, none that is being written, each with the moment it was."""
    return {path.parent.name: path.stat().st_mtime_ns for path in out.glob(".kept/*/[!.]*/sums.npz")}


@pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGINT])
def test_a_study_that_is_killed_loses_no_run_and_makes_none_twice(
    fulfillsim: Command, tmp_path: Path, deadly: signal.Signals
) -> None:
    scenario, out, whole = write(tmp_path / "tiny").parent, tmp_path / "out", tmp_path / "whole"
    arguments = [
        "compare",
        scenario,
        "--strategies",
        "nearest,cheapest",
        "--replications",
        12,
        "--workers",
        1,
        "--json",
    ]
    command = [sys.executable, "-m", "sim", *map(str, [*arguments, "--out", out])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        for _ in range(LOOKS):
            if len(kept(out)) >= 3:
                break
            time.sleep(0.02)
        killed.send_signal(deadly)
    before = kept(out)
    assert killed.returncode != 0
    assert 3 <= len(before) < 24

    resumed = json.loads(fulfillsim(*arguments, "--out", out).stdout)
    assert {key: kept(out)[key] for key in before} == before
    assert len(kept(out)) == 24
    at_once = json.loads(fulfillsim(*arguments, "--out", whole).stdout)
    assert {**resumed, "run_dir": ""} == {**at_once, "run_dir": ""}


def test_two_processes_on_the_same_study_end_in_the_same_numbers(tmp_path: Path) -> None:
    scenario, out = write(tmp_path / "tiny").parent, tmp_path / "out"
    command = [sys.executable, "-m", "sim", "compare", str(scenario), "--replications", "3", "--workers", "1",
               "--out", str(out), "--json"]  # fmt: skip
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(2)]
    first, second = [json.loads(each.communicate()[0]) for each in both]
    assert first["run_dir"] != second["run_dir"]
    assert {**first, "run_dir": ""} == {**second, "run_dir": ""}


def test_replications_are_added_until_a_difference_is_known(fulfillsim: Command, tmp_path: Path) -> None:
    scenario, out = write(tmp_path / "tiny").parent, tmp_path / "out"
    asked = ["compare", scenario, "--strategies", "nearest,cheapest", "--until", "cost_per_order=50USD", "--out", out]
    done = fulfillsim(*asked)
    assert "stopped after 15 replications, known: cost per order to 50 USD" in done.stdout
    (manifest,) = out.glob("tiny/*/manifest.json")
    assert json.loads(manifest.read_text())["until"]["reached"]
    never = fulfillsim(*asked[:-3], "cost_per_order=0.0001USD", "--at-most", 16, "--out", out)
    assert "not yet known after 16 replications, the most allowed" in never.stdout


def test_a_precision_that_cannot_be_read_writes_nothing(fulfillsim: Command, tmp_path: Path) -> None:
    scenario, out = write(tmp_path / "tiny").parent, tmp_path / "out"
    done = fulfillsim("compare", scenario, "--until", "cost_per_order=5", "--out", out, expect=2)
    assert "expected cost_per_order=0.05USD" in done.stderr
    assert not out.exists()
