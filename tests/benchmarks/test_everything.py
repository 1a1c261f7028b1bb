"""Orders per CPU second with everything that makes promises break switched on, against the plain world, in turn.

The aim is a half; what is asserted is what is reached, so that it cannot get worse unseen.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from sim.scenario.load import Scenario


def orders_per_second(scenario: Scenario, replication: int) -> float:
    """Return the orders of one run per CPU second."""
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    tape = Tape(scenario, 1, replication)
    start = time.process_time()
    ledger = simulate(scenario, tape, engine)
    seconds = time.process_time() - start
    audit(ledger)
    return int((ledger.shoppers.columns()["fate"] == 0).sum()) / seconds


@pytest.mark.benchmark
def test_everything_switched_on_leaves_a_third_of_the_orders_per_second(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    everything = load(Path(__file__).parent / "everything")
    plain_file = tmp_path / "plain" / "scenario.yaml"
    plain_file.parent.mkdir()
    plain_file.write_text(
        "extends: us_electronics\nset: {clock.warm_up: 2 days, clock.measure: 5 days}\n", encoding="utf-8"
    )
    plain = load(plain_file)
    pairs = [(orders_per_second(everything, turn), orders_per_second(plain, turn)) for turn in range(3)]
    ratio = statistics.median(much / little for much, little in pairs)
    with capsys.disabled():
        much, little = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"\norders per CPU second: everything {much:,.0f}, plain {little:,.0f}; ratio {ratio:.2f}")
    assert ratio >= 0.33
