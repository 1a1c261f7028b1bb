"""The main job: run an experiment with a live progress bar, keep its results, show them."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from sim.report.breakdown import print_groups
from sim.report.figures import draw_figures
from sim.report.table import print_comparison
from sim.study.compare import Comparison
from sim.study.experiment import run_all
from sim.study.kpis import KPIS, definitions, estimate
from sim.study.store import new_run, versions, write_json, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.study.experiment import Experiment, Replication

SECONDS_BETWEEN_LOOKS = 0.5


def run_compare(experiment: Experiment, workers: int, root: Path, as_json: bool) -> Comparison:
    """Run, write ``<root>/<scenario>/<run>/`` and print; on stdout only JSON if `as_json`."""
    console = Console(stderr=True) if as_json else Console()
    start = time.perf_counter()
    scenario = experiment.scenario
    with new_run(root, scenario.name, scenario.digest) as (temporary, final):
        comparison = Comparison(experiment, _with_progress(experiment, workers, temporary, Console(stderr=True)))
        wall_seconds = time.perf_counter() - start
        write_parquet(temporary / "kpis.parquet", _kpi_table(comparison))
        draw_figures(comparison, temporary / "figures")
        result = comparison.as_json(str(final))
        write_json(temporary / "comparison.json", result)
        write_json(temporary / "manifest.json", _manifest(comparison, workers, wall_seconds))
    print_comparison(comparison, console)
    print_groups(comparison, console)
    console.print(
        f"\n{comparison.orders_routed:,} orders in {wall_seconds:.0f} s with {workers} workers; results in {final}",
        highlight=False,
        soft_wrap=True,
    )
    if as_json:
        json.dump(result, sys.stdout)
        sys.stdout.write("\n")
    return comparison


def _with_progress(experiment: Experiment, workers: int, folder: Path, console: Console) -> tuple[Replication, ...]:
    """Run everything; the bar counts the runs whose orders have landed in the folder, whoever wrote them."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    done: dict[int, Replication] = {}
    total = len(experiment.arms) * experiment.replications
    over = threading.Event()
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{experiment.scenario.name}, {len(experiment.arms)} {experiment.kind}", total=total)

        def count() -> None:
            while not over.wait(SECONDS_BETWEEN_LOOKS):
                progress.update(task, completed=sum(1 for _ in folder.glob("orders/*/*.parquet")))

        watcher = threading.Thread(target=count, daemon=True)
        watcher.start()
        try:
            for number, replication in run_all(experiment, workers, folder):
                done[number] = replication
            progress.update(task, completed=total)
        finally:
            over.set()
            watcher.join()
    return tuple(done[number] for number in sorted(done))


def _kpi_table(comparison: Comparison) -> dict[str, NDArray[Any]]:
    """One row per strategy, replication and KPI: its value there, and the sums it is the ratio of, if it is one."""
    rows = [
        (arm, number, kpi.name, *replication[arm].sums.pairs.get(kpi.name, (math.nan, math.nan)),
         estimate(kpi, [replication[arm].sums]).value)
        for number, replication in enumerate(comparison.replications)
        for arm in comparison.arms
        for kpi in KPIS
    ]  # fmt: skip
    columns = ("strategy", "replication", "kpi", "numerator", "denominator", "value")
    return {name: np.array(column) for name, column in zip(columns, zip(*rows, strict=True), strict=True)}


def _manifest(comparison: Comparison, workers: int, wall_seconds: float) -> dict[str, Any]:
    experiment = comparison.experiment
    scenario = experiment.scenario
    return {
        "scenario": scenario.name,
        "scenario_sha256": scenario.digest,
        "tables_sha256": scenario.table_digests,
        "resolved": scenario.resolved(),
        "changed": {
            name: {"scenario_sha256": variant.scenario.digest, "resolved": variant.scenario.resolved()}
            for name, variant in experiment.variants.items()
            if variant.scenario is not scenario
        },
        "strategies": list(experiment.arms),
        "baseline": comparison.baseline,
        "replications": experiment.replications,
        "seed": experiment.seed,
        "workers": workers,
        "wall_seconds": round(wall_seconds, 2),
        "orders_routed": comparison.orders_routed,
        "open_orders": {
            arm: sum(replication[arm].sums.open_orders for replication in comparison.replications)
            for arm in comparison.arms
        },
        "ledger_audited": True,
        "kpis": definitions(),
        "versions": versions(),
    }
