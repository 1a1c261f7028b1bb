"""Holm's rule on the standard example, and p values that agree with the intervals beside them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from sim.study.statistics.estimate import Estimate
from sim.study.statistics.families import holm, p_value


def test_holm_adjusts_the_standard_example() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_is_that_of_a_known_library_ties_and_ones_included() -> None:
    p = np.round(np.random.default_rng(1).random(40) ** 3, 2)
    assert holm(p).tolist() == pytest.approx(multipletests(p, method="holm")[1].tolist())


def test_a_question_without_an_answer_counts_for_nothing() -> None:
    found = holm([0.01, math.nan, 0.03])
    assert found[[0, 2]].tolist() == pytest.approx([0.02, 0.03])
    assert math.isnan(found[1])
    assert np.isnan(holm([math.nan])).all()


def test_the_p_value_of_a_difference_is_that_of_the_paired_t_test() -> None:
    first, second = np.random.default_rng(1).normal([[0], [0.8]], 1, (2, 9))
    difference = second - first
    found = p_value(Estimate(float(difference.mean()), difference))
    assert found == pytest.approx(float(stats.ttest_rel(second, first).pvalue))


def test_what_never_differs_has_a_p_value_of_one_and_what_always_does_by_the_same_of_zero() -> None:
    assert p_value(Estimate(0.0, np.zeros(4))) == 1
    assert p_value(Estimate(2.0, np.full(4, 2.0))) == 0
    assert math.isnan(p_value(Estimate(2.0, np.array([2.0]))))
