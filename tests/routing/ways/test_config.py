"""What stands in the blocks about ways to fulfil has an effect, or is told."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.routing.config import RoutingConfig
from sim.routing.files import findings
from sim.routing.strategies.by_rules import site_columns
from tests.routing.ways.shops import shops

BASE: dict[str, Any] = {"max_parcels": 3, "strategies": {"it": {"choose": "cheapest"}}}
STEPS = [{"rank": [{"by": "distance"}]}]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            {"pickup": {"truck": {"cost_per_parcel": "1 USD"}}},
            "truck with transfer: never - expected transfer",
        ),
        ({"pickup": {"receive": "30 min"}}, "receive with transfer: never"),
        ({"pickup": {"transfer": "sometimes"}}, "'never', 'missing_lines' or 'whole_order'"),
        ({"pickup": {"hold_for": 3}}, "bare number 3 - expected a time span with its unit"),
        ({"merge": {"cost_per_parcel": 1}}, "bare number 1"),
        ({"merge": {"when": "never"}}, "'asked' or 'split'"),
        ({"splits": {"max_packages": 0}}, "0 - expected at least 1"),
        ({"returns": {"steps": []}}, "at least 1 item"),
        (
            {"returns": {"steps": [{**STEPS[0], "allocate": "one_site"}]}},
            r"steps.0.allocate: expected filters",
        ),
    ],
)
def test_what_is_wrong_or_without_effect_is_refused_by_name(block: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        RoutingConfig.model_validate({**BASE, **block})


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"pickup": {}}, []),
        (
            {"pickup": {"attribute": "curbside"}},
            ["pickup.attribute: nobody_has_it: no site has curbside: true"],
        ),
        ({"merge": {}}, []),
        ({"merge": {"at": ["vendor"]}}, ["merge.at: nobody_has_it: no site is a vendor, so nothing can be merged"]),
        ({"merge": {"at": "hub"}}, ["merge.at: nobody_has_it: no site has hub: true, so nothing can be merged"]),
        ({"returns": {"steps": STEPS}}, []),
    ],
)
def test_the_linter_says_what_no_site_has(block: dict[str, Any], told: list[str]) -> None:
    config = RoutingConfig.model_validate({**BASE, **block})
    found = [str(finding) for finding in findings(config, site_columns(shops()))]
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


def test_what_is_not_named_is_off() -> None:
    config = RoutingConfig.model_validate(BASE)
    assert (config.pickup, config.merge, config.splits, config.returns) == (None, None, None, None)
