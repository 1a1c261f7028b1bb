"""A third party's warehouse near shoppers who were far from any: paired on the same luck, with 95 % intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.scenario.load import Scenario, load
from sim.study.compare import Comparison, compare
from sim.study.kpis.breakdown import MEASURES
from sim.study.statistics.estimate import Interval

MEASURE = {measure.name: measure for measure in MEASURES}


def short(*changes: str) -> Scenario:
    """Return the library's scenario over three days, a fifth of its trade."""
    scenario = load("west_3pl", changes)
    clock = scenario.file.clock.model_copy(update={"warm_up": 1})
    demand = scenario.file.demand.model_copy(update={"shoppers_per_day": 110})
    return replace(scenario, file=scenario.file.model_copy(update={"clock": clock, "demand": demand}))


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Return two DCs in the East and Midwest against the same with a 3PL in Reno."""
    changes = {"reno": short("reno")}
    return compare(short(), ["cheapest"], changes=changes, replications=5, days=3, workers=1, by=["region"])


def less_base(comparison: Comparison, region: str, measure: str) -> Interval:
    return comparison.of_group("reno/cheapest", "region", region, MEASURE[measure], less_baseline=True)


@pytest.mark.parametrize("measure", ["delivery_hours", "label"])
def test_a_warehouse_in_the_west_makes_western_delivery_faster_and_its_labels_cheaper(
    comparison: Comparison, measure: str
) -> None:
    assert less_base(comparison, "West", measure).high < 0


def test_it_is_paid_by_fees(comparison: Comparison) -> None:
    assert less_base(comparison, "West", "fees").low > 0


def test_a_third_stock_costs_more_to_have_and_to_fill(comparison: Comparison) -> None:
    assert less_base(comparison, "West", "stock").low > 0
