"""Where replications tell most: the published allocation, and a selection that follows it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.statistics.allocation import ocba, select_by_ocba
from sim.study.statistics.selection import Selection, kim_nelson


def test_replications_go_where_they_tell_most() -> None:
    shares = ocba([1, 2, 3], [1, 1, 1])
    assert shares[1] / shares[2] == pytest.approx(4)  # half the distance, a quarter of the information
    assert shares[0] / shares[2] == pytest.approx(math.sqrt(4**2 + 1))
    assert shares.sum() == pytest.approx(1)


def test_where_two_tie_for_the_best_no_allocation_can_tell_them_apart() -> None:
    with pytest.raises(FulfillSimError, match="one best mean"):
        ocba([1, 1, 3], [1, 1, 1])


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_an_allocation_hangs_on_no_unit(size: float) -> None:
    means, deviations = np.array([1.0, 2, 3]), np.array([1.0, 1, 2])
    assert ocba(means * size, deviations * size) == pytest.approx(ocba(means, deviations))


def test_two_options_share_as_they_spread() -> None:
    assert ocba([0, 1], [2, 3]) == pytest.approx([0.4, 0.6])


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_numbers_that_are_missing_or_infinite_are_refused(wrong: float) -> None:
    with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
        ocba([0, 1, 2], [1, wrong, 1])


MEANS, DEVIATIONS = (0.0, 0.5, 1.0, 2.0, 4.0), (1.0, 1.0, 2.0, 2.0, 2.0)


def selected(seed: int, budget: int, chance: float = 0.95) -> Selection:
    """Select among five options of known means, the first of which is best."""
    luck = np.random.default_rng(seed).normal(MEANS, DEVIATIONS, (budget, 5)).T
    return select_by_ocba(lambda k, r: float(luck[k, r]), 5, indifference=0.1, chance=chance, first=10, budget=budget)


def test_a_selection_gives_most_to_what_is_hardest_to_tell_and_is_right_about_as_often_as_it_estimates() -> None:
    trials = [selected(seed, 1000) for seed in range(200)]
    assert all(found.settled and found.chance is not None and found.chance >= 0.95 for found in trials)
    taken = np.mean([found.replications for found in trials], axis=0)
    assert taken[0] > taken[1] > taken[3] >= 10  # the best, its rival, and who is plainly behind
    assert taken[4] == pytest.approx(10, abs=1)
    right = sum(found.best == 0 for found in trials) / len(trials)
    assert right > 0.95 - 3 * math.sqrt(0.95 * 0.05 / len(trials))


def test_it_takes_fewer_runs_than_a_procedure_that_promises_its_chance() -> None:
    draw = np.random.default_rng(3)
    promised = kim_nelson(
        lambda those, _: draw.normal(np.array(MEANS)[those], np.array(DEVIATIONS)[those]), 5, indifference=0.1
    )
    assert 3 * selected(3, 1000).replications.sum() < promised.replications.sum()


def test_what_the_budget_does_not_settle_says_how_sure_it_is_and_what_it_would_take() -> None:
    found = selected(1, 60, chance=0.999)
    assert not found.settled
    assert found.replications.sum() == 60
    assert found.chance is not None
    assert 0.2 < found.chance < 0.999
    assert found.needed > found.replications.max()


def test_who_tie_within_what_matters_need_not_be_told_apart() -> None:
    draw = np.random.default_rng(2)
    found = select_by_ocba(lambda k, r: draw.normal(0.0, 0.1), 2, indifference=1.0, budget=100)
    assert found.settled
    assert found.replications.tolist() == [10, 10]
    same = select_by_ocba(lambda k, r: 1.0, 2, indifference=1.0, budget=100)  # no luck at all
    assert same.settled
    assert same.chance == 1


@pytest.mark.parametrize("wrong", [{"indifference": 0.0}, {"chance": 1.0}, {"first": 1}])
def test_what_cannot_be_asked_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(FulfillSimError, match="selection - expected"):
        select_by_ocba(lambda k, r: 0.0, 2, **{"indifference": 1.0, "budget": 50, **wrong})  # type: ignore[arg-type]
