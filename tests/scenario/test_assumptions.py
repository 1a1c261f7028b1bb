"""What a scenario rests on: remarks beside its values, and values nobody gave."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.files import read_yaml
from sim.scenario.assumptions import Remark, at_defaults, remarks
from sim.scenario.load import load
from tests.tiny import tiny, write

TEXT = """\
# A head is no remark.
a: 5 % # [A] by hand
b:
  c: {d: 1, e: 2} # of both
  f: "no # remark"
  g: it's 4 # quoted not
  h: x#y
changes:
  other: {says: x} # [A] not in force
"""


def test_a_remark_belongs_to_the_outermost_value_on_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(TEXT)
    where = f"{tmp_path.name}/file.yaml"
    assert remarks(read_yaml(path)) == (
        Remark("a", "5 %", "by hand", True, f"{where}:2"),
        Remark("b.c", "{d: 1, e: 2}", "of both", False, f"{where}:4"),
        Remark("b.g", "it's 4", "quoted not", False, f"{where}:6"),
    )


def test_what_is_given_on_a_command_line_has_no_remark(tmp_path: Path) -> None:
    scenario = load(write(tmp_path), values={"demand.shoppers_per_day": 50}, said="--over")
    assert scenario.file.demand.shoppers_per_day == 50
    assert remarks(scenario.source) == ()


def test_a_derived_scenario_has_its_own_remarks_and_those_of_its_base() -> None:
    found = {remark.path: remark for remark in remarks(load("west_3pl").source)}
    assert found["demand.shoppers_per_day"].where.startswith("west_3pl/scenario.yaml:")
    assert found["network.packing_factor"].where.startswith("us_electronics/scenario.yaml:")


@pytest.mark.parametrize(
    ("path", "value"),
    [("replenishment", "rules"), ("returns", None), ("site_kinds.dc.stock.policy", "min_max"), ("goals", {})],
)
def test_a_value_nobody_gave_is_at_its_default(tmp_path: Path, path: str, value: object) -> None:
    assert at_defaults(tiny(tmp_path).file)[path] == value


def test_a_value_that_is_given_is_not_at_its_default_even_if_it_is_the_same(tmp_path: Path) -> None:
    assert "replenishment" not in at_defaults(tiny(tmp_path, replenishment="rules").file)
    assert "demand.shoppers_per_day" not in at_defaults(tiny(tmp_path).file)
