"""What is said of differences that look sure."""

from __future__ import annotations

import numpy as np
import pytest

from sim.report.comparison.cautions import cautions
from sim.study.compare import Comparison
from sim.study.experiment import Experiment
from sim.study.kpis.catalogue import KPIS, Sums
from sim.study.runs.kept import ArmRun

NOTHING = {kpi.name: (0.0, 0.0) for kpi in KPIS if kpi.quantile is None}
EMPTY = {kpi.of: np.empty(0) for kpi in KPIS if kpi.quantile is not None}


def comparison(**cost: list[float]) -> Comparison:
    """Return a comparison of arms by what one order cost in each replication; nothing else is known."""
    count = len(next(iter(cost.values())))
    runs = tuple(
        {
            arm: ArmRun(Sums({**NOTHING, "cost_per_order": (usd[number], 1.0)}, EMPTY, 0), 1, 0.0, {})
            for arm, usd in cost.items()
        }
        for number in range(count)
    )
    return Comparison(Experiment({}, tuple(cost), count, 1), runs)


def test_it_is_told_what_luck_in_common_was_worth() -> None:
    (line,) = cautions(comparison(a=[1.0, 2, 3, 4], b=[3.0, 4, 5, 6.1], c=[1.0, 2.2, 3, 4]))
    assert line == "Cost per order: luck in common leaves 0 % of a difference's variance."


def test_options_that_go_against_the_baseline_are_told() -> None:
    told = cautions(comparison(a=[1.0, 2, 3, 4], b=[9.0, 8, 7, 6.1]))
    assert told[0] == "Cost per order: luck in common leaves 200 % of a difference's variance."
    assert told[1] == "Cost per order: luck in common does not help to tell b from the baseline."


def test_a_difference_that_is_one_of_many_is_told() -> None:
    # b differs by 1 USD with p = 0.03 alone; of three options it is 0.09
    b = 1 + np.array([0.3, -0.9, 0.8, -0.6, 1.3, -0.9])
    base = np.arange(6.0)
    noise = np.array([2.0, -2, 2, -2, 2, -2.3])
    found = comparison(a=base.tolist(), b=(base + b).tolist(), c=(base + noise).tolist(), d=(base - noise).tolist())
    assert found.difference("b", "cost_per_order").verdict == "worse"
    assert found.difference("b", "cost_per_order").p == pytest.approx(0.04, abs=0.015)
    assert cautions(found)[-1] == "Cost per order: with 3 options compared at once (Holm), not sure any more: b."


def test_one_replication_or_one_strategy_has_nothing_to_bear_in_mind() -> None:
    assert cautions(comparison(a=[1.0], b=[2.0])) == []
    assert cautions(comparison(a=[1.0, 2.0])) == []
