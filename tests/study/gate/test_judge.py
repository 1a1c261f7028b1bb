"""Verdicts from differences: by arithmetic, and by how often they are wrong where the truth is known."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.stats import t

from sim.study.gate.judge import LEVEL, Judged, judged, planned, together
from sim.study.gate.margins import Margin, Margins
from sim.study.kpis.catalogue import BY_NAME, Sums

COST, FILL = "cost_per_order", "order_fill_rate"


def runs(**differences: Sequence[float]) -> list[tuple[Sums, Sums]]:
    """Return pairs of runs in which each KPI is 10 in the baseline and differs by so much in the candidate."""
    count = len(next(iter(differences.values())))
    return [
        (
            Sums({name: (10.0, 1.0) for name in differences}, {}, 0),
            Sums({name: (10.0 + found[k], 1.0) for name, found in differences.items()}, {}, 0),
        )
        for k in range(count)
    ]


def guard(amount: float, name: str = COST) -> Margin:
    return Margin(BY_NAME[name], "higher" if BY_NAME[name].better == "low" else "lower", amount)


def claim(amount: float, name: str = COST) -> Margin:
    return Margin(BY_NAME[name], "lower" if BY_NAME[name].better == "low" else "higher", amount, claim=True)


def judge(found: list[tuple[Sums, Sums]], *margins: Margin, level: float = LEVEL) -> list[Judged]:
    guards = tuple(each for each in margins if not each.claim)
    claims = tuple(each for each in margins if each.claim)
    return judged(Margins(guards, claims, "", ""), found, level)


def test_the_bound_is_that_of_a_t_test_and_passes_within_the_margin() -> None:
    values = [0.01, 0.03, -0.02, 0.04, 0.00, 0.02, 0.01, -0.01, 0.03, 0.02]
    spread = np.std(values, ddof=1) / math.sqrt(10)
    bound = np.mean(values) + t.ppf(0.975, 9) * spread
    (found,) = judge(runs(**{COST: values}), guard(0.1))
    assert found.bound == pytest.approx(bound)
    assert found.seen == pytest.approx((t.ppf(0.975, 9) + t.ppf(0.8, 9)) * spread)
    assert found.verdict == "pass"
    assert judge(runs(**{COST: values}), guard(bound - 1e-6))[0].verdict == "undecided"
    assert judge(runs(**{COST: [value + 1 for value in values]}), guard(0.1))[0].verdict == "fail"


def test_of_a_kpi_of_which_more_is_better_less_is_worse() -> None:
    values = [-1.0, -1.1, -0.9, -1.0, -1.05, -0.95, -1.0, -1.1, -0.9, -1.0]
    assert judge(runs(**{FILL: values}), guard(0.5, FILL))[0].verdict == "fail"
    assert judge(runs(**{FILL: [-value for value in values]}), guard(0.5, FILL))[0].verdict == "pass"


def test_identical_runs_pass_even_a_margin_of_nothing_and_improve_nothing() -> None:
    same = runs(**{COST: [0.0] * 10})
    assert judge(same, guard(0.0))[0].verdict == "pass"
    assert judge(same, claim(0.0))[0].verdict == "fail"


def test_claims_are_one_family() -> None:
    values = [-1.0, -0.2, -0.6, -0.4, 0.3, -0.8, -0.5, 0.1, -0.3, -0.4]
    p = float(t.cdf(np.mean(values) / (np.std(values, ddof=1) / math.sqrt(10)), 9))
    level = 1.5 * p  # enough for one claim, not for the smaller of two
    assert judge(runs(**{COST: values}), claim(0.0), level=level)[0].verdict == "pass"
    two = runs(**{COST: values, "label_per_order": values})
    assert [each.verdict for each in judge(two, claim(0.0), claim(0.0, "label_per_order"), level=level)] == [
        "undecided"
    ] * 2


def test_a_kpi_that_nobody_has_is_not_judged_and_one_that_was_lost_fails() -> None:
    none = [(Sums({COST: (0.0, 0.0)}, {}, 0), Sums({COST: (0.0, 0.0)}, {}, 0))] * 10
    lost = [(Sums({COST: (10.0, 1.0)}, {}, 0), Sums({COST: (0.0, 0.0)}, {}, 0))] * 10
    assert judge(none, guard(0.1))[0].verdict is None
    assert together(judge(none, guard(0.1))) == "undecided"
    assert judge(lost, guard(0.1))[0].verdict == "fail"


def test_each_look_spends_a_part_of_the_level_and_all_together_the_whole() -> None:
    looks = planned(20, 60)
    assert looks.counts == (20, 30, 45, 60)
    assert sum(looks.level(look) for look in range(4)) == pytest.approx(LEVEL)
    assert planned(20, 20).level(0) == LEVEL


@pytest.mark.parametrize(("truth", "wrong"), [(0.1, "pass"), (0.1, "fail"), (0.0, "fail")])
def test_over_all_looks_no_more_than_the_level_goes_wrong(truth: float, wrong: str) -> None:
    looks, trials, hits = planned(10, 30), 400, 0
    rng = np.random.default_rng(7)
    for _ in range(trials):
        found = runs(**{COST: rng.normal(truth, 0.2, 30)})
        for look, count in enumerate(looks.counts):
            (one,) = judge(found[:count], guard(0.1), level=looks.level(look))
            if one.verdict != "undecided":
                hits += one.verdict == wrong
                break
    # 3 standard errors above the level: of a right rule 1 in 700 such tests would fail
    assert hits / trials <= LEVEL + 3 * math.sqrt(LEVEL * (1 - LEVEL) / trials)
