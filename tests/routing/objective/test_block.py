"""A block `objective:` that could never act is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.routing.config import RoutingConfig

SPLIT = {"split": "1 USD"}
OPEN = {"per_unit": "1 USD"}
KEPT = {"backorders": {"retry_every": "1 h", "give_up_after": "1 day"}}


@pytest.mark.parametrize(
    ("strategy", "routing", "told"),
    [
        ({"choose": "cheapest", "objective": {}}, {}, "an empty block - expected at least one penalty"),
        ({"choose": "nearest", "objective": SPLIT}, {}, "objective with choose: nearest - expected choose: cheapest"),
        ({"choose": "rules", "steps": [{}], "objective": SPLIT}, {}, "expected a step with allocate: least_cost or"),
        (
            {"choose": "rules", "steps": [{"rank": [{"by": "cost"}]}], "objective": {"cancelled": OPEN}},
            {},
            "cancelled - expected a step with allocate: least_cost",
        ),
        ({"choose": "cheapest", "objective": {"backordered": OPEN}}, {}, "backordered: expected a block backorders"),
        ({"choose": "cheapest", "objective": {"cancelled": OPEN}}, KEPT, "cancelled: expected backordered"),
        ({"choose": "cheapest", "objective": {"cartons": {"each": "1 USD"}}}, {}, "expected holds, most or both"),
        ({"choose": "cheapest", "objective": {"refusal": {"half_life": "1 h"}}}, {}, "expected what a refusal costs"),
        ({"choose": "cheapest", "objective": {"splitt": "1 USD"}}, {}, "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_a_block_without_effect_is_refused(strategy: dict[str, Any], routing: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        RoutingConfig.model_validate({"max_parcels": 3, "strategies": {"it": strategy}, **routing})


def test_a_setting_at_its_default_has_the_version_of_one_that_is_absent() -> None:
    plain, written = (
        RoutingConfig.model_validate({"max_parcels": 3, "strategies": {"it": {"choose": "cheapest", **more}}})
        for more in ({}, {"objective": None, "status": "active"})
    )
    assert plain.version() == written.version()
