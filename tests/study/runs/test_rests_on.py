"""What a manifest tells that an experiment rests on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.scenario.load import load
from sim.study.experiment import design
from sim.study.runs.rests_on import rests_on
from tests.tiny import write

BENCH = {"account": "equipment", "where": {"kinds": ["store"]}, "once": "1500 USD", "over": "365 days"}
PLANNER = {"account": "licences", "per_month": "400 USD", "strategies": ["cheapest"]}
CHANGES = {
    "less": {"says": "Fewer come", "set": {"demand.shoppers_per_day": 50}},
    "benches": {"set": {"fixed.b": BENCH}},
}


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    path = write(tmp_path, fixed={"planner": PLANNER}, changes=CHANGES)
    variants = {name: load(path, name.split("+")) for name in ("less", "less+benches")}
    return rests_on(design(load(path), ["nearest", "cheapest"], 1, 1, changes=variants))


def test_a_variant_says_what_its_changes_say(told: dict[str, Any]) -> None:
    assert told["says"] == {"base": "", "less": "Fewer come", "less+benches": "Fewer come"}


def test_an_arm_has_the_fixed_costs_of_its_variant_and_strategy_at_as_many_sites(told: dict[str, Any]) -> None:
    assert told["fixed"]["base/nearest"] == {}
    assert set(told["fixed"]["base/cheapest"]) == {"planner"}
    assert told["fixed"]["less+benches/nearest"] == {
        "b": {"account": "equipment", "times": 2, "per_month_cents": None, "once_cents": 150_000, "over_days": 365}
    }


def test_defaults_are_those_of_the_scenario_as_it_stands(told: dict[str, Any]) -> None:
    assert told["at_defaults"]["replenishment"] == "rules"
    assert told["remarks"] == []
