"""Goods that call for something go only where there is it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sim.routing.config import RoutingConfig
from sim.routing.explain import explain
from sim.routing.files import findings
from sim.routing.strategies.by_rules import site_columns
from tests.routing.ruled import BOSTON, DC_EAST, DC_WEST, A, B, C, order, ruled, sites, with_attributes

FILTER = {"keep": "can_handle", "attributes": ["cold", "hazmat"]}
STEP: dict[str, Any] = {"filters": [FILTER], "rank": [{"by": "distance"}]}
KNOWS: tuple[dict[str, Any], ...] = ({"cold": True}, {"cold": True, "hazmat": True}, {"hazmat": False})
network = with_attributes(*KNOWS)
COLD, HAZARDOUS = {"cold": True}, {"hazmat": True, "cold": False}
goods = zip(network.products, ({}, COLD, HAZARDOUS, {}), strict=True)
network = replace(network, products=tuple(replace(p, attributes=known) for p, known in goods))


@pytest.mark.parametrize(
    ("lines", "site"),
    [
        ([(A, 1)], BOSTON),  # the nearest
        ([(B, 1)], DC_EAST),  # the nearest that is cold
        ([(C, 1)], DC_WEST),  # the only one for hazardous goods
        ([(A, 1), (B, 1)], DC_EAST),  # one product that calls for it is enough
        ([(B, 1), (C, 1)], DC_WEST),
    ],
)
def test_every_attribute_that_any_product_calls_for_must_be_true_of_the_site(
    lines: list[tuple[int, int]], site: int
) -> None:
    assert sites(ruled(STEP, on=network), order(*lines)) == [site]


def test_the_explanation_says_who_cannot_handle_it() -> None:
    found = explain(ruled(STEP, on=network), order((B, 1)), 1.0)
    assert found.site(BOSTON).reason == "cannot_handle"


def test_an_attribute_that_no_site_has_is_found_by_the_linter() -> None:
    step = {"filters": [{"keep": "can_handle", "attributes": ["frozen"]}]}
    strategies = {"it": {"choose": "rules", "steps": [step]}}
    config = RoutingConfig.model_validate({"max_parcels": 3, "strategies": strategies})
    assert [found.fault for found in findings(config, site_columns(network))] == ["nobody_has_it"]
