from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.routing.joint.batch import Limits, Solved, solve_batch
from sim.routing.joint.entry import Entry
from sim.routing.offers.offers import Share
from tests.routing.joint.small_batches import NOTHING, UNSERVED, Table, batches, entry, least_total

Batch = tuple[list[Entry], NDArray[np.int32]]

EXACT = Limits(gap=0.0)
sometimes = settings(deadline=None, max_examples=30)


def first_come(entries: list[Entry], stock: NDArray[np.int32]) -> float:
    """Return the total of serving one order after the other, each as well as possible from what is left."""
    left, total = stock.copy(), 0.0
    for one in entries:
        offer = one.choose(left, NOTHING).offer
        total += one.score(offer)
        for sku, site, quantity in one.units(offer):
            left[sku, site] -= quantity
    return total


@sometimes
@given(batch=st.one_of(batches(), batches(most_orders=3, least=-300)))
def test_the_decision_is_as_good_as_the_best_of_all_decisions(batch: Batch) -> None:
    solved = solve_batch(*batch, EXACT)
    assert solved.value == pytest.approx(least_total(*batch))
    assert solved.bound == pytest.approx(solved.value)


@sometimes
@given(batch=batches(most_orders=8), limits=st.sampled_from([EXACT, Limits(gap=0.05), Limits(rounds=1, offers=0)]))
def test_whatever_the_limits_it_is_no_worse_than_first_come_first_served(batch: Batch, limits: Limits) -> None:
    solved = solve_batch(*batch, limits)
    assert solved.value <= first_come(*batch) + 1e-6


@sometimes
@given(batch=batches(), limits=st.sampled_from([Limits(gap=0.05), Limits(rounds=1, offers=0), Limits(nodes=0)]))
def test_no_decision_is_better_than_the_bound_and_the_gap_is_told_of_what_is_served(
    batch: Batch, limits: Limits
) -> None:
    entries, stock = batch
    solved = solve_batch(entries, stock, limits)
    unserved = sum(one.unserved(offer) for one, offer in zip(entries, solved.offers, strict=True))
    assert solved.bound <= least_total(entries, stock) + 1e-6
    assert solved.gap == pytest.approx((solved.value - solved.bound) / max(solved.value - UNSERVED * unserved, 1.0))


@sometimes
@given(batch=batches(most_orders=8))
def test_no_more_is_taken_from_a_shelf_than_is_there(batch: Batch) -> None:
    entries, stock = batch
    taken = np.zeros_like(stock)
    for one, offer in zip(entries, solve_batch(entries, stock, EXACT).offers, strict=True):
        for sku, site, quantity in one.units(offer):
            taken[sku, site] += quantity
    assert (taken <= np.maximum(stock, 0)).all()


@sometimes
@given(batch=batches(most_orders=8), order=st.randoms(use_true_random=False))
def test_the_order_in_which_the_orders_are_named_makes_no_difference(batch: Batch, order: object) -> None:
    entries, stock = batch
    turn = list(range(len(entries)))
    order.shuffle(turn)  # type: ignore[attr-defined]
    plain = solve_batch(entries, stock, EXACT)
    shuffled = solve_batch([entries[k] for k in turn], stock, EXACT)
    assert [plain.offers[k] for k in turn] == list(shuffled.offers)


# Two sites; site 0 has one unit, site 1 plenty. Order 1 saves 2.00 at site 0, order 2 saves 5.00.
SCARCE = np.array([[1, 9, 0], [9, 9, 0]], dtype=np.int32)


def saves(cents: float) -> Table:
    return Table(np.array([500.0, 500.0 + cents, np.inf]), np.zeros((2, 3)))


def decide(*entries: Entry, limits: Limits = EXACT) -> Solved:
    return solve_batch(entries, SCARCE, limits)


def test_the_last_unit_goes_where_it_saves_most() -> None:
    solved = decide(entry(1, {0: 1}, SCARCE, saves(200)), entry(2, {0: 1}, SCARCE, saves(500)))
    assert solved.offers == ((Share(1, (1,)),), (Share(0, (1,)),))
    assert (solved.value, solved.bound, solved.way) == (700 + 500, 700 + 500, "joint")


def test_first_come_first_served_is_kept_if_it_is_good_enough() -> None:
    solved = decide(entry(1, {0: 1}, SCARCE, saves(200)), entry(2, {0: 1}, SCARCE, saves(500)), limits=Limits(gap=0.4))
    assert solved.offers == ((Share(0, (1,)),), (Share(1, (1,)),))
    assert (solved.value, solved.bound, solved.gap) == (1500, 1000, 1 / 3)


def test_a_unit_is_served_even_if_another_order_pays_for_it() -> None:
    only_here = Table(np.array([500.0, np.inf, np.inf]), np.zeros((2, 3)))
    solved = decide(entry(1, {0: 1}, SCARCE, saves(5000)), entry(2, {0: 1}, SCARCE, only_here))
    assert solved.offers == ((Share(1, (1,)),), (Share(0, (1,)),))


def test_what_is_in_force_stands_until_a_change_saves_more() -> None:
    in_force = (Share(0, (1,)),)
    change = [entry(2, {0: 1}, SCARCE, saves(500), placed_at=1.0)]
    for bonus, stays in ((200.0, False), (400.0, True)):
        standing = entry(1, {0: 1}, SCARCE, saves(200), kept=(in_force, 500 - bonus))
        assert (decide(standing, *change).offers[0] == in_force) is stays


def test_an_order_with_too_many_splits_to_try_is_served_from_what_the_others_leave() -> None:
    stock = np.array([[1, 20, 40], [9, 9, 9]], dtype=np.int32)
    free = Table(np.array([100.0, 100.0, 100.0]), np.zeros((2, 3)))
    huge = entry(0, {0: 100, 1: 100}, stock, free)
    assert not huge.exact
    small = [entry(1, {0: 1}, stock, saves(200)), entry(2, {0: 1}, stock, saves(500))]
    solved = solve_batch([huge, *small], stock, EXACT)
    taken = sum(sum(share.basket) for share in solved.offers[0])
    assert taken >= 40
    assert solved.bound < solved.value


def test_no_solver_is_loaded_while_there_is_enough_for_all() -> None:
    program = (
        "import sys, numpy as np; from tests.routing.joint.small_batches import *;"
        "from sim.routing.joint.batch import *; stock = np.full((2, 3), 9, dtype=np.int32);"
        "t = Table(np.array([1.0, 2.0, 3.0]), np.zeros((2, 3)));"
        "s = solve_batch([entry(k, {0: 1}, stock, t) for k in range(5)], stock, Limits());"
        "assert s.way == 'own choice' and s.gap == 0; print('scipy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
