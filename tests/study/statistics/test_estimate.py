"""From replications to intervals: by hand, against scipy, and against published examples."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from scipy import stats

from sim.study.statistics.estimate import (
    Estimate,
    Interval,
    Verdict,
    difference,
    judge,
    pooled_quantile,
    ratio_of_sums,
    replications_to_tell,
    t_quantile,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike


def mean_of(values: ArrayLike) -> Estimate:
    """Estimate a mean: the ratio of sums whose denominators are all one."""
    numerator = np.asarray(values, dtype=float)
    return ratio_of_sums(numerator, np.ones(len(numerator)))


def limits(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


# --- published examples ------------------------------------------------------------------------------------------
# Law, Simulation Modeling and Analysis, ch. 4: a 90 % interval for a mean is 1.34 +/- 0.24
LAW_CH4 = [1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09]
# Law, ch. 10: two inventory policies, five pairs; difference 4.98, 90 % interval [1.65, 8.31]
LAW_CH10 = [126.97, 124.31, 126.68, 122.66, 127.23], [118.21, 120.22, 122.45, 122.68, 119.40]
# a course hand-out in the manner of Banks, ch. 12: two systems on common random numbers, printed mean difference -1.096
EXAM = (
    [15.19, 12.13, 17.13, 17.50, 16.88, 11.97, 16.83, 18.44, 14.90, 15.15],
    [16.29, 12.58, 19.35, 18.40, 18.38, 12.84, 18.00, 19.18, 16.03, 16.03],
)


def test_the_interval_of_a_mean_reproduces_the_text_book() -> None:
    interval = mean_of(LAW_CH4).interval(0.90)
    assert interval.mean == pytest.approx(1.343, abs=1e-4)
    assert interval.half_width == pytest.approx(0.23725, abs=1e-4)


@pytest.mark.parametrize(
    ("pair", "level", "expected"),
    [(LAW_CH10, 0.90, (4.978, 1.64913, 8.30687)), (EXAM, 0.95, (-1.096, -1.44265, -0.74935))],
)
def test_the_interval_of_a_paired_difference_reproduces_the_published_example(
    pair: tuple[list[float], list[float]], level: float, expected: tuple[float, float, float]
) -> None:
    one, other = pair
    assert limits(difference(mean_of(one), mean_of(other)).interval(level)) == pytest.approx(expected, abs=1e-4)


# --- against scipy -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("replications", [2, 3, 10, 40])
@pytest.mark.parametrize("level", [0.90, 0.95, 0.99])
def test_the_interval_of_a_mean_is_the_t_interval(replications: int, level: float) -> None:
    values = np.random.default_rng(replications).normal(5, 2, replications)
    expected = stats.ttest_1samp(values, 0).confidence_interval(level)
    assert limits(mean_of(values).interval(level))[1:] == pytest.approx((expected.low, expected.high), rel=1e-12)


def test_a_paired_difference_is_the_paired_t_test() -> None:
    draw = np.random.default_rng(1)
    common = draw.normal(50, 10, 12)
    one, other = common + draw.normal(1, 0.5, 12), common + draw.normal(0, 0.5, 12)
    expected = stats.ttest_rel(one, other).confidence_interval(0.95)
    interval = difference(mean_of(one), mean_of(other)).interval()
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high), rel=1e-12)


@pytest.mark.parametrize(("degrees", "level", "printed"), [(1, 0.95, 12.706), (9, 0.95, 2.262), (9, 0.90, 1.833)])
def test_the_quantile_of_t_is_the_tables(degrees: int, level: float, printed: float) -> None:
    assert t_quantile(degrees, level) == pytest.approx(printed, abs=5e-4)


# --- a ratio of sums ---------------------------------------------------------------------------------------------
def test_a_ratio_is_the_ratio_of_sums_not_the_mean_of_ratios() -> None:
    assert ratio_of_sums(np.array([1.0, 30.0]), np.array([1.0, 10.0])).value == 31 / 11


def test_the_spread_of_a_ratio_by_hand() -> None:
    # R = 12/6 = 2; N - R D = (2 - 2, 4 - 6, 6 - 4) = (0, -2, 2); divided by the mean of D, 2, and put round R
    estimate = ratio_of_sums(np.array([2.0, 4.0, 6.0]), np.array([1.0, 3.0, 2.0]))
    assert estimate.influence.tolist() == [2, 1, 3]
    # standard deviation 1 over the root of 3, times the t of 2 degrees of freedom
    assert limits(estimate.interval()) == pytest.approx((2, 2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5), abs=1e-6)


def test_the_spread_of_a_ratio_agrees_with_the_jackknife() -> None:
    draw = np.random.default_rng(3)
    orders = draw.poisson(1000, 50).astype(float)
    cost = 5 * orders + draw.normal(0, 200, 50)
    without = (cost.sum() - cost) / (orders.sum() - orders)
    jackknife = math.sqrt(49 / 50 * ((without - without.mean()) ** 2).sum())
    delta = ratio_of_sums(cost, orders).influence.std(ddof=1) / math.sqrt(50)
    assert delta == pytest.approx(jackknife, rel=0.01)


def test_a_ratio_over_nothing_is_not_a_number() -> None:
    interval = ratio_of_sums(np.zeros(3), np.zeros(3)).interval()
    assert all(math.isnan(limit) for limit in limits(interval))


# --- a pooled quantile -------------------------------------------------------------------------------------------
def test_a_pooled_quantile_and_its_pseudo_values_by_hand() -> None:
    samples = [np.array([1.0, 2.0]), np.array([3.0, 10.0]), np.array([4.0])]
    estimate = pooled_quantile(samples, 0.5)
    # all: 1 2 3 4 10 -> 3; without the first: 3 4 10 -> 4; the second: 1 2 4 -> 2; the third: 1 2 3 10 -> 2.5
    assert estimate.value == 3
    # 3 * 3 - 2 * (4, 2, 2.5)
    assert estimate.influence.tolist() == [1, 5, 4]


@pytest.mark.parametrize("p", [0.0, 0.5, 0.9, 0.95, 1.0])
def test_a_pooled_quantile_is_that_of_all_orders_together(p: float) -> None:
    draw = np.random.default_rng(4)
    samples = [draw.exponential(30, size).astype(np.float32) for size in (1, 50, 7)]
    expected = np.quantile(np.concatenate(samples).astype(float), p)
    assert pooled_quantile(samples, p).value == pytest.approx(expected, rel=1e-12)


def test_a_replication_without_orders_counts_as_a_replication() -> None:
    estimate = pooled_quantile([np.array([1.0, 3.0]), np.array([]), np.array([5.0])], 0.5)
    # all: 1 3 5 -> 3; without the first: 5; the second: 3; the third: 2
    assert estimate.influence.tolist() == [3 * 3 - 2 * 5, 3, 3 * 3 - 2 * 2]


@pytest.mark.parametrize("samples", [[], [np.array([])], [np.array([]), np.array([])]])
def test_a_quantile_of_no_orders_is_not_a_number(samples: list[np.ndarray]) -> None:
    assert math.isnan(pooled_quantile(samples, 0.95).interval().mean)


# --- what cannot be known, and what is known exactly ---------------------------------------------------------------
@pytest.mark.parametrize("estimate", [mean_of([4.0]), pooled_quantile([np.array([1.0, 4.0, 9.0])], 0.5)])
def test_one_replication_tells_the_value_and_nothing_of_its_limits(estimate: Estimate) -> None:
    mean, low, high = limits(estimate.interval())
    assert mean == 4
    assert math.isnan(low)
    assert math.isnan(high)


def test_equal_strategies_differ_by_exactly_zero() -> None:
    draw = np.random.default_rng(5)
    cost, orders = draw.exponential(7.3, 6), draw.poisson(100, 6).astype(float)
    samples = [draw.exponential(30, 40) for _ in range(6)]
    makers: list[Callable[[], Estimate]] = [
        lambda: ratio_of_sums(cost, orders),
        lambda: pooled_quantile(samples, 0.95),
    ]
    for make in makers:
        assert limits(difference(make(), make()).interval()) == (0.0, 0.0, 0.0)


def test_replications_that_all_agree_leave_no_doubt() -> None:
    interval = mean_of([0.25] * 7).interval()
    assert limits(interval) == (0.25, 0.25, 0.25)


# --- verdicts ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("low", "high", "better", "verdict"),
    [
        (-0.5, 0.5, "low", "equivalent"),
        (-1.0, 1.0, "low", "equivalent"),  # the margin itself still does not matter
        (0.2, 0.8, "low", "equivalent"),  # told from zero, and too small to matter
        (0.0, 0.0, "high", "equivalent"),
        (-1.01, 1.0, "low", "cannot tell"),
        (-0.1, 3.0, "low", "cannot tell"),
        (0.0, 3.0, "low", "cannot tell"),
        (-3.0, 0.0, "low", "cannot tell"),
        (0.1, 3.0, "low", "worse"),
        (0.1, 3.0, "high", "better"),
        (-3.0, -0.1, "low", "better"),
        (-3.0, -0.1, "high", "worse"),
        (0.1, 3.0, "neither", "differs"),
        (-3.0, -0.1, "neither", "differs"),
        (-3.0, 0.1, "neither", "cannot tell"),
        (-0.5, 0.5, "neither", "equivalent"),
        (math.nan, math.nan, "low", "cannot tell"),
    ],
)
def test_a_verdict_reads_the_interval_against_zero_and_the_margin_of_one(
    low: float, high: float, better: Literal["low", "high", "neither"], verdict: Verdict
) -> None:
    assert judge(Interval((low + high) / 2, low, high), better, 1.0) == verdict


@pytest.mark.parametrize(
    ("mean", "half_width", "expected"),
    [
        (2.0, 4.0, 40),  # half the width must go: four times the replications
        (-2.0, 4.0, 40),
        (0.0, 2.0, 40),  # nothing there: until the interval fits into the margin of 1
        (0.25, 1.5, 40),  # 0.75 to the margin is nearer than 0.25 to zero
        (0.5, 0.75, 23),  # 2.25 * 10, rounded up
        (3.0, 0.0, None),
        (math.nan, math.nan, None),
    ],
)
def test_how_many_replications_would_settle_a_difference(mean: float, half_width: float, expected: int | None) -> None:
    assert replications_to_tell(Interval(mean, mean - half_width, mean + half_width), 10, 1.0) == expected


def test_without_a_margin_a_difference_of_zero_is_never_settled() -> None:
    assert replications_to_tell(Interval(0.0, -1.0, 1.0), 10, 0.0) is None


def test_a_quantile_with_a_number_missing_is_not_known() -> None:
    assert math.isnan(pooled_quantile([np.array([1.0, 2.0, math.nan]), np.array([3.0])], 0.5).value)


def test_nobody_is_told_to_go_on_for_ever() -> None:
    assert replications_to_tell(Interval(1e-300, -1, 1), 10, 0) is None
    assert replications_to_tell(Interval(1e-9, -1, 1), 10, 0) is None


# Student's sleep data (R, ?t.test): paired 95 % interval -2.4598858 to -0.7001142
def test_the_sleep_of_ten_patients() -> None:
    one = mean_of([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    other = mean_of([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    interval = difference(one, other).interval()
    assert limits(interval)[1:] == pytest.approx((-2.4598858, -0.7001142), abs=1e-7)
