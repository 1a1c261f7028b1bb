"""The closed form of Hussey and Hughes against generalised least squares, which needs no closed form."""

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.pilot import wedge


def by_least_squares(x, within, between, seen=None):
    """Invert the information matrix of periods and effect under the model's own covariance."""
    periods = x.shape[1]
    seen = np.ones(x.shape, dtype=bool) if seen is None else seen
    information = np.zeros((periods + 1, periods + 1))
    for row, looked in zip(x, seen, strict=True):
        z = np.column_stack([np.eye(periods), row])[looked]
        information += z.T @ np.linalg.inv(within * np.eye(looked.sum()) + between) @ z
    return np.linalg.inv(information)[-1, -1]


def equation_8(x, within, between):
    """Return the closed form of Hussey and Hughes."""
    clusters, periods = x.shape
    u, w, v = x.sum(), (x.sum(axis=0) ** 2).sum(), (x.sum(axis=1) ** 2).sum()
    told = (clusters * u - w) * within + (u**2 + clusters * periods * u - periods * w - clusters * v) * between
    return clusters * within * (within + periods * between) / told


def test_three_sequences_of_three_clusters():
    # closed form of Hussey and Hughes (2007): n = 20, sigma^2 = .16, tau^2 = .008
    x = np.repeat(wedge.steps(3, 1, 1), 3, axis=0)
    assert x[:3].tolist() == [[0, 1, 1, 1]] * 3
    assert wedge.variance(x, 0.16 / 20, 0.008) == pytest.approx(0.002857142857, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_any_design_agrees_with_least_squares(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, (7, 5))
    x[0], x[1] = 0, 1
    assert wedge.variance(x, 0.3, 1.7) == pytest.approx(by_least_squares(x, 0.3, 1.7), rel=1e-9)
    assert wedge.variance(x, 0.3, 1.7) == pytest.approx(equation_8(x, 0.3, 1.7), rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_where_some_cells_are_not_measured_too(seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, (9, 5))
    x[0], x[1] = 0, 1
    seen = rng.random(x.shape) < 0.8
    assert wedge.variance(x, 0.3, 1.7, seen) == pytest.approx(by_least_squares(x, 0.3, 1.7, seen), rel=1e-9)


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_variances_may_be_in_any_unit(size):
    x = wedge.steps(4, 1, 1)
    assert wedge.variance(x, 0.3 * size, 0.1 * size) == pytest.approx(size * wedge.variance(x, 0.3, 0.1))


def test_weeks_that_never_vary_about_their_levels_tell_all():
    assert wedge.variance(wedge.steps(4, 1, 1), 0.0, 1.0) == 0


def test_parallel_clusters_are_a_special_case():
    # half treated throughout: 4 / clusters times the variance of a cluster's mean
    x = np.repeat([[1] * 4, [0] * 4], 5, axis=0)
    assert wedge.variance(x, 0.8, 0.5) == pytest.approx(4 / 10 * (0.5 + 0.8 / 4))


def test_a_start_that_all_make_together_tells_nothing():
    with pytest.raises(FulfillSimError, match="cannot be told"):
        wedge.variance(np.repeat([[0, 0, 1, 1]], 6, axis=0), 1, 1)


def test_few_clusters_are_not_told_by_the_normal_law():
    x = np.repeat(wedge.steps(3, 1, 1), 3, axis=0)
    assert wedge.precision(x, 0.008, 0.008).freedom == 7
    with pytest.raises(FulfillSimError, match="9 clusters - expected at least 16"):
        wedge.precision(x, 0.008, 0.008, "normal")


@pytest.mark.parametrize(("steps", "people", "icc"), [(3, 10, 0.05), (5, 20, 0.01), (4, 7, 0.2)])
def test_the_design_effect_of_woertman(steps, people, icc):
    # Woertman and others (2013), one period before and one a step: times 4 / measurements of a trial by person
    effect = (1 + icc * (steps * people + people - 1)) / (1 + icc * (steps * people / 2 + people - 1))
    effect *= 3 * (1 - icc) / (2 * (steps - 1 / steps))
    x = np.repeat(wedge.steps(steps, 1, 1), 12, axis=0)
    assert wedge.variance(x, (1 - icc) / people, icc) == pytest.approx(4 * effect / (len(x) * people), rel=1e-12)


@pytest.mark.parametrize(
    "x", [np.array([[0, 1], [1, 0]] * 4), wedge.steps(5, 2, 1, 3), wedge.steps(4, 1, 2), np.array([[1] * 6, [0] * 6])]
)
@pytest.mark.parametrize(("within", "between"), [(0.1, 1), (1, 0.001), (1, 0)])
def test_crossovers_and_long_wedges_agree_with_least_squares(x, within, between):
    assert wedge.variance(x, within, between) == pytest.approx(by_least_squares(x, within, between), rel=1e-9)
