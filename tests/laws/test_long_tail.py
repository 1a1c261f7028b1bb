"""Vendors who send the long tail, on the shipped network: paired on the same luck, with 95 % intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.scenario.load import Scenario, load
from sim.study.compare import Comparison, compare
from sim.study.kpis.breakdown import MEASURES

MEASURE = {measure.name: measure for measure in MEASURES}
VENDOR, FROM_DC = "drop-ship", "in-house DC"


def short(*changes: str) -> Scenario:
    """Return the library's scenario with a day of warm-up and a third of its trade."""
    scenario = load("drop_ship", changes)
    clock = scenario.file.clock.model_copy(update={"warm_up": 1})
    demand = scenario.file.demand.model_copy(update={"shoppers_per_day": 350})
    return replace(scenario, file=scenario.file.model_copy(update={"clock": clock, "demand": demand}))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Return a retailer who does without the tail against one whose vendors send it."""
    changes = {"vendors": short("vendors")}
    return compare(short(), ["cheapest"], changes=changes, replications=3, days=2, workers=1, by=["model"])


def test_drop_ship_widens_the_range(comparison: Comparison) -> None:
    assert comparison.difference("vendors/cheapest", "turned_away_rate").interval.high < 0


def test_it_lengthens_delivery(comparison: Comparison) -> None:
    assert comparison.difference("vendors/cheapest", "delivery_hours_mean").interval.low > 0
    vendors, own = (
        comparison.of_group("vendors/cheapest", "model", group, MEASURE["delivery_hours"])
        for group in (VENDOR, FROM_DC)
    )
    assert vendors.low > own.high


@pytest.mark.parametrize("kpi", ["split_rate", "fees_per_order"])
def test_orders_split_more_and_pay_the_vendors_fee(comparison: Comparison, kpi: str) -> None:
    assert comparison.difference("vendors/cheapest", kpi).interval.low > 0


def test_a_vendors_units_earn_less(comparison: Comparison) -> None:
    own, vendors = (comparison.kpi("vendors/cheapest", kpi) for kpi in ("gross_margin_rate", "vendor_margin_rate"))
    assert vendors.high < own.low
