"""Stock held back from a channel is not given to its orders, however many of them are decided at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.routing.joint.batch import Limits, solve_batch
from sim.routing.joint.entry import Entry, Offer
from sim.routing.offers.offers import Request, Share
from tests.routing.joint.small_batches import UNSERVED, Table, batches, entry
from tests.routing.joint.test_batch import first_come

EXACT = Limits(gap=0.0)
NEAR = Table(np.array([500.0, 700.0, np.inf]), np.zeros((2, 3)))
STOCK = np.array([[3, 9, 0], [9, 9, 0]], dtype=np.int32)
HELD = np.array([[2, 0, 0], [0, 0, 0]], dtype=np.int32)


def fenced(
    one: Entry, stock: NDArray[np.int32], held: NDArray[np.int32], kept: tuple[Offer, float] | None = None
) -> Entry:
    """Return an order as one of the channel ``web``, from which some units are held back."""
    order = one.request.order._replace(channel="web")
    return Entry(Request(order, stock, 0.0), one._objective, 2, UNSERVED, kept, held)


def sites_of(entries: list[Entry], stock: NDArray[np.int32] = STOCK) -> list[int]:
    return [offer[0].site for offer in solve_batch(entries, stock, EXACT).offers]


def test_two_orders_of_a_channel_do_not_share_one_unit_that_is_free_for_them() -> None:
    web = [fenced(entry(number, {0: 1}, STOCK, NEAR), STOCK, HELD) for number in (1, 2)]
    assert sorted(sites_of(web)) == [0, 1]


def test_what_is_held_back_from_one_channel_is_there_for_another() -> None:
    web = [fenced(entry(number, {0: 1}, STOCK, NEAR), STOCK, HELD) for number in (1, 2)]
    shop = [entry(number, {0: 1}, STOCK, NEAR) for number in (3, 4, 5)]
    chosen = sites_of([*web, *shop])
    assert chosen.count(0) == 3
    assert chosen[:2].count(0) <= 1


def test_what_was_promised_before_a_fence_stands_and_counts_as_the_channels_share() -> None:
    in_force = (Share(0, (1,)),)
    all_held = np.array([[3, 0, 0], [0, 0, 0]], dtype=np.int32)
    stands = fenced(entry(1, {0: 1}, STOCK, NEAR), STOCK, all_held, (in_force, 450.0))
    asks = fenced(entry(2, {0: 1}, STOCK, NEAR), STOCK, all_held)
    assert solve_batch([stands, asks], STOCK, EXACT).offers == (in_force, (Share(1, (1,)),))


@settings(deadline=None, max_examples=40)
@given(batch=batches(most_orders=7), data=st.data())
def test_no_channel_takes_more_than_is_free_for_it_and_nothing_is_lost_by_deciding_jointly(
    batch: tuple[list[Entry], NDArray[np.int32]], data: st.DataObject
) -> None:
    entries, stock = batch
    held = np.array(data.draw(st.lists(st.integers(0, 1), min_size=6, max_size=6)), dtype=np.int32).reshape(2, 3)
    web = [data.draw(st.booleans()) for _ in entries]
    entries = [fenced(one, stock, held) if fence else one for one, fence in zip(entries, web, strict=True)]
    solved = solve_batch(entries, stock, EXACT)
    taken, by_web = np.zeros_like(stock), np.zeros_like(stock)
    for one, offer in zip(entries, solved.offers, strict=True):
        for sku, site, quantity in one.units(offer):
            taken[sku, site] += quantity
            by_web[sku, site] += quantity * (one.pool == "web")
    assert (taken <= np.maximum(stock, 0)).all()
    assert (by_web <= np.maximum(stock - held, 0)).all()
    assert solved.value <= first_come(entries, stock) + 1e-6
    assert solved.bound == pytest.approx(solved.value)
