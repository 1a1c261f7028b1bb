"""The trial: the gate judges changes whose nature is known, and pairs of candidates that are equal."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.contract.pipe_router import end_idle
from sim.scenario.load import load
from sim.study.gate.faults import Policy
from sim.study.gate.margins import USUAL, read_margins
from sim.study.gate.run import Gate, run_gate
from sim.study.gate.sides import Configured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.scenario.load import Scenario
    from sim.study.gate.run import Result
    from sim.study.gate.sides import Side
    from sim.study.gate.trial.change import Change
    from sim.study.runs.kept import Kept

SCENARIO = "release_gate"
EQUAL = "drawn", "drawn_again"
"""Two strategies of it that are one but for the seed they draw by: equal, and not identical."""


@dataclass(frozen=True)
class Tried:
    """What the gate said of one change, and how long it took."""

    change: Change
    result: Result
    seconds: float

    @property
    def why(self) -> str:
        """What it failed for: the guards, and the faults."""
        guards = [each.margin.kpi.name for each in self.result.judged if each.verdict == "fail"]
        kinds = [str(fault.kind) for fault in self.result.faults[1].found()]
        return ", ".join(dict.fromkeys([*guards, *kinds]))


def gate_of(
    sides: tuple[Side, Side], kept: Kept | None = None, seed: int = 1, scenario: Scenario | None = None
) -> Gate:
    """Return the gate as it is by default, on the scenario that is meant for it."""
    return Gate(sides, scenario or load(SCENARIO), read_margins(USUAL), Policy(), seed, kept=kept)


def try_changes(changes: Iterable[Change], workers: int, kept: Kept | None, seed: int = 1) -> Iterator[Tried]:
    """Yield what the gate says of each change; runs of the baseline are made once."""
    scenario = load(SCENARIO)
    for change in changes:
        with tempfile.TemporaryDirectory() as folder:
            start = time.perf_counter()
            sides = Configured("as it is", change.strategy), change.candidate(scenario, Path(folder))
            result = run_gate(gate_of(sides, kept, seed, scenario), workers)
            end_idle()
            yield Tried(change, result, time.perf_counter() - start)


def try_equal(seeds: Iterable[int], workers: int, kept: Kept | None) -> Iterator[Result]:
    """Yield what the gate says of two equal candidates, on other luck each time."""
    baseline, candidate = EQUAL
    for seed in seeds:
        yield run_gate(gate_of((Configured(baseline, baseline), Configured(candidate, candidate)), kept, seed), workers)
