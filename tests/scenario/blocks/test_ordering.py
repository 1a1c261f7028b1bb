"""How much is ordered: the rules of stock control by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.scenario.blocks.ordering import to_order
from sim.scenario.schema import StockBlock
from tests.tiny import SITE_KIND

if TYPE_CHECKING:
    from numpy.typing import NDArray


def block(**changes: Any) -> StockBlock:
    return StockBlock.model_validate({**SITE_KIND["stock"], **changes})


def units(*values: int) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


POINT, LEVEL = units(4, 4, 4, 4, 4, 0), units(10, 10, 10, 10, 10, 0)
POSITION = units(12, 10, 5, 4, -9, 0)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("min_max", [0, 0, 0, 6, 19, 0]),
        ("order_up_to", [0, 0, 5, 6, 19, 0]),
        # Q = 6: -9 + 3 * 6 = 9 is the first above 4
        ("fixed_quantity", [0, 0, 0, 6, 18, 0]),
    ],
)
def test_each_policy_orders_what_its_rule_says(policy: str, expected: list[int]) -> None:
    assert to_order(block(policy=policy), POSITION, POINT, LEVEL).tolist() == expected


@pytest.mark.parametrize(
    ("minimum", "multiple", "expected"),
    [(0, 1, [0, 6, 19]), (8, 1, [0, 8, 19]), (0, 4, [0, 8, 20]), (7, 6, [0, 12, 24])],
)
def test_suppliers_sell_a_least_quantity_and_whole_cases(minimum: int, multiple: int, expected: list[int]) -> None:
    bought = to_order(block(minimum_order=minimum, multiple=multiple), POSITION[2:5], POINT[2:5], LEVEL[2:5])
    assert bought.tolist() == expected


def test_what_is_not_carried_is_not_ordered_whatever_is_owed() -> None:
    assert to_order(block(policy="order_up_to"), units(-3), units(0), units(0)).tolist() == [0]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"review_every": None}, "expected days between reviews"),
        ({"review": "continuous"}, "review_every with review: continuous"),
        ({"review": "continuous", "review_every": None, "supplied_by": "dc"}, "expected vendors or trucks"),
        ({"multiple": 0}, "at least 1"),
        ({"policy": "s_S"}, "min_max"),
    ],
)
def test_a_rule_that_says_two_things_or_none_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        block(**changes)
