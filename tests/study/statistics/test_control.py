"""Control variates on Ross's example: E[exp(U)] with U as its control."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.statistics.control import controlled

U = np.random.default_rng(2).random(20_000)


def test_the_control_takes_off_the_published_share_of_the_variance() -> None:
    found = controlled(np.exp(U), U, [0.5])
    assert found.reduction == pytest.approx(0.98372, abs=0.001)
    assert found.coefficients[0] == pytest.approx(12 * 0.1408591, abs=0.02)  # covariance over variance
    assert found.interval.low < math.e - 1 < found.interval.high


def test_the_interval_has_the_width_of_what_the_control_leaves() -> None:
    found = controlled(np.exp(U), U, [0.5])
    assert found.interval.half_width == pytest.approx(1.96 * math.sqrt(0.0039402 / len(U)), rel=0.03)


def test_an_output_that_is_a_mixture_of_its_controls_is_known_exactly() -> None:
    controls = np.random.default_rng(1).normal(size=(12, 2))
    found = controlled(3 + controls @ [2, -1], controls, [0, 0])
    assert found.interval.mean == pytest.approx(3)
    assert found.interval.half_width == pytest.approx(0, abs=1e-12)


def test_controlled_intervals_cover_the_truth() -> None:
    draw = np.random.default_rng(4)
    trials, inside = 2000, 0
    for _ in range(trials):
        x = draw.normal(5, 1, 10)
        found = controlled(2 * x + draw.normal(0, 1, 10), x, [5]).interval
        inside += found.low <= 10 <= found.high
    assert abs(inside / trials - 0.95) < 3 * math.sqrt(0.95 * 0.05 / trials)


@pytest.mark.parametrize(
    ("controls", "problem"), [(np.ones(10), "expected controls that vary"), (np.arange(2.0), "expected at least 3")]
)
def test_controls_that_cannot_be_fitted_are_refused(controls: np.ndarray, problem: str) -> None:
    with pytest.raises(FulfillSimError, match=problem):
        controlled(np.arange(len(controls)) ** 2, controls, [0])


@pytest.mark.parametrize("unit", [1e-15, 1e12])
def test_a_control_may_be_in_any_unit(unit: float) -> None:
    draw = np.random.default_rng(2)
    controls = draw.normal(5, 2, (12, 2))
    outputs = controls @ [1, 2] + draw.normal(0, 1, 12)
    plain, other = controlled(outputs, controls, [5, 5]), controlled(outputs, controls * [unit, 1], [5 * unit, 5])
    assert other.interval.low == pytest.approx(plain.interval.low)
    assert other.coefficients == pytest.approx(plain.coefficients / [unit, 1])


def test_a_number_that_is_missing_is_refused() -> None:
    with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
        controlled([1, 2, math.nan, 4, 6], [1, 2, 3, 4, 5], [3])
