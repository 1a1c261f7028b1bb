"""Stores that send online orders, on the shipped network: paired on the same luck, with 95 % intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.scenario.load import Scenario, load
from sim.study.compare import Comparison, compare
from sim.study.kpis.breakdown import MEASURES

MEASURE = {measure.name: measure for measure in MEASURES}
SENT, FROM_DC = "ship-from-store", "in-house DC"


def short(*changes: str) -> Scenario:
    """Return the library's scenario with a day of warm-up and a third of its trade."""
    scenario = load("ship_from_store", changes)
    clock = scenario.file.clock.model_copy(update={"warm_up": 1})
    demand = scenario.file.demand.model_copy(update={"shoppers_per_day": 350})
    return replace(scenario, file=scenario.file.model_copy(update={"clock": clock, "demand": demand}))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Return warehouses alone against the same with stores that send what they have where that is cheaper."""
    changes = {name: short(name) for name in ("cheapest_site", "nearest_site")}
    return compare(short(), ["cheapest"], changes=changes, replications=3, days=2, workers=1, by=["model"])


@pytest.mark.parametrize("arm", ["cheapest_site/cheapest", "nearest_site/cheapest"])
def test_ship_from_store_shortens_delivery(comparison: Comparison, arm: str) -> None:
    assert comparison.difference(arm, "delivery_hours_mean").interval.high < 0
    assert comparison.difference(arm, "km_per_parcel").interval.high < 0


@pytest.mark.parametrize("kpi", ["picking_per_order", "packing_per_order", "equipment_cost_per_order"])
@pytest.mark.parametrize("arm", ["cheapest_site/cheapest", "nearest_site/cheapest"])
def test_it_raises_labour_and_what_the_stores_need_for_it(comparison: Comparison, arm: str, kpi: str) -> None:
    assert comparison.difference(arm, kpi).interval.low > 0


def test_an_order_costs_more_labour_and_packaging_in_a_store_than_in_a_warehouse_of_our_own(
    comparison: Comparison,
) -> None:
    for name in ("handling", "packaging"):
        store, own = (
            comparison.of_group("cheapest_site/cheapest", "model", group, MEASURE[name]) for group in (SENT, FROM_DC)
        )
        assert store.low > own.high


def test_what_stores_send_their_own_customers_miss(comparison: Comparison) -> None:
    assert comparison.difference("nearest_site/cheapest", "walk_in_fill_rate").interval.high < 0


def test_distance_alone_is_dearer_all_in_than_warehouses_alone(comparison: Comparison) -> None:
    assert comparison.difference("nearest_site/cheapest", "all_in_cost_per_order").interval.low > 0
