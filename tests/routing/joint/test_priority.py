"""Who chooses first in a batch: priority, and among equals nobody."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.routing.joint.batch import Limits, solve_batch
from sim.routing.joint.entry import Entry, Offer
from sim.routing.joint.priority import solve_by_priority
from sim.routing.offers.offers import Share
from tests.routing.joint.small_batches import UNSERVED, Table, batches, entry, least_total

EXACT = Limits(gap=0.0)
ONE_LEFT = np.array([[1, 9, 0], [9, 9, 0]], dtype=np.int32)
Batch = tuple[list[Entry], NDArray[np.int32]]


def saves(cents: float) -> Table:
    """Return scores by which a unit from site 0 is so much cheaper than one from site 1."""
    return Table(np.array([500.0, 500.0 + cents, np.inf]), np.zeros((2, 3)))


def ranked(one: Entry, priority: int, stock: NDArray[np.int32]) -> Entry:
    one.request.order = one.request.order._replace(priority=priority)
    return one.on(stock)


def total(entries: Sequence[Entry], offers: Sequence[Offer]) -> float:
    return sum([one.score(offer) for one, offer in zip(entries, offers, strict=True)])


@pytest.mark.parametrize(("first", "second", "takes_it"), [(0, 0, 1), (1, 0, 0), (0, 1, 1), (-1, -2, 0)])
def test_the_last_unit_goes_to_the_higher_priority_and_among_equals_where_it_saves_most(
    first: int, second: int, takes_it: int
) -> None:
    entries = [
        ranked(entry(1, {0: 1}, ONE_LEFT, saves(200)), first, ONE_LEFT),
        ranked(entry(2, {0: 1}, ONE_LEFT, saves(500)), second, ONE_LEFT),
    ]
    offers = solve_by_priority(entries, ONE_LEFT, EXACT).offers
    assert [offer[0].site for offer in offers].index(0) == takes_it


def test_a_promise_given_is_not_taken_back_for_a_higher_priority() -> None:
    in_force = (Share(0, (1,)),)
    stands = entry(1, {0: 1}, ONE_LEFT, saves(200), kept=(in_force, 450.0))
    urgent = ranked(entry(2, {0: 1}, ONE_LEFT, saves(500)), 9, ONE_LEFT)
    assert solve_by_priority([stands, urgent], ONE_LEFT, EXACT).offers == (in_force, (Share(1, (1,)),))


@settings(deadline=None, max_examples=25)
@given(batch=batches(most_orders=5), data=st.data())
def test_the_urgent_decide_as_if_they_were_alone_and_the_rest_as_well_as_they_can_from_what_is_left(
    batch: Batch, data: st.DataObject
) -> None:
    entries, stock = batch
    entries = [ranked(one, data.draw(st.integers(0, 1)), stock) for one in entries]
    solved = solve_by_priority(entries, stock, EXACT)
    left = np.maximum(stock, 0)
    for rank in (1, 0):
        mine = [k for k, one in enumerate(entries) if one.request.order.priority == rank]
        offers = [solved.offers[k] for k in mine]
        assert total([entries[k] for k in mine], offers) == pytest.approx(least_total([entries[k] for k in mine], left))
        for k, offer in zip(mine, offers, strict=True):
            for sku, site, quantity in entries[k].units(offer):
                left[sku, site] -= quantity
    assert solved.value == pytest.approx(total(entries, solved.offers))


@settings(deadline=None, max_examples=25)
@given(batch=batches(most_orders=7), order=st.randoms(use_true_random=False), data=st.data())
def test_the_order_in_which_they_are_named_makes_no_difference(
    batch: Batch, order: object, data: st.DataObject
) -> None:
    entries, stock = batch
    entries = [ranked(one, data.draw(st.integers(0, 2)), stock) for one in entries]
    turn = list(range(len(entries)))
    order.shuffle(turn)  # type: ignore[attr-defined]
    plain = solve_by_priority(entries, stock, EXACT)
    shuffled = solve_by_priority([entries[k] for k in turn], stock, EXACT)
    assert [plain.offers[k] for k in turn] == list(shuffled.offers)


def test_with_one_priority_it_is_the_plain_joint_decision() -> None:
    entries = [entry(k, {0: 1, 1: 1}, ONE_LEFT, saves(100.0 * k)) for k in range(4)]
    assert solve_by_priority(entries, ONE_LEFT, EXACT) == solve_batch(entries, ONE_LEFT, EXACT)


def test_the_gap_is_told_of_what_is_served() -> None:
    nobody = Table(np.array([np.inf, np.inf, np.inf]), np.zeros((2, 3)))
    entries = [
        ranked(entry(1, {0: 1}, ONE_LEFT, nobody), 1, ONE_LEFT),
        ranked(entry(2, {0: 1}, ONE_LEFT, saves(500)), 0, ONE_LEFT),
    ]
    solved = solve_by_priority(entries, ONE_LEFT, EXACT)
    assert (solved.value, solved.bound, solved.gap) == (UNSERVED + 500, UNSERVED + 500, 0.0)
