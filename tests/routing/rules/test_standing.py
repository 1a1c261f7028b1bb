"""What is worked out once for a place gives the plans that are worked out afresh, and in the same order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.routing.rules.config import Rules
from sim.routing.rules.decide import asked, decide
from sim.routing.rules.filters import AnyFilter
from sim.routing.rules.ranks import RankBy
from sim.routing.rules.situation import Situation
from sim.routing.rules.standing import Standing
from tests.routing.rules.situations import rules, situation, situations

BY: tuple[dict[str, Any], ...] = (
    {"by": "distance"},
    {"by": "distance", "band": "50 km"},
    {"by": "units_covered"},
    {"by": "lines_covered"},
    {"by": "lines_covered", "descending": True},
    {"by": "priority"},
    {"by": "attribute", "attribute": "orders_today"},
    {"by": "given", "ranks": {"a": 2, "c": 1}},
    {"by": "inventory_balance"},
    {"by": "round_robin"},
    {"by": "id"},
)
KEEP: tuple[dict[str, Any], ...] = (
    {"keep": "max_distance", "limit": "100 km"},
    {"keep": "capacity", "counts": "orders", "limit": 2},
    {"keep": "stock_at_least", "units": 1, "soft": 1},
    {"keep": "none_of", "of": [{"keep": "attribute", "name": "orders_today", "at_least": 2}]},
    {"keep": "attribute", "name": "priority", "at_most": 1, "soft": 2},
)

CAPPED = {"keep": "capacity", "counts": "units", "limit": "priority", "unless": {"channels": ["shop"]}}


@st.composite
def twice(draw: st.DrawFn) -> tuple[Situation, Situation]:
    """Draw two orders to one place: what differs is what they ask for, what there is, and what was taken on."""
    sites = draw(st.integers(1, 6))
    km = draw(st.lists(st.sampled_from([0.0, 5.0, 5.0, 80.0, 900.0, np.nan]), min_size=sites, max_size=sites))
    priority = draw(st.lists(st.sampled_from([None, 1, 2]), min_size=sites, max_size=sites))
    found = []
    for _ in range(2):
        cell = st.lists(st.integers(-1, 3), min_size=sites, max_size=sites)
        counters = {
            "orders_today": np.array(draw(cell), dtype=np.float64),
            "last_used": np.array(draw(st.lists(st.sampled_from([np.nan, 1.0, 2.0]), min_size=sites, max_size=sites))),
        }
        stock = draw(st.lists(cell, min_size=2, max_size=2))
        wanted = draw(st.lists(st.integers(1, 4), min_size=2, max_size=2))
        drawn = situation(stock, wanted, km=km, usage=counters, attributes=[{"priority": p} for p in priority])
        found.append(drawn)
    return found[0], replace(found[1], columns=found[0].columns)


@given(
    twice(),
    st.lists(st.sampled_from(BY), max_size=4),
    st.lists(st.sampled_from(KEEP), max_size=3),
    st.booleans(),
    st.integers(0, 2),
)
def test_an_order_is_asked_for_where_it_would_be_without_the_one_before(
    orders: tuple[Situation, Situation], by: list[Any], keep: list[Any], weighed: bool, relaxed: int
) -> None:
    (step,) = Rules.model_validate({"steps": [{"weigh" if weighed else "rank": by, "filters": keep}]}).steps
    before, now = orders
    standing = Standing(step, relaxed, before)
    queue = standing.queue(now)
    expected = asked(step, now, relaxed)
    first = expected[0] if expected else None
    has_all = first is not None and all(row[first] >= n for row, n in zip(now.available, now.wanted, strict=True))
    assert standing.queue(now).first_with_all() == (first if has_all else None)
    assert queue.first() == first
    assert queue.order(None) == expected


@given(situations(), rules())
def test_a_decision_is_the_same_whether_or_not_it_is_traced(asked_for: Situation, by: Rules) -> None:
    assert decide(by, asked_for) == decide(by, asked_for, [])


@given(twice(), rules())
def test_what_was_made_of_earlier_orders_changes_nothing(orders: tuple[Situation, Situation], by: Rules) -> None:
    known: dict[tuple[int, int], Standing] = {}
    decide(by, orders[0], known=known)
    assert decide(by, orders[1], known=known) == decide(by, orders[1])


@given(twice(), st.sampled_from([*KEEP, CAPPED]), st.sampled_from(["", "shop"]))
def test_a_filter_says_of_one_site_what_it_says_of_all(
    orders: tuple[Situation, Situation], keep: dict[str, Any], channel: str
) -> None:
    each: AnyFilter = Rules.model_validate({"steps": [{"filters": [keep]}]}).steps[0].filters[0]
    asked_for = replace(orders[0], channel=channel)
    assert [each.admits(asked_for, k) for k in range(len(asked_for.columns))] == each.passes(asked_for).tolist()


@pytest.mark.parametrize("keep", KEEP, ids=lambda keep: keep["keep"])
def test_a_filter_stands_still_unless_it_looks_at_stock_or_counters(keep: dict[str, Any]) -> None:
    each: AnyFilter = Rules.model_validate({"steps": [{"filters": [keep]}]}).steps[0].filters[0]
    assert each.stands_still() == (keep in (KEEP[0], KEEP[4]))


@pytest.mark.parametrize("by", BY, ids=lambda by: by["by"])
def test_a_rank_stands_still_unless_it_looks_at_stock_or_counters(by: dict[str, Any]) -> None:
    still = by["by"] in ("distance", "priority", "given", "id")
    assert RankBy.model_validate(by).stands_still() == still
