"""Our orders per CPU second against a bare hand-written SimPy model of the same size, run in turn in one process."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from sim.scenario.load import load
from tests.benchmarks.yardstick import FIRST_VERSION, bare, ours


@pytest.mark.benchmark
def test_our_orders_per_cpu_second_are_at_least_four_tenths_of_the_bare_model(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scenario = load(Path(__file__).parent / "floor")
    turns = [(ours(scenario, turn), bare(turn)) for turn in range(5)]
    ratio = statistics.median(a / b for a, b in turns)
    with capsys.disabled():
        a, b = (statistics.median(column) for column in zip(*turns, strict=True))
        print(f"\norders per CPU second: ours {a:,.0f}, bare {b:,.0f}")
        print(f"ratio {ratio:.2f}; {ratio / FIRST_VERSION:.2f} of that of the first version")
    assert ratio >= 0.4
