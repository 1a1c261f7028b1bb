"""The sets that are found are those that trying all of them finds, in the same order."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.routing.rules import smallest_set
from sim.routing.rules.smallest_set import SmallestSets


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=1, max_size=3),
    st.lists(st.integers(1, 6), min_size=3, max_size=3),
    st.integers(1, 4),
)
def test_all_sets_of_a_size_come_in_order(stock: list[list[int]], wanted: list[int], size: int) -> None:
    has, needs = np.array(stock), np.array(wanted[: len(stock)])
    every = [list(sites) for sites in combinations(range(6), size) if (has[:, sites].sum(axis=1) >= needs).all()]
    assert list(SmallestSets(has, needs).of_size(size)) == every


def test_more_sites_than_are_looked_at_together_are_all_looked_at() -> None:
    has = np.zeros((2, 3 * smallest_set.CHUNK), dtype=np.int64)
    has[0, -2:] = has[1, -1] = 1
    assert list(SmallestSets(has, np.array([2, 1])).of_size(2)) == [[has.shape[1] - 2, has.shape[1] - 1]]


def test_the_search_gives_up_after_so_many_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    has = np.ones((1, 8), dtype=np.int64)
    everything = SmallestSets(has, np.array([3]))
    assert len(list(everything.of_size(3))) == 56
    monkeypatch.setattr(smallest_set, "MOST_SETS", 20)
    assert len(list(SmallestSets(has, np.array([3])).of_size(3))) < 56
