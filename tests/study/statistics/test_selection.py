"""Selection of the best: published constants and allocations, and how often it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.statistics.selection import kim_nelson, kim_nelson_constants, rinott


@pytest.mark.parametrize(
    ("options", "first", "chance", "h"),
    [(4, 20, 0.90, 2.720), (2, 20, 0.90, 1.896), (3, 20, 0.95, 2.937), (5, 10, 0.95, 3.693)],
)
def test_rinotts_constant_is_the_published_one(options: int, first: int, chance: float, h: float) -> None:
    assert rinott(options, first, chance) == pytest.approx(h, abs=6e-4)


@pytest.mark.parametrize(
    ("options", "first", "alpha", "eta"),
    [(10, 10, 0.05, 0.85908343), (4, 10, 0.05, 0.56468019), (5, 20, 0.10, 0.1853628032)],
)
def test_kim_and_nelsons_constants_follow_their_formula(options: int, first: int, alpha: float, eta: float) -> None:
    found = kim_nelson_constants(options, first, alpha)
    assert found == pytest.approx((eta, 2 * eta * (first - 1)), abs=1e-7)


# the spreads for which a well-known package looks the wrong pair's variance up and is right in 91 of 100 only
@pytest.mark.parametrize("means", [(1, 0, 1), (0, 1, 1), (1, 1, 0)])
def test_the_best_is_selected_at_least_as_often_as_promised(means: tuple[float, ...]) -> None:
    draw = np.random.default_rng(7)
    trials, right = 400, 0
    for _ in range(trials):
        found = kim_nelson(
            lambda those, _: [draw.normal(means[k], (8, 6, 0.5)[k]) for k in those], 3, indifference=1, alpha=0.05
        )
        right += found.best == int(np.argmin(means))
    assert right / trials > 0.95 - 3 * math.sqrt(0.95 * 0.05 / trials)


def test_an_option_that_is_plainly_worse_is_dropped_after_the_first_stage() -> None:
    found = kim_nelson(lambda those, r: [100.0 * (k == 1) + math.sin(r) for k in those], 3, indifference=0.5, budget=40)
    assert found.replications.tolist() == [10, 10, 10]  # of two that are the same either is the best
    assert (found.best, found.left, found.settled) == (0, (0, 2), True)
    assert found.left == (0, 2)


def test_what_is_not_settled_would_be_after_about_as_many_replications_as_are_told() -> None:
    draw = np.random.default_rng(11)
    luck = draw.normal(0, 1, (2, 10_000))

    def sample(those: Sequence[int], replication: int) -> list[float]:
        return [0.3 * k + luck[k, replication] for k in those]

    stopped = kim_nelson(sample, 2, indifference=0.3, budget=40)
    whole = kim_nelson(sample, 2, indifference=0.3)
    assert not stopped.settled
    assert whole.settled
    assert stopped.needed > 40
    assert 0.4 < stopped.needed / whole.replications.max() < 2.5


def test_common_luck_settles_a_selection_sooner() -> None:
    draw = np.random.default_rng(3)
    luck = draw.normal(0, 5, 10_000)
    paired = kim_nelson(lambda those, r: [k + luck[r] + draw.normal(0, 0.1) for k in those], 3, indifference=0.5)
    apart = kim_nelson(lambda those, _: [k + draw.normal(0, 5) for k in those], 3, indifference=0.5)
    assert paired.best == 0
    assert paired.replications.sum() * 10 < apart.replications.sum()


def test_options_that_tie_to_the_last_bit_end_by_themselves() -> None:
    found = kim_nelson(lambda those, _: [1.0] * len(those), 3, indifference=0.5)
    assert (found.settled, found.left) == (True, (0, 1, 2))


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_numbers_that_are_missing_or_infinite_are_refused(wrong: float) -> None:
    with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
        kim_nelson(lambda those, _: [wrong for _ in those], 3, indifference=0.5)
