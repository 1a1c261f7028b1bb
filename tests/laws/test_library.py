"""Every scenario that is shipped keeps the laws of the ledger, as it stands and with each of its changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.scenario.load import load, shipped_scenarios
from sim.study.experiment import routing_of
from sim.world.simulate import simulate

DERIVED = [name for name in shipped_scenarios() if name != "us_electronics"]
CASES = [(name, change) for name in DERIVED for change in (None, *load(name).file.changes)]


@pytest.mark.parametrize(("name", "change"), CASES, ids=lambda part: part or "as it stands")
def test_a_shipped_scenario_keeps_the_laws_of_the_ledger(name: str, change: str | None) -> None:
    scenario = load(name, [] if change is None else [change])
    clock = scenario.file.clock.model_copy(update={"warm_up": 0, "drain_limit": 2})
    demand = scenario.file.demand.model_copy(
        update={"shoppers_per_day": min(200, scenario.file.demand.shoppers_per_day)}
    )
    file = scenario.file.model_copy(update={"clock": clock, "demand": demand})
    short = replace(scenario, file=file).with_measured_days(1)
    routing = routing_of(short)
    names = routing.live(clock.start)
    engine = build_engine(routing, "cheapest" if "cheapest" in names else names[0], short.network)
    ledger = simulate(short, Tape(short, 1, 0), engine)
    audit(ledger)
    assert len(ledger.shoppers.columns()["order"]) > 0
