"""What the runner costs around the runs themselves, and what a second worker saves, on a study of 20 replications."""

from __future__ import annotations

import gc
import math
import time
from typing import TYPE_CHECKING

import pytest

from sim.chance.tape import Tape
from sim.scenario.load import load
from sim.study.experiment import Experiment, Place, design, run_all, run_arm
from sim.study.runs.kept import Kept
from sim.study.workers import default_workers

if TYPE_CHECKING:
    from pathlib import Path

REPLICATIONS, DAYS, STRATEGIES = 20, 2, ["nearest", "cheapest"]


def study(replications: int) -> Experiment:
    return design(load("us_electronics").with_measured_days(DAYS), STRATEGIES, replications, 1)


@pytest.mark.benchmark
def test_the_runner_costs_under_a_twentieth_of_what_it_runs(tmp_path: Path) -> None:
    """Runs are kept, and looked up before; the same runs made in a plain loop are what there is to pay anyway."""
    experiment = study(4)

    def plain(_: int) -> None:
        for replication in range(4):
            tape = Tape(experiment.scenario, 1, replication)
            for arm in experiment.arms:
                run_arm(experiment, arm, tape, None)

    def by_runner(turn: int) -> None:
        assert len(list(run_all(experiment, 1, Place(kept=Kept(tmp_path / f"{turn}"))))) == 4

    best = {plain: math.inf, by_runner: math.inf}
    for turn in range(4):
        for way in best:
            gc.collect()
            start = time.process_time()
            way(turn)
            best[way] = min(best[way], time.process_time() - start)
    share = best[by_runner] / best[plain] - 1
    print(f"\nrunner: {share:.1%} beside {best[plain]:.2f} CPU s of 8 short runs")
    assert share < 0.05


@pytest.mark.benchmark
@pytest.mark.skipif(default_workers() < 2, reason="one processor: a second worker has nowhere to run")
def test_two_workers_take_at_most_three_fifths_of_the_time_of_one() -> None:
    list(run_all(study(2), 2))  # the workers are there, and have loaded what they need
    took = {}
    for workers in (1, 2):
        gc.collect()
        start = time.perf_counter()
        assert len(list(run_all(study(REPLICATIONS), workers))) == REPLICATIONS
        took[workers] = time.perf_counter() - start
    ratio = took[2] / took[1]
    print(f"\n{REPLICATIONS} replications: {took[1]:.1f} s with one worker, {took[2]:.1f} s with two, {ratio:.2f}")
    assert ratio <= 0.6
