"""What stores do by themselves: hand arithmetic, and how often the interval holds the truth."""

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.pilot.noise import noise_of


def test_by_hand():
    # two stores, two weeks: levels 1 and 5, so 2 * var(1, 5) = 16 among; rests of +-1 each, so 4 / 1 = 4 within
    found = noise_of([np.array([[0.0, 2.0], [6.0, 4.0]])])
    assert (found.within, found.between) == pytest.approx((4, (16 - 4) / 2))
    assert found.icc == pytest.approx((16 / 4 - 1) / (16 / 4 + 1))


def test_a_week_that_is_bad_for_all_is_no_noise():
    quiet = np.array([[1.0, 2, 4], [2, 3, 3], [5, 5, 6], [0, 2, 1]])
    loud = quiet + np.array([0.0, 100, -50])
    assert noise_of([loud]).within == pytest.approx(noise_of([quiet]).within)
    assert noise_of([loud]).between == pytest.approx(noise_of([quiet]).between)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(4)
    held = []
    for _ in range(400):
        found = noise_of([rng.normal(0, 1, (25, 1)) + rng.normal(0, 2, (25, 6))])
        held.append(found.low <= 0.2 <= found.high)
    assert np.mean(held) == pytest.approx(0.95, abs=0.033)  # three standard errors


def test_weeks_that_follow_one_another_are_told():
    rng = np.random.default_rng(6)
    steps = rng.normal(0, 1, (200, 40))
    for week in range(1, 40):
        steps[:, week] += 0.6 * steps[:, week - 1]
    assert noise_of([steps]).follows == pytest.approx(0.6, abs=0.06)
    assert abs(noise_of([rng.normal(0, 1, (200, 8))]).follows) < 0.06


def test_one_store_tells_nothing():
    with pytest.raises(FulfillSimError, match="1 stores of which all of 4 weeks are known - expected at least 2"):
        noise_of([np.array([[1.0, 2, 3, 4], [1, np.nan, 3, 4]])])


def test_six_targets_and_four_judges_of_a_text_book():
    # Shrout and Fleiss (1979), ICC(3, 1): .715, 95 % interval .342 to .946 (R psych)
    scores = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
    )
    found = noise_of([scores])
    assert (found.icc, found.low, found.high) == pytest.approx((0.7148, 0.3425, 0.9459), abs=1e-4)


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_shares_hang_on_no_unit(size):
    draw = np.random.default_rng(1).normal(0, 1, (6, 1)) + np.random.default_rng(2).normal(0, 1, (6, 5))
    one, other = noise_of([draw]), noise_of([draw * size])
    assert (other.icc, other.low, other.high, other.follows) == pytest.approx((one.icc, one.low, one.high, one.follows))


def test_where_stores_are_more_alike_than_by_chance_they_have_nothing_in_common():
    # every store has the same mean: the estimate would be negative
    found = noise_of([np.array([[1.0, -1, 2, -2], [-1, 1, -2, 2], [2, -2, -1, 1], [-2, 2, 1, -1]])])
    assert (found.icc, found.low, found.between) == (0, 0, 0)


@pytest.mark.parametrize("value", [1.0, 0.1])
def test_where_nothing_varies_nothing_is_known_of_what_they_have_in_common(value):
    found = noise_of([np.full((5, 4), value)])
    assert (found.between, found.within, found.icc, found.low, found.high) == (0, 0, 0, 0, 1)


def test_stores_that_never_change_have_all_in_common():
    found = noise_of([0.1 * np.arange(5)[:, np.newaxis] + 0.3 * np.arange(4)])  # weeks good for all are no noise
    assert (found.within, found.icc, found.low, found.high) == (0, 1, 1, 1)
