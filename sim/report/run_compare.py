"""The main job: run an experiment with a live progress bar, keep its results, show them."""

from __future__ import annotations

import json
import sys
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

from sim.report.figures import draw_figures
from sim.report.table import print_comparison
from sim.study.compare import Comparison
from sim.study.experiment import run_all
from sim.study.kpis import KPIS
from sim.study.store import new_run, versions, write_json, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.experiment import Experiment, Replication


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
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("replications"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    done: dict[int, Replication] = {}
    with Progress(*columns, console=console) as progress:
        title = f"{experiment.scenario.name}, {len(experiment.arms)} strategies"
        task = progress.add_task(title, total=experiment.replications)
        for number, replication in run_all(experiment, workers, folder):
            done[number] = replication
            progress.advance(task)
    return tuple(done[number] for number in sorted(done))


def _kpi_table(comparison: Comparison) -> dict[str, Any]:
    """One row per strategy, replication and KPI: the ratio and its two sums."""
    rows = [
        (arm, number, kpi.name, *replication[arm].sums.pairs[kpi.name])
        for number, replication in enumerate(comparison.replications)
        for arm in comparison.arms
        for kpi in KPIS
        if kpi.quantile is None
    ]
    arm, number, name, numerator, denominator = (np.array(column) for column in zip(*rows, strict=True))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = numerator / denominator
    return {
        "strategy": arm, "replication": number, "kpi": name,
        "numerator": numerator, "denominator": denominator, "value": value,
    }  # fmt: skip


def _manifest(comparison: Comparison, workers: int, wall_seconds: float) -> dict[str, Any]:
    experiment = comparison.experiment
    scenario = experiment.scenario
    return {
        "scenario": scenario.name,
        "scenario_sha256": scenario.digest,
        "tables_sha256": scenario.table_digests,
        "resolved": scenario.resolved(),
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
        "versions": versions(),
    }
