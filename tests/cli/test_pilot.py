"""`fulfillsim pilot` from its template to what it writes, and `pilot-read` on what it wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import FulfillSimError
from sim.files import write_yaml
from tests.study.pilot.chain import PLAN, chain

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plan_is_printed_to_be_changed() -> None:
    done = CliRunner().invoke(app, ["pilot", "--template"])
    assert done.exit_code == 0
    assert "begins: sends" in done.output


def test_without_a_plan_it_says_what_it_needs() -> None:
    done = CliRunner().invoke(app, ["pilot", "small_business"])
    assert isinstance(done.exception, FulfillSimError)
    assert "--treatment CHANGE --plan pilot.yaml" in str(done.exception)


def test_a_pilot_is_sized_written_resumed_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, out = tmp_path / "pilot.yaml", tmp_path / "results"
    small = {**PLAN, "weeks": {"before": 2, "settle": 0, "after": [1]}, "designs": ["change"], "laid": 10}
    write_yaml(plan, small)
    path = chain(tmp_path / "chain")
    command = ["pilot", str(path), "--treatment", "all_send", "--plan", str(plan), "--out", str(out), "--json"]
    first = CliRunner().invoke(app, [*command, "--workers", "1"])
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout.splitlines()[-1])
    (folder,) = out.glob("chain/*")
    assert {file.name for file in folder.iterdir()} == {
        "pilot.html", "pilot.md", "pilot.json", "registered.yaml", "manifest.json", "figures",
    }  # fmt: skip

    def nobody(*_: object) -> None:
        raise AssertionError("a world was run again")

    monkeypatch.setattr("sim.study.pilot.worlds.lived", nobody)
    again = json.loads(CliRunner().invoke(app, [*command, "--workers", "1"]).stdout.splitlines()[-1])
    assert {**again, "run_dir": ""} == {**told, "run_dir": ""}

    registered = YAML(typ="safe").load(folder / "registered.yaml")
    rng, data = np.random.default_rng(1), tmp_path / "data.csv"
    rows = [
        f"{name},{week},{20 - 5 * any(a <= week <= b for a, b in unit['treated']) + rng.normal(0, 0.1):.3f}"
        for name, unit in registered["units"].items()
        for week in (1, 2, 3)
    ]
    data.write_text("\n".join(["store,week,value", *rows]) + "\n")
    read = CliRunner().invoke(app, ["pilot-read", str(data), "--plan", str(folder / "registered.yaml"), "--json"])
    assert read.exit_code == 0, read.output
    found = json.loads(read.stdout.splitlines()[-1])
    assert found["effect"] == pytest.approx(-5, abs=0.3)
    assert found["found"]


def test_a_failed_run_leaves_no_folder(tmp_path: Path) -> None:
    plan, out = tmp_path / "pilot.yaml", tmp_path / "results"
    write_yaml(plan, {**PLAN, "stores": {"of": {"kinds": ["stor"]}}})
    command = ["pilot", str(chain(tmp_path / "chain")), "--treatment", "all_send", "--plan", str(plan)]
    done = CliRunner().invoke(app, [*command, "--out", str(out)])
    assert isinstance(done.exception, FulfillSimError)
    assert "stores.of.kinds[0]: 'stor' - expected one of" in str(done.exception)
    assert not out.exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        # the cases of tests/study/pilot/test_power.py and test_wedge.py, with their sources there
        ("--effect 1 --variance 5 --icc 0.1 --size 10 --treated 16", ["power 0.801766", "16 stores an arm (15.9328)"]),
        ("--effect 0.1 --shares 0.1,0.2 --icc 0.05 --size 150 --treated 13 --law normal",
         ["power 0.8595", "13 stores an arm (12.0938)"]),
        ("--effect 0.48 --variance 1 --icc 0.05 --size 150 --change 0.3,0.7", ["7 stores an arm (6.15435)"]),
        ("--effect 0.1 --variance 0.168 --icc 0.047619047619 --size 20 --wedge 0111,0011,0001 --treated 3",
         ["variance of the effect 0.00285714285", "9 stores, 4 periods"]),
        # of each sequence the period of its start is not measured: by generalised least squares, see test_wedge.py
        ("--effect 0.1 --variance 0.168 --icc 0.047619047619 --size 20 --wedge 0.11,00.1,000. --treated 3",
         ["variance of the effect 0.00746666666"]),
    ],
)  # fmt: skip
def test_power_by_formula_on_the_command_line(asked: str, said: list[str]) -> None:
    done = CliRunner().invoke(app, ["power", *asked.split()])
    assert done.exit_code == 0, done.output
    for text in said:
        assert text in done.output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("--effect 1", "expected one of the two: --variance, or --shares"),
        ("--effect 1 --variance 1 --change 0.3", "'0.3' - expected two numbers from 0 to 1"),
        ("--effect 1 --variance 1 --wedge 01,00", "2 stores - expected at least 3: more rows, or --treated in each"),
        ("--effect 1 --variance 1 --wedge 01,00 --control 9", "--control beside --wedge - expected one or the other"),
        ("--effect 1 --variance 1 --change 0,0 --adjusted 0,0", "--change and --adjusted - expected one of the two"),
        ("--effect 1 --variance 1 --control 9", "--control without --treated - expected how many"),
        ("--effect 1 --variance 1 --law normal", "--law normal without --treated - expected how many"),
        ("--effect 1 --variance 1 --wedge 01,001", "--wedge '01,001' - expected rows of 0 and 1 of equal length"),
        (
            "--effect 1 --variance 1 --treated 7 --law normal",
            "law: normal with 7 clusters in an arm - expected at least 8",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(asked: str, said: str) -> None:
    done = CliRunner().invoke(app, ["power", *asked.split()])
    assert isinstance(done.exception, FulfillSimError)
    assert said in str(done.exception)
