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
