"""Where a series settles: MSER-5 on a known series, and Welch's moving average by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.statistics.warm_up import WarmUp, mser, welch

T = np.arange(1000)
SETTLING = 10 + 10 * 0.95**T + ((7919 * T) % 101) / 101 - 0.5


def test_a_decaying_start_is_cut_where_two_other_programs_cut_it() -> None:
    found = mser(SETTLING)
    assert (found.cut, found.steady) == (100, True)
    assert found.mean == pytest.approx(9.9956721, abs=1e-7)


def test_the_cut_does_not_depend_on_where_zero_lies() -> None:
    assert mser(SETTLING + 1e9).cut == 100


def test_a_series_that_keeps_rising_has_no_steady_state() -> None:
    assert not mser(T.astype(float)).steady


def test_a_series_that_never_moves_is_steady_from_the_first() -> None:
    assert mser([4.0] * 50) == WarmUp(0, 4.0, True)


def test_what_fills_no_batch_is_left_out() -> None:
    assert mser([1.0] * 10 + [99.0] * 4).mean == 1


def test_a_series_shorter_than_two_batches_is_refused() -> None:
    with pytest.raises(FulfillSimError, match="9 observations - expected at least 10"):
        mser(range(9))


def test_welch_averages_over_replications_and_then_over_a_window_that_grows_from_the_start() -> None:
    moving = welch([[0, 3, 6, 9, 12], [2, 5, 8, 11, 14]], 2)
    assert moving.tolist() == [1, 4, 7]  # straight lines stay what they are
    assert welch([[0, 0, 9, 0, 0, 0]], 1).tolist() == [0, 3, 3, 3, 0]


def test_an_observation_that_is_missing_is_refused() -> None:
    with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
        mser([1.0, 2.0] * 20 + [float("nan")])
