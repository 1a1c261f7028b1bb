"""Several strategies on the same tapes: the place where names become objects.

The unit of work is one replication of all strategies: it keeps pairs together, and a tape is read many times once made.
"""

from __future__ import annotations

import gc
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.chance.tape import Tape
from sim.errors import FulfillSimError, expected_one_of
from sim.files import validate
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.study.kpis import Sums, cohort_of, sums_of
from sim.study.store import write_parquet
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sim.scenario.load import Scenario


@dataclass(frozen=True, slots=True)
class Experiment:
    """Which strategies to run, how often, on which luck.

    Parameters
    ----------
    arms
        Strategy names; the first is the baseline.
    """

    scenario: Scenario
    config: RoutingConfig
    arms: tuple[str, ...]
    replications: int
    seed: int


@dataclass(frozen=True, slots=True)
class ArmRun:
    """One strategy's share of a replication.

    Parameters
    ----------
    routed
        Orders given to the router, warm-up and drain included.
    seconds
        Time the run took.
    """

    sums: Sums
    routed: int
    seconds: float


Replication = dict[str, ArmRun]


def routing_of(scenario: Scenario) -> RoutingConfig:
    """Check a scenario's block `routing:`.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    return validate(RoutingConfig, scenario.source, ("routing",))


def design(
    scenario: Scenario,
    strategies: list[str] | None,
    replications: int,
    seed: int,
    baseline: str | None = None,
) -> Experiment:
    """Turn what was asked for into an experiment.

    Parameters
    ----------
    strategies
        Names from the scenario's block `routing:`; None means all that are active, no drafts.
    baseline
        What the others are compared with; None means the first.

    Raises
    ------
    FulfillSimError
        If a name is unknown.
    """
    config = routing_of(scenario)
    names = list(dict.fromkeys(strategies or config.live(scenario.file.clock.start)))
    if not names:
        raise FulfillSimError("no strategy is active on the scenario's first day - name one, or give it status: active")
    if baseline is not None:
        names = [baseline, *(name for name in names if name != baseline)]
    for name in names:
        if name not in config.strategies:
            raise FulfillSimError(f"unknown strategy {expected_one_of(name, config.strategies)}")
    return Experiment(scenario, config, tuple(names), replications, seed)


def run_arm(experiment: Experiment, arm: str, tape: Tape, orders_to: Path | None) -> ArmRun:
    """Run one strategy on a tape, audit its ledger, and keep what the KPIs need."""
    start = time.perf_counter()
    router = build_engine(experiment.config, arm, experiment.scenario.network)
    ledger = simulate(experiment.scenario, tape, router)
    orders = orders_of(ledger)
    audit(ledger, orders)
    cohort = cohort_of(ledger, orders)
    if orders_to is not None:
        write_parquet(orders_to, cohort.orders)
    return ArmRun(sums_of(cohort), len(orders["order"]), time.perf_counter() - start)


def run_replication(experiment: Experiment, replication: int, folder: Path | None) -> tuple[int, Replication]:
    """Run all strategies of an experiment on one tape; orders go to ``folder/orders/<arm>/``."""
    tape = Tape(experiment.scenario, experiment.seed, replication)
    runs = {}
    for arm in experiment.arms:
        target = (
            None if folder is None else folder / "orders" / f"strategy={arm}" / f"replication={replication}.parquet"
        )
        runs[arm] = run_arm(experiment, arm, tape, target)
        gc.collect()  # a world that is over is one big cycle: it would lie about until the next one is half built
    return replication, runs


def run_all(experiment: Experiment, workers: int, folder: Path | None) -> Iterator[tuple[int, Replication]]:
    """Yield the replications of an experiment as they finish, in any order.

    The numbers do not depend on `workers`.
    """
    if workers <= 1 or experiment.replications == 1:
        for replication in range(experiment.replications):
            yield run_replication(experiment, replication, folder)
        return
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = Parallel(n_jobs=min(workers, experiment.replications), return_as="generator_unordered", batch_size=1)
        yield from parallel(
            delayed(run_replication)(experiment, replication, folder) for replication in range(experiment.replications)
        )


def default_workers() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
