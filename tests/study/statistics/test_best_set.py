"""The best of many with all of them in view: published limits, and what they say of strategies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.statistics.best_set import behind_the_best, with_the_best
from sim.study.statistics.estimate import Estimate, ratio_of_sums


def test_limits_with_the_best_tell_the_best_what_ties_with_it_and_what_is_not_it() -> None:
    draw = np.random.default_rng(5)
    noise = draw.normal(0, 1, 30)
    first, worse = noise, noise + 3 + draw.normal(0, 0.1, 30)
    limits = with_the_best([first, worse])
    assert limits[0].tolist() == [0, 0]  # the best
    assert 2.9 < limits[1, 0] < 3 < limits[1, 1] < 3.1
    as_good = with_the_best([first, noise + draw.normal(0, 0.1, 30), worse])
    assert as_good[0, 0] == as_good[1, 0] == 0
    assert as_good[0, 1] > 0
    assert as_good[1, 1] > 0
    assert as_good[2, 0] > 2.9


def test_two_options_compared_with_the_best_have_the_paired_t_interval() -> None:
    # Law, ch. 10: the 90 % interval of the difference of two inventory policies is [1.65, 8.31]
    dear, cheap = [126.97, 124.31, 126.68, 122.66, 127.23], [118.21, 120.22, 122.45, 122.68, 119.40]
    assert with_the_best([dear, cheap], 0.90).round(2).tolist() == [[1.65, 8.31], [0, 0]]


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_numbers_that_are_missing_or_infinite_are_refused(wrong: float) -> None:
    with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
        with_the_best([[1, 2, wrong], [1, 2, 3]])


def made_up(means: list[float], count: int = 20) -> dict[str, Estimate]:
    """Return estimates of options that have most of their luck in common."""
    draw = np.random.default_rng(4)
    shared = draw.normal(0, 5, count)
    return {
        f"option {k}": ratio_of_sums(mean + shared + draw.normal(0, 0.1, count), np.ones(count))
        for k, mean in enumerate(means)
    }


def test_each_is_told_how_far_it_may_lie_behind_the_best_in_the_direction_that_is_good() -> None:
    low = behind_the_best(made_up([0.0, 0.01, 3.0]), 1)
    assert low["option 0"][0] == low["option 1"][0] == 0  # cannot be told apart
    assert 2.8 < low["option 2"][0] < 3 < low["option 2"][1] < 3.2
    high = behind_the_best(made_up([0.0, 0.01, 3.0]), -1)
    assert high["option 2"] == (0, 0)
    assert high["option 0"][0] > 2.8


def test_of_many_equals_all_may_be_the_best_far_more_often_than_pairwise_intervals_say() -> None:
    draw = np.random.default_rng(8)
    whole = 0
    for _ in range(200):
        outputs = draw.normal(0, 1, (8, 10))
        whole += bool((with_the_best(outputs)[:, 0] == 0).all())
    assert whole >= 190 - 3 * math.sqrt(200 * 0.05 * 0.95)


@pytest.mark.parametrize("estimates", [made_up([1.0], 5), made_up([1.0, 2.0], 1)])
def test_alone_or_after_one_replication_nothing_is_told(estimates: dict[str, Estimate]) -> None:
    assert all(math.isnan(low) for low, _ in behind_the_best(estimates, 1).values())
