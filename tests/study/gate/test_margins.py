"""The file of margins: what it may say, and what it is told when it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.study.gate.margins import USUAL, read_margins


def margins(folder: Path, text: str) -> Path:
    path = folder / "margins.yaml"
    path.write_text(text)
    return path


def test_the_margins_that_come_along_can_be_read_and_guard_both_directions_of_splits() -> None:
    found = read_margins(USUAL)
    assert not found.claims
    assert [(each.side, each.amount) for each in found.guards if each.kpi.name == "split_rate"] == [
        ("higher", 0.01),
        ("lower", 0.01),
    ]
    assert len(found.digest) == 64


def test_more_is_worse_once_a_difference_is_turned(tmp_path: Path) -> None:
    text = "guards: {cost_per_order: at most 0.10 USD higher, order_fill_rate: at most 0.5 pp lower}\n"
    text += "claims: {delivery_hours_mean: at least 2 h lower, order_fill_rate: at least 0 pp higher}\n"
    found = read_margins(margins(tmp_path, text))
    turned = [(each.sign, each.limit) for each in (*found.guards, *found.claims)]
    assert turned == [(1, 0.10), (-1, 0.005), (1, -2.0), (-1, 0.0)]
    assert [each.briefly() for each in found.claims] == ["-2 h", "+0 pp"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("cost_per_ordr: at most 1 USD higher", "did you mean cost_per_order"),
        ("cost_per_order: at most 1 USD lower", "lower is not a change for the worse"),
        ("cost_per_order: at most 1 h higher", "expected at most 0.05USD higher"),
        ("cost_per_order: at most -1 USD higher", "expected at most 0.05USD higher"),
        ("cost_per_order: 1 USD", "expected at most 0.05USD higher"),
        ("order_fill_rate: at most 0.5 % lower", "expected percentage points"),
    ],
)
def test_a_wrong_line_is_told_with_its_number_and_what_was_expected(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_margins(margins(tmp_path, f"# reviewed\nguards:\n  {line}\n"))
    assert ":3: guards." in str(refused.value)
    assert told in str(refused.value)


def test_a_file_without_guards_guards_nothing_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="guards"):
        read_margins(margins(tmp_path, "guards: {}\n"))
