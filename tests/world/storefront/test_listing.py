"""One channel's listing: what is shown of a publication, and what sales take off it until the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line
from sim.scenario.blocks.storefront import StorefrontBlock
from sim.world.storefront.listing import Listing


def listing(**values: Any) -> Listing:
    """Return a listing of three products that has 9, 3 and 0 of them at minute 0."""
    block = StorefrontBlock.model_validate({"published_every": "30 min", "share_who_wait": 0, **values})
    found = Listing(block.listing("web"), 3)
    found.publish(np.array([9, 3, 0]), 0.0, 0.0)
    return found


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, [9, 3, 0]),
        ({"buffer": 2}, [7, 1, -2]),
        ({"opens_above": 3}, [9, 0, 0]),
        ({"opens_above": 2}, [9, 3, 0]),
        ({"cap": 5}, [5, 3, 0]),
        ({"buffer": 2, "cap": 5, "opens_above": 3}, [5, -2, -2]),
        ({"channels": {"web": {"buffer": 1}}, "buffer": 2}, [8, 2, -1]),
        ({"channels": {"app": {"buffer": 1}}}, [9, 3, 0]),
    ],
)
def test_a_listing_shows_what_there_is_less_its_buffer_and_no_more_than_its_cap(
    values: dict[str, Any], shown: list[int]
) -> None:
    assert listing(**values).shown == shown


def test_what_was_read_is_shown_after_its_delay() -> None:
    found = listing()
    found.publish(np.array([4, 4, 4]), 30.0, 40.0)
    found.settle(39.9)
    assert found.shown == [9, 3, 0]
    found.settle(40.0)
    assert found.shown == [4, 4, 4]


def test_what_was_read_earlier_and_comes_later_is_old() -> None:
    found = listing()
    found.publish(np.array([4, 4, 4]), 30.0, 90.0)
    found.publish(np.array([2, 2, 2]), 60.0, 70.0)
    found.settle(100.0)
    assert found.shown == [2, 2, 2]


def test_sales_are_taken_off_what_was_read_before_them() -> None:
    found = listing(falls_with="own_sales")
    found.sold([Line(0, 2)], 10.0, 10.0)
    assert found.shown == [7, 3, 0]
    found.publish(np.array([7, 3, 0]), 30.0, 40.0)
    found.sold([Line(0, 1), Line(1, 1)], 35.0, 35.0)
    assert found.shown == [6, 2, 0]
    found.settle(40.0)
    assert found.shown == [6, 2, 0]  # the two of minute 10 were known when it was read


def test_news_of_a_sale_tells_all_that_was_sold_by_then() -> None:
    found = listing(falls_with="all_sales")
    found.sold([Line(0, 1)], 10.0, 50.0)
    found.sold([Line(0, 1)], 20.0, 30.0)
    found.settle(25.0)
    assert found.shown[0] == 9
    found.settle(30.0)
    assert found.shown[0] == 7
    found.settle(50.0)
    assert found.shown[0] == 7


def test_news_of_a_sale_from_before_the_publication_changes_nothing() -> None:
    found = listing(falls_with="all_sales")
    found.sold([Line(0, 2)], 10.0, 45.0)
    found.publish(np.array([7, 3, 0]), 30.0, 31.0)
    found.settle(60.0)
    assert found.shown == [7, 3, 0]
