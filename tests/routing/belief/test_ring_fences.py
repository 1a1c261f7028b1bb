from __future__ import annotations

from typing import Any

import pytest

from sim.errors import RoutingError
from tests.routing.ruled import A, B, order, ruled

UNITS = 10


@pytest.mark.parametrize(
    ("fences", "free"),
    [
        ([], [40, 40]),
        ([{"units": 2}], [32, 32]),
        ([{"units": 2, "kinds": ["store"]}], [36, 36]),
        ([{"units": 2, "sites": ["dc_west"]}], [38, 38]),
        ([{"units": 2, "categories": ["audio"]}], [40, 32]),
        ([{"units": 2, "products": ["A"], "kinds": ["dc"]}], [36, 40]),
        ([{"units": 2}, {"units": 3, "sites": ["dc_west"]}], [31, 31]),  # the largest counts, not the sum
        ([{"units": 2, "channels": ["market"]}], [40, 40]),
    ],
)
def test_units_are_held_back_where_a_fence_says_so(fences: list[dict[str, Any]], free: list[int]) -> None:
    engine = ruled(stock=UNITS, routing={"ring_fences": fences})
    assert engine.available()[[A, B]].tolist() == free


@pytest.mark.parametrize(("channel", "unfilled"), [("market", 12), ("web", 0), ("", 0)])
def test_a_channel_s_fence_holds_back_from_that_channel_alone(channel: str, unfilled: int) -> None:
    fence = {"units": 3, "channels": ["market"]}
    engine = ruled(stock=UNITS, routing={"ring_fences": [fence]})
    plan = engine.route(order((A, 4 * UNITS), channel=channel), 1.0)
    assert sum(line.quantity for line in plan.unfilled) == unfilled


def test_a_fence_goes_with_the_safety_stock_of_a_kind_of_site_and_the_larger_counts() -> None:
    routing = {"safety_stock": {"store": 4}, "ring_fences": [{"units": 1}]}
    assert ruled(stock=UNITS, routing=routing).available()[A] == 2 * (UNITS - 4) + 2 * (UNITS - 1)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"sites": ["dc_wset"]}, r"ring_fences\[1\].sites: 'dc_wset' .* \(did you mean dc_west\?\)"),
        ({"products": ["Q"]}, r"ring_fences\[1\].products: 'Q'"),
        ({"categories": ["adio"]}, r"ring_fences\[1\].categories: 'adio' .*audio"),
    ],
)
def test_a_fence_around_what_is_not_there_is_refused_by_name(more: dict[str, Any], says: str) -> None:
    with pytest.raises(RoutingError, match=says):
        ruled(routing={"ring_fences": [{"units": 1}, {"units": 2, **more}]})
