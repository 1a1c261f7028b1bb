"""`fulfillsim gate` as a person and a CI system run it: verdicts, exit codes, files."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.cli.conftest import Command

QUICK = ("--replications", 10, "--at-most", 10, "--days", 1, "--workers", 1)


@pytest.fixture
def margins(tmp_path: Path) -> Path:
    path = tmp_path / "margins.yaml"
    path.write_text("guards:\n  cost_per_order: at most 0.05 USD higher\n  turned_away_rate: at most 99 pp higher\n")
    return path


def test_what_is_identical_passes_and_every_form_says_so(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path, margins: Path
) -> None:
    out = tmp_path / "out"
    files = "--markdown", out / "gate.md", "--junit", out / "gate.xml", "--json", "--out", out
    where = "--scenario", tiny_scenario, "--margins", margins
    done = fulfillsim("gate", "cheapest", "cheapest", *where, *QUICK, *files)
    found = json.loads(done.stdout)
    assert found["verdict"] == "pass"
    (scenario,) = found["scenarios"]
    assert scenario["identical"]
    assert {each["difference"] for each in scenario["margins"]} == {0.0}
    assert scenario["judged"]["baseline"] == scenario["judged"]["candidate"]
    assert len(scenario["judged"]["candidate"]["code"]) == 64
    assert "pass: cheapest against cheapest, identical" in done.stderr
    assert "exactly 0.0" in (out / "gate.md").read_text()
    suite = Xml.fromstring((out / "gate.xml").read_text()).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("4", "0")


def test_what_is_dearer_fails_with_exit_code_1_and_is_judged_in_every_scenario(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path, margins: Path
) -> None:
    where = "--scenario", tiny_scenario, "--scenario", tiny_scenario, "--margins", margins, "--out", tmp_path
    junit = tmp_path / "gate.xml"
    done = fulfillsim("gate", "cheapest", "nearest", *where, *QUICK, "--junit", junit, expect=1)
    assert "fail: nearest against cheapest" in done.stdout
    failures = [case.get("name") for case in Xml.parse(junit).iter("testcase") if case.find("failure") is not None]
    assert failures == ["cost_per_order, +0.05 USD"] * 2


def test_what_nobody_can_tell_is_undecided_with_exit_code_3(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    margins = tmp_path / "margins.yaml"
    margins.write_text("guards: {delivery_hours_mean: at most 0 h higher}\n")
    where = "--scenario", tiny_scenario, "--margins", margins, "--out", tmp_path
    done = fulfillsim("gate", "cheapest", "balanced", *where, *QUICK, expect=3)
    assert "undecided: balanced against cheapest" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("cheapest", "cheepest"), "did you mean cheapest"),
        (("cheapest", "http://127.0.0.1:9"), "nobody answers"),
        (("cheapest", "nearest", "--replications", 2), "expected at least 10"),
        (("cheapest", "nearest", "--on-fault", "shrug"), "--on-fault"),
        (("cheapest", "nearest", "--answer-within", "5"), "--answer-within"),
        (("cheapest", "nearest", "--margins", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_wrong_input_is_refused_with_exit_code_2_and_nothing_is_written(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path, arguments: tuple[object, ...], told: str
) -> None:
    out = tmp_path / "out"
    done = fulfillsim("gate", *arguments, "--scenario", tiny_scenario, "--out", out, expect=2)
    assert told in done.stderr
    assert not out.exists()


def test_the_margins_to_begin_with_are_printed(fulfillsim: Command) -> None:
    assert fulfillsim("gate", "--print-margins").stdout.startswith("# How much worse")
