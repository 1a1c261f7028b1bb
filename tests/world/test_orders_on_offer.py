"""A world whose sites never claim: orders on offer are decided when their time is over, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny


@pytest.mark.parametrize("rounds", [1, 2])
def test_orders_wait_for_the_rounds_and_then_go_out(tmp_path: Path, rounds: int) -> None:
    claims = {"candidates": 2, "timeout": "10 min", "rounds": rounds}
    asks = {"choose": "cheapest", "claims": claims}
    scenario = tiny(tmp_path, clock__measure="1 day", routing__strategies={"asks": asks})
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "asks", scenario.network))
    audit(ledger)
    orders = orders_of(ledger)
    done = orders["units_picked"] + orders["units_cancelled"]
    assert (done == orders["units"])[orders["measured"]].all()
    decisions = ledger.decisions.columns()
    waited = np.round(decisions["at"] - decisions["asked_at"], 6)
    assert set(waited.tolist()) == {0.0, *(10.0 * (k + 1) for k in range(rounds))}
