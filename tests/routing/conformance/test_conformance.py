from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING

import pytest

from tests.routing.conformance.__main__ import main
from tests.routing.conformance.answer import answer
from tests.routing.conformance.case import Case
from tests.routing.conformance.families import FAMILIES
from tests.routing.conformance.judge import faults
from tests.routing.conformance.table import cases

if TYPE_CHECKING:
    from pathlib import Path

TABLE = cases()
LEFT_OPEN = [case for case in TABLE if case.raw["unfilled"] and case.raw["kind"] == "allocation"]


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.raw["id"])
def test_the_engine_decides_as_the_peer_or_its_published_rule_does(case: Case) -> None:
    assert faults(case, answer(case)) == []


@pytest.mark.parametrize("case", LEFT_OPEN, ids=lambda case: case.raw["id"])
def test_the_judge_notices_a_unit_too_many(case: Case) -> None:
    wrong = copy.deepcopy(case.raw)
    wrong["unfilled"][0]["qty"] += 1
    assert len(faults(Case(wrong), answer(Case(wrong)))) == 1


def test_every_family_of_rules_has_a_case() -> None:
    assert set(FAMILIES) - {case.raw["strategy"] for case in TABLE} == set()


def test_the_command_prints_the_pass_rate_by_provenance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = copy.deepcopy(TABLE[0].raw), copy.deepcopy(TABLE[1].raw)
    wrong["expected"][0]["qty"] += 1
    (tmp_path / "cases.json").write_text(json.dumps([right, wrong]), encoding="utf-8")
    assert main(str(tmp_path / "cases.json")) == 1
    assert "peer_test     1 of    2 pass   50.0 %" in capsys.readouterr().out


def test_the_command_goes_on_after_a_case_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = {**TABLE[0].raw, "strategy": "nobody_knows"}
    (tmp_path / "cases.json").write_text(json.dumps([broken, TABLE[1].raw]), encoding="utf-8")
    main(str(tmp_path / "cases.json"))
    assert "KeyError: 'nobody_knows'" in capsys.readouterr().out
