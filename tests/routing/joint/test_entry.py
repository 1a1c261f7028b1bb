from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.routing.joint.entry import Entry, Offer, parts
from tests.routing.joint.small_batches import SITES, SKUS, batches, every_offer

Batch = tuple[list[Entry], NDArray[np.int32]]
Prices = dict[int, NDArray[np.float64]]

# some dearer than not to serve at all
_rows = st.lists(st.sampled_from([0.0, 50.0, 300.0, 20_000.0]), min_size=SITES, max_size=SITES).map(np.array)
prices = st.dictionaries(st.integers(0, SKUS - 1), _rows)
sometimes = settings(deadline=None, max_examples=60)


def priced(one: Entry, offer: Offer, at: Prices) -> float:
    return one.score(offer) + sum(q * float(at[sku][site]) for sku, site, q in one.units(offer) if sku in at)


@sometimes
@given(batch=batches(most_orders=1), at=prices)
def test_the_choice_is_the_best_of_all_offers_at_any_prices(batch: Batch, at: Prices) -> None:
    [one], stock = batch
    choice = one.choose(None, at)
    least = min(priced(one, offer, at) for offer in every_offer(one) if one.fits(offer, stock))
    assert choice.score == pytest.approx(least)
    assert priced(one, choice.offer, at) == pytest.approx(least)
    assert choice.bound == choice.score


@sometimes
@given(batch=batches(most_orders=1), at=prices, limit=st.integers(1, 25_000))
def test_all_offers_below_a_limit_are_found_and_no_others(batch: Batch, at: Prices, limit: int) -> None:
    [one], stock = batch
    # half a cent keeps limits away from scores
    found = one.below(limit + 0.5, at, most=10_000)
    assert found == {o for o in every_offer(one) if one.fits(o, stock) and priced(one, o, at) < limit + 0.5}


@sometimes
@given(batch=batches(most_orders=1))
def test_if_there_are_more_offers_than_asked_for_none_is_told(batch: Batch) -> None:
    [one], _ = batch
    found = one.below(1e6, {}, most=10_000)
    assert found is not None
    assert one.below(1e6, {}, most=len(found)) == found
    assert one.below(1e6, {}, most=len(found) - 1) is None


def test_the_parts_of_an_order_are_all_but_the_whole_and_nothing() -> None:
    assert parts((2, 1)) == [(1, 1), (2, 0), (0, 1), (1, 0)]
