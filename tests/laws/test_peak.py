"""A holiday peak on the shipped network with a quarter of its trade: promises need people as well as stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from sim.scenario.load import load
from sim.study.compare import Comparison, compare

if TYPE_CHECKING:
    from pathlib import Path

QUARTER: dict[str, Any] = {
    "clock.start": "2026-11-25", "clock.warm_up": "1 day", "clock.measure": "3 days",
    "demand.shoppers_per_day": 265, "site_kinds.dc.pickers": 1,
    "site_kinds.dc.stock.days_of_cover": 14, "site_kinds.third_party.stock.days_of_cover": 14,
}  # fmt: skip
CHANGES: dict[str, dict[str, Any]] = {
    "usual_week": {"says": "No peak", "remove": ["demand.season"]},
    "more_people": {"says": "Three times as many people", "set": {"site_kinds.dc.pickers": 3}},
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Return the peak with stock for it and the usual people, against no peak, and against more people."""
    path: Path = tmp_path_factory.mktemp("peak") / "scenario.yaml"
    own = {"extends": "holiday_peak", "set": QUARTER, "remove": ["changes", "walk_ins", "goals"], "changes": CHANGES}
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(own, file)
    changes = {name: load(path, [name]) for name in CHANGES}
    return compare(load(path), ["cheapest"], changes=changes, replications=3, workers=1)


@pytest.mark.parametrize("kpi", ["on_time_ship_rate", "on_time_delivery_rate"])
def test_the_peak_raises_lateness(comparison: Comparison, kpi: str) -> None:
    assert comparison.difference("usual_week/cheapest", kpi).interval.low > 0


@pytest.mark.parametrize("kpi", ["on_time_ship_rate", "on_time_delivery_rate"])
def test_people_added_lower_it(comparison: Comparison, kpi: str) -> None:
    assert comparison.difference("more_people/cheapest", kpi).interval.low > 0


def test_orders_wait_for_pickers_in_the_peak_and_not_with_more_of_them(comparison: Comparison) -> None:
    assert comparison.difference("usual_week/cheapest", "picking_hours").interval.high < 0
    assert comparison.difference("more_people/cheapest", "picking_hours").interval.high < 0
