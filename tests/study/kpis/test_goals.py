"""Goals of a scenario: read, judged by their intervals, and told in a comparison."""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from rich.console import Console

from sim.report.comparison.table import print_comparison
from sim.report.words import goals_told
from sim.study.checks.check import problems_of
from sim.study.compare import compare
from sim.study.kpis.catalogue import BY_NAME
from sim.study.kpis.goals import read_goal
from sim.study.statistics.estimate import Estimate, Interval, ratio
from tests.tiny import tiny, write

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.compare import Comparison
    from sim.study.kpis.goals import Outcome


def printed(result: Comparison) -> str:
    file = io.StringIO()
    print_comparison(result, Console(file=file, width=120))
    return file.getvalue()


@pytest.mark.parametrize(
    ("kpi", "text", "side", "value", "relative"),
    [
        ("order_fill_rate", "at least 98 %", "least", 0.98, False),
        ("order_fill_rate", "98 %", "least", 0.98, False),
        ("cancel_rate", "1 %", "most", 0.01, False),
        ("cost_per_order", "at most 9.50 USD", "most", 9.5, False),
        ("delivery_hours_mean", "2 days", "most", 48, False),
        ("parcels_per_order", "1.1", "most", 1.1, False),
        ("delivery_hours_mean", "25 % faster than the baseline", "most", 0.75, True),
        ("order_fill_rate", "5 % higher than the baseline", "least", 1.05, True),
    ],
)
def test_a_goal_is_a_bound_or_a_ratio_to_the_baseline(
    kpi: str, text: str, side: str, value: float, relative: bool
) -> None:
    goal = read_goal(kpi, text)
    assert (goal.side, goal.relative) == (side, relative)
    assert goal.value == pytest.approx(value)


@pytest.mark.parametrize("name", BY_NAME)
def test_every_kpi_may_have_a_goal_in_its_own_unit(name: str) -> None:
    with pytest.raises(ValueError, match="expected a goal such as") as told:
        read_goal(name, "as good as can be")
    _, example, *_ = re.split("'at least (.+?)'", str(told.value))
    assert read_goal(name, f"at most {example}").side == "most"
    assert read_goal(name, example).value > 0


@pytest.mark.parametrize(
    ("text", "interval", "outcome"),
    [
        ("98 %", Interval(0.985, 0.98, 0.99), "met"),
        ("98 %", Interval(0.985, 0.979, 0.991), "not yet certain"),
        ("98 %", Interval(0.97, 0.961, 0.979), "missed"),
        ("98 %", Interval(0.99, math.nan, math.nan), "not yet certain"),
        ("at most 98 %", Interval(0.97, 0.96, 0.98), "met"),
        ("at most 98 %", Interval(0.99, 0.985, 0.995), "missed"),
    ],
)
def test_a_goal_is_met_if_the_whole_interval_is_on_its_side(text: str, interval: Interval, outcome: Outcome) -> None:
    assert read_goal("order_fill_rate", text).judge(interval) == outcome


def test_a_ratio_of_two_estimates_that_move_together_is_certain() -> None:
    base = Estimate(10.0, np.array([9.0, 10.0, 11.0]))
    found = ratio(Estimate(7.5, 0.75 * base.influence), base).interval()
    assert (found.mean, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))


def test_the_error_of_a_ratio_is_that_of_the_delta_method() -> None:
    base, own = np.array([9.0, 11.0, 10.0, 10.0]), np.array([5.0, 5.0, 4.0, 6.0])
    found = ratio(Estimate(5.0, own), Estimate(10.0, base))
    # d(a / b) = (da - r db) / b
    assert found.influence - 0.5 == pytest.approx(((own - 5) - 0.5 * (base - 10)) / 10)


@pytest.mark.parametrize(
    ("goals", "told"),
    [
        ({"order_fil_rate": "98 %"}, "did you mean order_fill_rate?"),
        ({"order_fill_rate": "good"}, "expected a goal such as 'at least 98 %'"),
        ({"delivery_hours_mean": "98 %"}, "expected a goal such as 'at least 60 h'"),
        ({"cost_per_order": "5 % higher than the baseline"}, "a change for the worse"),
    ],
)
def test_a_goal_that_cannot_be_read_is_told_with_its_place(tmp_path: Path, goals: dict[str, str], told: str) -> None:
    _, problems = problems_of(write(tmp_path / "world", goals=goals))
    (problem,) = problems
    assert told in str(problem)
    assert "goals." in str(problem)


def test_a_comparison_tells_what_became_of_each_goal(tmp_path: Path) -> None:
    goals = {
        "order_fill_rate": "at least 10 %",
        "cancel_rate": "at least 90 %",
        "delivery_hours_mean": "90 % faster than the baseline",
    }
    result = compare(tiny(tmp_path, goals=goals), ["cheapest", "nearest"], replications=2, workers=1)
    outcomes = [(goal.kpi.name, arm, outcome) for goal, arm, _, outcome in result.goals]
    assert outcomes == [
        ("order_fill_rate", "cheapest", "met"),
        ("order_fill_rate", "nearest", "met"),
        ("cancel_rate", "cheapest", "missed"),
        ("cancel_rate", "nearest", "missed"),
        ("delivery_hours_mean", "nearest", "missed"),
    ]
    assert [row["outcome"] for row in result.as_json("")["goals"]] == [outcome for _, _, outcome in outcomes]
    base, other = (result.as_json("")["strategies"][arm] for arm in ("cheapest", "nearest"))
    assert [base[kpi].get("goal") for kpi in goals] == ["met", "missed", None]
    assert [other[kpi].get("goal") for kpi in goals] == ["met", "missed", "missed"]
    assert "goal" not in base["cost_per_order"]
    table = result.table().set_index(["strategy", "kpi"])["goal"]
    assert table["nearest", "cancel_rate"] == "missed"
    assert table["nearest", "cost_per_order"] == ""
    lines = goals_told(result)
    assert lines[0].startswith("cheapest has met 1 of 2 goals. Order fill at least 10 %: met (")
    assert lines[1].startswith("nearest has met 1 of 3 goals. ")


def test_without_goals_a_comparison_says_nothing_of_them(tmp_path: Path) -> None:
    result = compare(tiny(tmp_path), ["cheapest"], replications=1, workers=1)
    assert "goals" not in result.as_json("")
    assert all("goal" not in kpi for kpi in result.as_json("")["strategies"]["cheapest"].values())
    assert goals_told(result) == []
    assert "Goals" not in printed(result)


def test_goals_are_a_table_of_a_row_a_strategy(tmp_path: Path) -> None:
    goals = {"order_fill_rate": "at least 10 %", "delivery_hours_mean": "90 % faster than the baseline"}
    lines = printed(compare(tiny(tmp_path, goals=goals), ["cheapest", "nearest"], replications=2, workers=1))
    table = lines.split("\nGoals\n")[1]
    assert table.index("at least 10 %") < table.index("90 % faster than the baseline")
    rows = [line.split() for line in table.splitlines() if line.strip().startswith(("cheapest ", "nearest "))]
    assert rows[:2] == [["cheapest", "met"], ["nearest", "met", "missed"]]
