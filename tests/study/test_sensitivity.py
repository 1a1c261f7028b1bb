"""Sensitivity on functions whose answers are published or plain: Ishigami's, and a line."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.sensitivity import Surface, morris_effects, morris_points, sobol_shares

NAMES = ("x1", "x2", "x3")


def ishigami(points: np.ndarray) -> np.ndarray:
    """Return the function of Ishigami and Homma with a = 7 and b = 0.1, on shares of [-pi, pi]."""
    x1, x2, x3 = (2 * np.pi * points - np.pi).T
    return np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def test_sobol_reproduces_the_published_shares_of_ishigami() -> None:
    found = {share.name: share for share in sobol_shares(NAMES, ishigami, 8192, 1)}
    assert [found[name].alone for name in NAMES] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.002)
    assert [found[name].total for name in NAMES] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.002)


def test_shares_stand_by_their_total() -> None:
    assert [share.name for share in sobol_shares(NAMES, ishigami, 1024, 1)] == ["x1", "x2", "x3"]


def test_morris_finds_the_slopes_of_a_line_and_no_spread() -> None:
    points = morris_points(NAMES, 6, 1)
    assert points.shape == (6 * 4, 3)
    effects = morris_effects(NAMES, points, points @ [1.0, -5.0, 0.0], 1)
    assert [effect.name for effect in effects] == ["x2", "x1", "x3"]
    assert [effect.mu for effect in effects] == pytest.approx([-5, 1, 0], abs=1e-9)
    assert [effect.mu_star for effect in effects] == pytest.approx([5, 1, 0], abs=1e-9)
    assert [effect.sigma for effect in effects] == pytest.approx([0, 0, 0], abs=1e-9)


def test_morris_tells_an_input_that_hangs_on_another_by_its_spread() -> None:
    points = morris_points(("a", "b"), 20, 1)
    a, b = points.T
    assert all(effect.sigma > 0.2 for effect in morris_effects(("a", "b"), points, a * b, 1))


def test_a_surface_through_a_quadratic_is_exact_and_says_so() -> None:
    points = np.random.default_rng(1).random((20, 2))
    a, b = points.T
    surface = Surface(points, 1 + 2 * a - b + 3 * a * b - b**2)
    assert surface.fit == pytest.approx(1)
    assert surface(np.array([[0.5, 0.25]])) == pytest.approx([1 + 1 - 0.25 + 0.375 - 0.0625])


def test_the_shares_of_a_line_on_its_surface_are_its_squared_slopes() -> None:
    points = np.random.default_rng(2).random((12, 2))
    found = sobol_shares(("a", "b"), Surface(points, points @ [1.0, 3.0]), 1024, 1)
    assert [(share.name, round(share.alone, 2)) for share in found] == [("b", 0.9), ("a", 0.1)]


def test_a_surface_that_does_not_fit_says_so() -> None:
    points = np.random.default_rng(3).random((40, 3))
    assert Surface(points, ishigami(points)).fit < 0.6


def test_too_few_points_for_a_surface_are_refused() -> None:
    with pytest.raises(FulfillSimError, match="7 points - a quadratic surface needs at least 8"):
        Surface(np.random.default_rng(1).random((7, 2)), np.zeros(7))


def test_an_output_that_never_changes_is_told() -> None:
    with pytest.raises(FulfillSimError, match="the same at every point"):
        sobol_shares(NAMES, lambda points: np.ones(len(points)), 8, 1)
