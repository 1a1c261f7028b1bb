"""Whatever is told, ordered, cancelled, released and refused: no unit is promised twice, nor beyond what is to come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.contract.supply_examination import SupplyExamination
from tests.networks import network, site
from tests.routing.engines import engine
from tests.routing.supply import POLICY

STRATEGIES: dict[str, Any] = {
    "cheapest": {"choose": "cheapest"},
    "nearest": {"choose": "nearest"},
    "batch": {"choose": "batch", "window": "0 min"},
    "rules": {"choose": "rules", "backorder": True, "steps": [{"rank": [{"by": "distance"}]}]},
}
STEPS = (
    "order",
    "order",
    "order",
    "trade",
    "trade",
    "pick",
    "pick_restocked",
    "release",
    "cancel",
    "wait",
    "available",
)


def step(exam: SupplyExamination, kind: str) -> None:
    """Let the host do something."""
    match kind:
        case "order":
            exam.random_order()
        case "trade":
            exam.trade()
        case "pick" | "pick_restocked":
            exam.pick_one(restocked=kind == "pick_restocked")
        case "release":
            exam.release_one()
        case "cancel":
            exam.cancel_one()
        case "wait":
            exam.pass_time(300.0)
        case "available":
            exam.check_available()


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), min_size=20, max_size=60))
@settings(max_examples=40, phases=(Phase.generate,))
def test_each_unit_is_promised_once(strategy: str, seed: int, steps: list[str]) -> None:
    places = [site(10.0 + 100.0 * k, attributes={"backorderable": True}) for k in range(3)]
    here = network(places, products=2)
    exam = SupplyExamination(engine(here, strategy, backorders=POLICY, strategies=STRATEGIES), here, seed)
    exam.open_shop(3)
    for kind in steps:
        step(exam, kind)
        exam.pass_time(20.0)
    exam.pass_time(3000.0)
    assert exam.broken == {}
