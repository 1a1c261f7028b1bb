"""The planned analyses against the libraries that have them, and against their own formulas where these hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.study.pilot.analysis import adjusted, levels_and_weeks, mean_of, two_groups
from sim.study.pilot.designs.names import design_of
from sim.study.pilot.layout import Values, Weeks
from sim.study.pilot.noise import Noise
from sim.study.pilot.plan import Plan
from sim.study.pilot.stores import Stores

if TYPE_CHECKING:
    from sim.study.pilot.designs.design import Design

WEEKS = Weeks(3, 0, 4)
BETWEEN, WITHIN = 1.0, 2.0
STORES, COUNT = 30, 8


def alike(count: int = STORES) -> Stores:
    """Return stores of which none is like or unlike another."""
    rng = np.random.default_rng(5)
    names = tuple(f"s{k}" for k in range(count))
    measures = {name: rng.random(count) for name in ("people", "km", "size")}
    return Stores(
        names, tuple(range(count)), names, np.arange(count), np.ones(count, dtype=bool), measures,
        np.ones(count, dtype=bool), np.zeros(count, dtype=np.int64),
    )  # fmt: skip


def history(rng: np.random.Generator) -> Values:
    """Return weeks as the formulas take them to be: a level of each store, one of each week, and noise."""
    shape = STORES, WEEKS.all
    over = rng.normal(0, BETWEEN**0.5, (STORES, 1)) + rng.normal(0, 1, (1, WEEKS.all))
    return Values(over + rng.normal(0, WITHIN**0.5, shape), np.ones(shape))


def tried(design: Design, effect: float, pilots: int, seed: int) -> np.ndarray:
    """Return whether each pilot finds an effect of that size, on its own side."""
    rng, stores = np.random.default_rng(seed), alike()
    hits = []
    for _ in range(pilots):
        base = history(rng)
        layout = design.lay(stores, COUNT, WEEKS, WEEKS.all, rng)
        found = design.analyse(Values(base.over + effect * layout.treated, base.under), layout, WEEKS)
        hits.append(found.p < 0.05 and (not effect or found.effect > 0))
    return np.array(hits)


PLAN = Plan(begins="sends", naive=COUNT)
NOISE = Noise(BETWEEN, WITHIN, STORES, WEEKS.all, 1, BETWEEN / (BETWEEN + WITHIN), 0, 1, 0)


@pytest.mark.parametrize("name", ["parallel", "change", "adjusted", "stepped_wedge", "switchback"])
def test_simulated_power_agrees_with_the_formula_where_its_assumptions_hold(name: Any) -> None:
    design, pilots = design_of(name, PLAN), 600
    known = design.precision(NOISE, alike(), COUNT, WEEKS)
    effect = known.smallest_effect(0.8)
    found = tried(design, effect, pilots, 1).mean()
    # three standard errors of 600 pilots at .80 are .049; t with two degrees less than units is careful with weeks
    least, most = 0.8 - 0.049, 0.8 + (0.13 if name in ("stepped_wedge", "switchback") else 0.049)
    assert least <= found <= most


@pytest.mark.parametrize("name", ["parallel", "change", "adjusted", "matched_pairs", "stepped_wedge", "switchback"])
def test_where_nothing_is_done_an_effect_is_found_at_the_level(name: Any) -> None:
    # three standard errors of 600 pilots at .05 are .027
    assert tried(design_of(name, PLAN), 0.0, 600, 2).mean() <= 0.05 + 0.027


def test_pairs_that_are_no_more_alike_than_others_have_the_power_of_the_formula() -> None:
    design = design_of("matched_pairs", PLAN)
    of_pairs = Noise(2 * BETWEEN, 2 * WITHIN, STORES // 2, WEEKS.all, 1, 1 / 3, 0, 1, 0)
    effect = design.precision(of_pairs, alike(), COUNT, WEEKS).smallest_effect(0.8)
    assert abs(tried(design, effect, 600, 3).mean() - 0.8) <= 0.049


def test_two_groups_is_the_t_test_of_pooled_variance() -> None:
    values, treated = np.array([1.0, 4, 2, 8, 5, 7, 3]), np.array([1, 1, 0, 0, 1, 0, 0], dtype=bool)
    found, expected = two_groups(values, treated), stats.ttest_ind(values[treated], values[~treated])
    assert found.p == pytest.approx(expected.pvalue)
    assert found.interval() == pytest.approx(tuple(expected.confidence_interval(0.95)))


def test_pairs_are_the_paired_t_test_and_who_is_not_seen_is_left_out() -> None:
    one, other = np.array([3.0, 5, 4, np.nan, 9]), np.array([2.0, 5, 1, 1, 3])
    expected = stats.ttest_rel(one[[0, 1, 2, 4]], other[[0, 1, 2, 4]])
    assert mean_of(one - other).p == pytest.approx(expected.pvalue)


def test_adjusted_is_the_analysis_of_covariance() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(7)
    before, treated = rng.normal(10, 3, 20), np.arange(20) < 8
    after = 2 + 0.7 * before + 1.5 * treated + rng.normal(0, 1, 20)
    model = sm.OLS(after, np.column_stack([treated.astype(float), np.ones(20), before])).fit()
    found = adjusted(after, before, treated)
    assert (found.effect, found.error, found.freedom) == pytest.approx((model.params[0], model.bse[0], 17))
    assert found.p == pytest.approx(model.pvalues[0])


def test_levels_and_weeks_without_levels_is_least_squares_with_weeks() -> None:
    # units that have no level of their own: the mean of each is the same, so the estimated variance of levels is none
    values = np.array([[1.0, -1, 2, -2], [-1, 1, -2, 2], [2, -2, -1, 1], [-2, 2, 1, -1]])
    treated = np.array([[0, 0, 1, 1], [0, 1, 1, 1], [0, 0, 0, 1], [0, 0, 1, 1]], dtype=bool)
    z = np.column_stack([treated.ravel().astype(float), np.tile(np.eye(4), (4, 1))])
    expected = np.linalg.lstsq(z, values.ravel(), rcond=None)[0][0]
    assert levels_and_weeks(values, treated).effect == pytest.approx(expected)


def test_a_unit_whose_level_is_far_off_is_compared_with_itself() -> None:
    rng = np.random.default_rng(2)
    treated = np.array([[0, 0, 1, 1]] * 3 + [[0, 1, 1, 1]] * 3 + [[0, 0, 0, 1]] * 3, dtype=bool)
    levels = 1e6 * np.arange(9)[:, np.newaxis]
    found = levels_and_weeks(levels + 2.0 * treated + rng.normal(0, 0.1, treated.shape), treated)
    assert found.effect == pytest.approx(2.0, abs=0.3)


def test_too_few_say_nothing() -> None:
    assert np.isnan(two_groups(np.array([1.0, 2.0]), np.array([True, False])).p)
    assert np.isnan(mean_of(np.array([1.0])).p)
    assert np.isnan(levels_and_weeks(np.ones((3, 4)), np.ones((3, 4), dtype=bool)).p)


@pytest.mark.parametrize(("unit", "offset"), [(1e-12, 0.0), (1e12, 0.0), (1.0, 1e9)])
def test_what_was_before_is_allowed_for_in_any_unit(unit: float, offset: float) -> None:
    rng = np.random.default_rng(7)
    before, treated = rng.normal(10, 3, 20), np.arange(20) < 8
    after = 2 + 0.7 * before + 1.5 * treated + rng.normal(0, 1, 20)
    plain, other = adjusted(after, before, treated), adjusted(after, before * unit + offset, treated)
    assert (other.effect, other.error) == pytest.approx((plain.effect, plain.error), rel=1e-6)


@pytest.mark.parametrize("value", [5.0, 0.1])
def test_values_that_are_all_the_same_say_nothing(value: float) -> None:
    same, treated = np.full(6, value) * 3 / 3, np.arange(6) < 2
    assert two_groups(same, treated).error == 0
    assert np.isnan(two_groups(same + treated, treated).p)
    assert np.isnan(mean_of(same).p)
    assert np.isnan(adjusted(same + np.arange(6), same, treated).p)
    waves = np.array([[0, 0, 1, 1]] * 3 + [[0, 1, 1, 1]] * 3, dtype=bool)
    assert np.isnan(levels_and_weeks(np.full(waves.shape, 10 + value) + value * waves, waves).p)
