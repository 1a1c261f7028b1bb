"""Selection of the best: published constants and allocations, and how often it is right."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.selection import kim_nelson, kim_nelson_constants, ocba, rinott, with_the_best


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


def test_replications_go_where_they_tell_most() -> None:
    shares = ocba([1, 2, 3], [1, 1, 1])
    assert shares[1] / shares[2] == pytest.approx(4)  # half the distance, a quarter of the information
    assert shares[0] / shares[2] == pytest.approx(math.sqrt(4**2 + 1))
    assert shares.sum() == pytest.approx(1)


def test_where_two_tie_for_the_best_no_allocation_can_tell_them_apart() -> None:
    with pytest.raises(FulfillSimError, match="one best mean"):
        ocba([1, 1, 3], [1, 1, 1])


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


def test_limits_with_the_best_tell_the_best_what_ties_with_it_and_what_is_not_it() -> None:
    draw = np.random.default_rng(5)
    noise = draw.normal(0, 1, 30)
    first, worse = noise, noise + 3 + draw.normal(0, 0.1, 30)
    limits = with_the_best([first, worse])
    assert limits[0].tolist() == [0, 0]  # the best
    assert 2.9 < limits[1, 0] < 3 < limits[1, 1] < 3.1
    as_good = with_the_best([first, noise + draw.normal(0, 0.1, 30), worse])
    assert as_good[0, 0] == as_good[1, 0] == 0
    assert as_good[0, 1] > 0
    assert as_good[1, 1] > 0
    assert as_good[2, 0] > 2.9


def test_two_options_compared_with_the_best_have_the_paired_t_interval() -> None:
    # Law, ch. 10: the 90 % interval of the difference of two inventory policies is [1.65, 8.31]
    dear, cheap = [126.97, 124.31, 126.68, 122.66, 127.23], [118.21, 120.22, 122.45, 122.68, 119.40]
    assert with_the_best([dear, cheap], 0.90).round(2).tolist() == [[1.65, 8.31], [0, 0]]


def test_options_that_tie_to_the_last_bit_end_by_themselves() -> None:
    found = kim_nelson(lambda those, _: [1.0] * len(those), 3, indifference=0.5)
    assert (found.settled, found.left) == (True, (0, 1, 2))


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_an_allocation_hangs_on_no_unit(size: float) -> None:
    means, deviations = np.array([1.0, 2, 3]), np.array([1.0, 1, 2])
    assert ocba(means * size, deviations * size) == pytest.approx(ocba(means, deviations))


def test_two_options_share_as_they_spread() -> None:
    assert ocba([0, 1], [2, 3]) == pytest.approx([0.4, 0.6])


def test_numbers_that_are_missing_or_infinite_are_refused() -> None:
    for wrong in (math.nan, math.inf):
        with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
            ocba([0, 1, 2], [1, wrong, 1])
        with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
            with_the_best([[1, 2, wrong], [1, 2, 3]])
        with pytest.raises(FulfillSimError, match="none of them infinite or missing"):
            kim_nelson(lambda those, _, w=wrong: [w for _ in those], 3, indifference=0.5)  # type: ignore[misc]
