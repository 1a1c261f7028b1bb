"""Quantiles and means of the laws, against scipy and against one another."""

from __future__ import annotations

import math
from copy import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from sim.laws import Constant, Exponential, Law, Lognormal, Uniform

PROBABILITIES = (1e-12, 1e-3, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1 - 1e-9)


def lognormal(mean: float, cv: float) -> Any:
    sigma = math.sqrt(math.log(1 + cv * cv))
    return stats.lognorm(s=sigma, scale=mean / math.sqrt(1 + cv * cv))


CASES: list[tuple[Law, Any]] = [
    (Exponential(5.0), stats.expon(scale=5.0)),
    (Exponential(0.01), stats.expon(scale=0.01)),
    (Lognormal(4.0, 0.6), lognormal(4.0, 0.6)),
    (Lognormal(11520.0, 0.05), lognormal(11520.0, 0.05)),
    (Lognormal(1.0, 10.0), lognormal(1.0, 10.0)),
    (Uniform(2.0, 8.0), stats.uniform(2.0, 6.0)),
    (Uniform(0.0, 1.0), stats.uniform()),
]
LAWS: list[Law] = [law for law, _ in CASES] + [Constant(3.0), Lognormal(7.0, 0.0), Uniform(4.0, 4.0)]
UNIFORMS = st.floats(2.0**-53, 1 - 2.0**-53)


@pytest.mark.parametrize(("law", "known"), CASES)
def test_quantiles_are_those_of_scipy(law: Law, known: Any) -> None:
    assert [law.quantile(u) for u in PROBABILITIES] == pytest.approx(known.ppf(PROBABILITIES), rel=1e-9)


@pytest.mark.parametrize(("law", "known"), CASES)
def test_means_are_those_of_scipy(law: Law, known: Any) -> None:
    assert law.mean == pytest.approx(known.mean(), rel=1e-12)


@pytest.mark.parametrize("law", [law for law in LAWS if law != Lognormal(1.0, 10.0)])  # its tail defies quadrature
def test_the_mean_is_the_quantile_averaged_over_all_luck(law: Law) -> None:
    area, _ = integrate.quad(law.quantile, 0, 1, limit=200)
    assert law.mean == pytest.approx(area, rel=1e-5)


def test_the_coefficient_of_variation_is_kept() -> None:
    known = lognormal(4.0, 0.6)
    law = Lognormal(4.0, 0.6)
    square, _ = integrate.quad(lambda z: law.quantile(stats.norm.cdf(z)) ** 2 * stats.norm.pdf(z), -8, 8)
    assert math.sqrt(square - 16.0) / 4.0 == pytest.approx(0.6, rel=1e-6)
    assert known.std() / known.mean() == pytest.approx(0.6)


@pytest.mark.parametrize("law", [Constant(7.0), Lognormal(7.0, 0.0), Uniform(7.0, 7.0)])
@settings(deadline=None, derandomize=True)
@given(u=UNIFORMS)
def test_without_spread_every_quantile_is_the_mean(law: Law, u: float) -> None:
    assert law.quantile(u) == pytest.approx(7.0, rel=1e-15)


@pytest.mark.parametrize("law", LAWS)
@settings(deadline=None, derandomize=True)
@given(u=UNIFORMS, v=UNIFORMS)
def test_more_luck_never_takes_less(law: Law, u: float, v: float) -> None:
    low, high = sorted((u, v))
    assert 0 <= law.quantile(low) <= law.quantile(high) < math.inf


@pytest.mark.parametrize("law", LAWS)
def test_a_law_is_a_value_that_tables_may_be_kept_by(law: Law) -> None:
    assert {law: "its table"}[copy(law)] == "its table"


def test_the_median_of_an_exponential_is_its_mean_times_ln_2() -> None:
    assert Exponential(60.0).quantile(0.5) == pytest.approx(60 * np.log(2), rel=1e-15)
