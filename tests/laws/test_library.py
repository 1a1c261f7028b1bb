"""Every scenario that is shipped, as it stands and with each change, keeps the ledger's laws and its books."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.chance.tape import Tape
from sim.ledger.orders import orders_of
from sim.money.charges import charge
from sim.routing.build import build_engine
from sim.scenario.load import load, shipped_scenarios
from sim.study.checks.check import check_scenario
from sim.study.experiment import routing_of
from sim.study.kpis.reconcile import reconcile
from sim.world.simulate import simulate

CASES = [
    (name, change)
    for name in shipped_scenarios()
    for change in (None, *(load(name).file.changes if name != "us_electronics" else ()))
]


@pytest.mark.parametrize(("name", "change"), CASES, ids=lambda part: part or "as it stands")
def test_a_shipped_scenario_keeps_the_laws_of_the_ledger_and_its_books_to_the_cent(
    name: str, change: str | None
) -> None:
    scenario = load(name, [] if change is None else [change])
    clock = scenario.file.clock.model_copy(update={"warm_up": 0, "drain_limit": 2})
    demand = scenario.file.demand.model_copy(
        update={"shoppers_per_day": min(200, scenario.file.demand.shoppers_per_day)}
    )
    file = scenario.file.model_copy(update={"clock": clock, "demand": demand})
    short = replace(scenario, file=file).with_measured_days(1)
    routing = routing_of(short)
    names = routing.live(clock.start)
    strategy = "cheapest" if "cheapest" in names else names[0]
    ledger = simulate(short, Tape(short, 1, 0), build_engine(routing, strategy, short.network))
    charge(ledger, short, orders_of(ledger), strategy)
    found = reconcile(ledger)
    assert found.broken == ()
    assert [check for check in found.checks if not check.holds] == []
    assert len(ledger.shoppers.columns()["order"]) > 0


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_passes_its_own_check_with_every_change_and_without_a_remark(name: str) -> None:
    assert check_scenario(name).remarks == ()
