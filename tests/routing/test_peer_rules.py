"""The shipped file of other engines' default rules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.routing.files import findings, read_routing
from sim.world.simulate import simulate
from tests.routing.ruled import heard, network, order
from tests.tiny import tiny

CONFIG = read_routing(Path(__file__).parents[2] / "scenarios" / "peer_rules.yaml")


def test_the_linter_has_nothing_to_say_of_them() -> None:
    assert findings(CONFIG) == []


@pytest.mark.parametrize("strategy", CONFIG.strategies)
def test_each_serves_every_unit_that_is_there_and_accounts_for_the_rest(strategy: str) -> None:
    luck = np.random.default_rng(5)
    engine = build_engine(CONFIG, strategy, network())
    for k in range(40):
        stock = luck.integers(0, 4, size=(4, 4)).astype(np.int32)
        heard(engine, stock, network(), at=float(k))
        before = engine.available()
        asked_for = order(*[(int(sku), int(luck.integers(1, 4))) for sku in luck.permutation(4)[:2]], id=k, place=k % 3)
        plan = engine.route(asked_for, float(k))
        placed = dict.fromkeys(range(4), 0)
        for line in [*(line for parcel in plan.parcels for line in parcel.lines), *plan.backordered, *plan.unfilled]:
            placed[line.sku] += line.quantity
        assert {sku: units for sku, units in placed.items() if units} == dict(asked_for.lines)
        given = np.zeros(4, dtype=np.int64)
        for parcel in plan.parcels:
            for line in parcel.lines:
                given[line.sku] += line.quantity
        assert (engine.available() == before - given).all()


@pytest.mark.parametrize("strategy", ["hard_then_soft", "near_whole_near_split_far", "weighted"])
def test_a_simulated_world_under_peer_rules_keeps_its_books(tmp_path: Path, strategy: str) -> None:
    scenario = tiny(tmp_path, clock__measure="1 day", clock__drain_limit="3 days")
    audit(simulate(scenario, Tape(scenario, 1, 0), build_engine(CONFIG, strategy, scenario.network)))
