"""Published and textbook cases: each row says where its number is from."""

import math

import numpy as np
import pytest
from scipy.stats import nct, t

from sim.errors import FulfillSimError
from sim.study.pilot import power
from sim.study.pilot.power import Precision, clusters_needed, of_cluster, two_arms


def test_two_groups_as_in_the_help_page_of_power_t_test():
    # R, power.t.test(n = 20, delta = 1) and power.t.test(power = .90, delta = 1)
    assert two_arms(1, 20, 20).power(1) == pytest.approx(0.8689528, abs=2e-7)
    assert clusters_needed(lambda k: two_arms(1, k, k), 1, 0.9) == pytest.approx(22.02110, abs=1e-4)


def test_clusters_of_a_measured_outcome():
    # R clusterPower, documentation of cpa.normal: 16 clusters of 10, d = 1, icc = .1, total variance 5
    variance = of_cluster(5, 0.1, 10)
    assert two_arms(variance, 16, 16).power(1) == pytest.approx(0.801766, abs=1e-6)
    needed = clusters_needed(lambda k: two_arms(variance, k, k), 1)
    assert needed == pytest.approx(15.932782, abs=1e-5)
    assert math.ceil(needed) == 16


def test_clusters_of_a_yes_or_no():
    # NIH calculator (t): 12.09 clusters, so 13; PASS 11 (normal): 0.86 at 13
    variance = of_cluster(power.of_shares(0.1, 0.2), 0.05, 150)
    assert clusters_needed(lambda k: two_arms(variance, k, k), 0.1) == pytest.approx(12.0938, abs=6e-4)
    assert two_arms(variance, 13, 13, "normal").power(0.1) == pytest.approx(0.85954, abs=6e-4)


def test_change_of_the_same_people_in_clusters():
    # NIH calculator, cohort: d = .48, 150 people, icc = .05, correlations .3 of clusters and .7 of people
    kept = power.kept_over_time(0.05, 150, 0.3, 0.7)
    assert kept == pytest.approx(0.344970, abs=1e-6)
    variance = power.of_change(of_cluster(1, 0.05, 150), kept)
    needed = clusters_needed(lambda k: two_arms(variance, k, k), 0.48)
    assert needed == pytest.approx(6.1544, abs=1e-4)
    assert math.ceil(needed) == 7


def test_clusters_of_one_are_people():
    assert of_cluster(5, 0.3, 1) == 5


def test_clusters_of_unequal_size_are_worth_less():
    # 1 + ((0.5^2 + 1) 10 - 1) 0.1 = 2.15, with equal ones 1.9
    assert of_cluster(5, 0.1, 10, 0.5) == pytest.approx(5 * 2.15 / 10)


@pytest.mark.parametrize(("treated", "control"), [(5, 5), (3, 40), (20, 7)])
def test_arms_may_be_unequal(treated, control):
    error = math.sqrt(2.5 * (1 / treated + 1 / control))
    freedom = treated + control - 2
    expected = nct.sf(t.isf(0.025, freedom), freedom, 1.7 / error)
    assert two_arms(2.5, treated, control).power(-1.7) == pytest.approx(expected, abs=1e-12)


def test_five_stores_an_arm_are_fewer_than_the_normal_law_makes_of_them():
    # 5 stores an arm, 150 orders each, icc .05, chosen so that t has a power of .80
    known = two_arms(of_cluster(1, 0.05, 150), 5, 5)
    effect = known.smallest_effect(0.8)
    assert known.power(effect) == pytest.approx(0.8, abs=1e-9)
    assert Precision(known.error).power(effect) == pytest.approx(0.89, abs=0.005)
    with pytest.raises(FulfillSimError, match="law: normal with 5 clusters in an arm - expected at least 8"):
        two_arms(1, 5, 8, "normal")


def test_allowing_for_what_was_before_never_costs_more_than_taking_it_off():
    for correlation in (0, 0.3, 0.5, 0.9):
        assert power.of_adjusted(1, correlation) <= power.of_change(1, correlation)


def test_no_effect_is_found_with_half_the_level():
    assert two_arms(1, 9, 9).power(0, 0.05) == pytest.approx(0.025, abs=1e-9)


def test_no_number_of_stores_finds_what_is_not_there():
    with pytest.raises(FulfillSimError, match="no number of clusters reaches"):
        clusters_needed(lambda k: two_arms(1, k, k), 0)


@pytest.mark.parametrize(("effect", "needed"), [(0.2, 394), (0.5, 64), (0.8, 26)])
def test_cohens_table(effect, needed):
    # Cohen (1988): two groups, .05 two-sided, power .80; 393 in his table, by t 393.4
    assert math.ceil(clusters_needed(lambda k: two_arms(1, k, k), effect)) == needed


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_power_hangs_on_no_unit(size):
    assert two_arms(size**2, 9, 14).power(size) == pytest.approx(two_arms(1, 9, 14).power(1), abs=1e-12)


def test_power_rises_with_stores_effect_and_correlation_and_falls_with_what_stores_have_in_common():
    effects = [two_arms(1, 10, 10).power(x) for x in np.linspace(0, 60, 200)]
    stores = [two_arms(1, k, k).power(0.6) for k in range(2, 100)]
    kept = [two_arms(power.of_adjusted(1, c), 10, 10, lost=1).power(0.4) for c in np.linspace(0, 1, 30)]
    shared = [two_arms(of_cluster(1, icc, 20), 10, 10).power(0.4) for icc in np.linspace(0, 1, 30)]
    uneven = [two_arms(of_cluster(1, 0.1, 20, cv), 10, 10).power(0.4) for cv in np.linspace(0, 2, 30)]
    for rising in (effects, stores, kept, shared[::-1], uneven[::-1]):
        assert (np.diff(rising) >= -1e-12).all()
        assert rising[-1] > rising[0]


@pytest.mark.parametrize(
    ("size", "icc", "clusters", "people"), [(20, 0.1, 0.5, 0), (100, 0.02, 0.9, 0.4), (1, 0.3, 0.6, 0.2)]
)
def test_a_change_varies_as_its_two_means_and_what_they_share(size, icc, clusters, people):
    of_mean = (1 + (size - 1) * icc) / size
    shared = icc * clusters + (1 - icc) * people / size
    kept = power.kept_over_time(icc, size, clusters, people)
    assert power.of_change(of_cluster(1, icc, size), kept) == pytest.approx(2 * of_mean - 2 * shared)


def test_what_is_found_by_chance_alone_needs_no_effect():
    assert two_arms(1, 10, 10).smallest_effect(0.05, 0.5) == 0
