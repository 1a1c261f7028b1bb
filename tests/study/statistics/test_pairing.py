"""What common luck is worth, on the exam's figures and where it is worth nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.study.statistics.estimate import Estimate, apart, difference
from sim.study.statistics.pairing import pairing

# a course hand-out in the manner of Banks, ch. 12: two systems on common random numbers, and one with luck of its own
FIRST = [15.19, 12.13, 17.13, 17.50, 16.88, 11.97, 16.83, 18.44, 14.90, 15.15]
COMMON = [16.29, 12.58, 19.35, 18.40, 18.38, 12.84, 18.00, 19.18, 16.03, 16.03]
OWN = [15.65, 14.22, 16.17, 13.43, 15.52, 16.16, 12.67, 16.97, 11.83, 10.35]


def mean(values: list[float]) -> Estimate:
    return Estimate(float(np.mean(values)), np.array(values))


def test_systems_with_luck_in_common_go_together() -> None:
    found = pairing(mean(COMMON), mean(FIRST))
    assert found.correlation == pytest.approx(0.98371, abs=1e-5)
    assert found.variance_ratio == pytest.approx(0.485**2 / (2.192**2 + 2.438**2), rel=0.003)  # printed spreads
    assert found.helps


def test_systems_with_luck_of_their_own_do_not() -> None:
    found = pairing(mean(OWN), mean(FIRST))
    assert found.correlation == pytest.approx(float(np.corrcoef(OWN, FIRST)[0, 1]))
    assert 0.8 < found.variance_ratio < 1


def test_the_exam_is_decided_by_common_luck_and_not_without() -> None:
    paired = difference(mean(FIRST), mean(COMMON)).interval()
    assert (paired.low, paired.high) == pytest.approx((-1.44265, -0.74935), abs=1e-4)
    alone = apart(mean(FIRST), mean(OWN))
    assert (alone.low, alone.high) == pytest.approx((-0.7359, 3.3659), abs=1e-4)


def test_alone_two_unequal_spreads_have_the_freedom_of_welch() -> None:
    one, other = mean([0.0, 1.0, 2.0]), mean([0.0, 10.0, 20.0, 30.0, 40.0])
    # variances 1 / 3 and 250 / 5; freedom 50.333^2 / (0.3333^2 / 2 + 50^2 / 4) = 4.052
    found = apart(other, one)
    assert found.mean == 19
    assert found.half_width == pytest.approx(2.7646 * 50.3333**0.5, rel=1e-3)


def test_systems_that_go_against_each_other_are_worse_off_paired() -> None:
    found = pairing(mean([1.0, 2.0, 3.0]), mean([3.0, 2.0, 1.0]))
    assert tuple(found) == pytest.approx((-1, 2))
    assert not found.helps


def test_where_nothing_moves_nothing_is_said_and_nobody_warned() -> None:
    still = pairing(mean([2.0, 2.0]), mean([1.0, 1.0]))
    assert math.isnan(still.correlation)
    assert still.helps
