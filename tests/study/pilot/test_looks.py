"""Boundaries as published."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from sim.errors import FulfillSimError
from sim.study.pilot.looks import looks, spent


@pytest.mark.parametrize(
    ("shares", "bounds"),
    [
        # R ldbounds, spending function of O'Brien-Fleming type, two-sided .05, five equal looks
        ([0.2, 0.4, 0.6, 0.8, 1.0], [4.8769, 3.3569, 2.6803, 2.2898, 2.0310]),
        # two and three looks (Lan and DeMets; Jennison and Turnbull 2000)
        ([0.5, 1.0], [2.9626, 1.9686]),
        ([1 / 3, 2 / 3, 1.0], [3.7103, 2.5114, 1.9930]),
        # one look is a plain test
        ([1.0], [1.959964]),
    ],
)
def test_published_boundaries(shares, bounds):
    assert [look.bound for look in looks(shares)] == pytest.approx(bounds, abs=2e-4)


@pytest.mark.parametrize(
    ("shares", "bounds"),
    [
        # R ldbounds and Jennison and Turnbull (2000), spending function of Pocock type, two-sided .05
        ([0.5, 1.0], [2.157, 2.201]),
        ([1 / 3, 2 / 3, 1.0], [2.279, 2.295, 2.296]),
        ([0.2, 0.4, 0.6, 0.8, 1.0], [2.438, 2.427, 2.410, 2.397, 2.386]),
    ],
)
def test_published_boundaries_of_pocock(shares, bounds):
    assert [look.bound for look in looks(shares, 0.05, "pocock")] == pytest.approx(bounds, abs=6e-4)
    assert spent(0.5, 0.05, "pocock") == pytest.approx(0.0310, abs=1e-4)


def _crossed(bounds, shares):
    """Return the chance that a Brownian path is beyond any of the bounds, by the multivariate normal distribution."""
    covariance = np.sqrt([[min(s, t) / max(s, t) for t in shares] for s in shares])
    inside = multivariate_normal.cdf(np.array(bounds), cov=covariance, lower_limit=-np.array(bounds), abseps=1e-7)
    return 1 - inside


@pytest.mark.parametrize(
    ("shares", "alpha", "spending"),
    [
        ([0.3, 0.5, 1.0], 0.05, "obrien_fleming"),
        ([0.4, 0.6, 0.9, 1.0], 0.01, "obrien_fleming"),
        ([0.7, 0.98, 1.0], 0.05, "obrien_fleming"),
        ([0.96, 0.99, 0.995, 1.0], 0.05, "pocock"),  # most is known from the first look on
        ([0.5, 0.5001, 1.0], 0.1, "pocock"),
    ],
)
def test_unequal_looks_spend_what_the_normal_law_says(shares, alpha, spending):
    found = looks(shares, alpha, spending)
    for k in range(1, len(shares) + 1):
        crossed = _crossed([look.bound for look in found[:k]], shares[:k])
        assert crossed == pytest.approx(spent(shares[k - 1], alpha, spending), abs=3e-6)


def test_the_whole_level_is_spent_and_no_more():
    found = looks([0.3, 0.7, 1.0], 0.1)
    assert found[-1].spent == pytest.approx(0.1)
    rng = np.random.default_rng(3)
    steps = rng.standard_normal((400_000, 3)) * np.sqrt([0.3, 0.4, 0.3])
    z = steps.cumsum(axis=1) / np.sqrt([0.3, 0.7, 1.0])
    crossed = (np.abs(z) > [look.bound for look in found]).any(axis=1).mean()
    assert crossed == pytest.approx(0.1, abs=0.0025)  # more than five standard errors


def test_early_looks_cost_next_to_nothing():
    assert spent(0.1) < 1e-6
    assert spent(1.0) == pytest.approx(0.05)


@pytest.mark.parametrize("shares", [[], [0.5], [0.5, 0.4, 1.0], [0.0, 1.0], [0.5, 0.50001, 1.0]])
def test_shares_must_rise_to_one(shares):
    with pytest.raises(FulfillSimError, match="rise to 1"):
        looks(shares)
