"""A quick part of the gate's trial; `fulfillsim benchmark gate` is the whole of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.routing.config import RoutingConfig
from sim.scenario.load import load
from sim.study.gate.faults import Policy
from sim.study.gate.margins import USUAL, read_margins
from sim.study.gate.run import Gate, Result, run_gate
from sim.study.gate.sides import Configured, InTree
from sim.study.gate.trial.change import Change, changed
from sim.study.gate.trial.faults import FAULTS
from sim.study.gate.trial.harmless import HARMLESS
from sim.study.gate.trial.run import SCENARIO, Tried

EVERY = (*FAULTS, *HARMLESS)


def judged(change: Change, folder: Path) -> Result:
    """Judge a change on a tenth of the orders."""
    scenario = load(SCENARIO).with_measured_days(1)
    sides = Configured("as it is", change.strategy), change.candidate(scenario, folder)
    return run_gate(Gate(sides, scenario, read_margins(USUAL), Policy(), first=10, at_most=10), workers=1)


def named(part: str) -> Change:
    (found,) = [change for change in EVERY if part in change.says]
    return found


def test_there_are_enough_of_each() -> None:
    assert len(FAULTS) >= 15
    assert len(HARMLESS) >= 10
    assert len({change.says for change in EVERY}) == len(EVERY)


@pytest.mark.parametrize("change", EVERY, ids=lambda change: change.says)
def test_each_change_still_fits_what_it_is_a_change_of(change: Change, tmp_path: Path) -> None:
    scenario = load(SCENARIO)
    side = change.candidate(scenario, tmp_path)
    if isinstance(side, InTree):
        for name, *_ in change.edits:
            file = tmp_path / "sim" / "routing" / name
            compile(file.read_text(encoding="utf-8"), name, "exec")
    else:
        assert change.strategy in RoutingConfig.model_validate(changed(scenario.routing, change.routing)).strategies
        assert changed(scenario.routing, change.routing) != scenario.routing


def test_a_fault_of_the_engine_fails_for_what_it_breaks(tmp_path: Path) -> None:
    change = named("own open promises forgotten")
    result = judged(change, tmp_path)
    assert result.verdict == "fail"
    assert "stock promised that it was told is not there" in Tried(change, result, 0.0).why


def test_a_fault_of_a_configuration_fails(tmp_path: Path) -> None:
    assert judged(named("stores left out"), tmp_path).verdict == "fail"


def test_what_is_written_otherwise_is_identical(tmp_path: Path) -> None:
    result = judged(named("times in other units"), tmp_path)
    assert (result.verdict, result.identical) == ("pass", True)
    assert {each.difference for each in result.judged} == {0.0}
