"""The main job: run an experiment with a live progress bar, keep its results, show them."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple

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

from sim.report.comparison.bound import print_bounds, told_of
from sim.report.comparison.breakdown import print_groups
from sim.report.comparison.figures import draw_figures
from sim.report.comparison.table import print_comparison
from sim.report.say import say
from sim.study.bound.runs import bounds, refuse_unless_bounded
from sim.study.compare import Comparison
from sim.study.experiment import Place, run_all
from sim.study.kpis.catalogue import KPIS, definitions, estimate
from sim.study.runs.kept import Kept
from sim.study.runs.rests_on import rests_on
from sim.study.runs.results import KEPT
from sim.study.runs.store import new_run, versions, write_json, write_parquet
from sim.study.until import run_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.study.bound.runs import Wanted
    from sim.study.experiment import Experiment, Replication
    from sim.study.until import Until

SECONDS_BETWEEN_LOOKS = 0.5
COLUMNS = (
    TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs"),
    TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
)  # fmt: skip
"""Of a bar that counts runs."""


class View(NamedTuple):
    """How a comparison is shown: files in its folder of figures, and what is printed."""

    draw: Callable[[Comparison, Path], None]
    show: Callable[[Comparison, Console], None]


def print_all(comparison: Comparison, console: Console) -> None:
    """Print the tables of a comparison and what it says."""
    print_comparison(comparison, console)
    print_bounds(told_of(comparison), console)
    print_groups(comparison, console)


def run_compare(
    experiment: Experiment,
    workers: int,
    root: Path,
    as_json: bool,
    until: Until | None = None,
    fresh: bool = False,
    view: View | None = None,
    backend: str | None = None,
    bound: Wanted | None = None,
) -> Comparison:
    """Run, write ``<root>/<scenario>/<run>/`` and print; on stdout only JSON if `as_json`.

    Parameters
    ----------
    fresh
        Whether to run again what is kept.
    view
        How to show it; None: as a comparison.
    backend
        A cluster to run on, ``dask://host:port``, whose workers see the same folders; None: this machine.
    bound
        What is asked of a clairvoyant bound; None: there is to be none.

    Raises
    ------
    ScenarioError
        If a bound is asked for and none exists, before anything is run or written.
    """
    if bound is not None:
        refuse_unless_bounded(experiment)
    view = view or View(draw_figures, print_all)
    console = Console(stderr=True) if as_json else Console()
    start = time.perf_counter()
    scenario = experiment.scenario
    with new_run(root, scenario.name, scenario.digest) as (temporary, final):
        place = Place(temporary.resolve(), None if fresh else Kept((root / KEPT).resolve()))
        experiment, runs, precise = _with_progress(experiment, workers, place, until, Console(stderr=True), backend)
        comparison = Comparison(experiment, runs)
        if bound is not None:
            Console(stderr=True).print(f"finding what no router could beat in {len(runs)} replications")
            found = bounds(experiment, workers, place.kept, range(len(runs)), backend)
            comparison = Comparison(experiment, runs, found, bound)
        wall_seconds = time.perf_counter() - start
        write_parquet(temporary / "kpis.parquet", kpi_table(comparison))
        view.draw(comparison, temporary / "figures")
        result = comparison.as_json(str(final))
        write_json(temporary / "comparison.json", result)
        write_json(temporary / "manifest.json", manifest_of(comparison, workers, wall_seconds, until, precise))
    view.show(comparison, console)
    if until is not None:
        count = f"{experiment.replications} replications"
        told = f"stopped after {count}, known" if precise else f"not yet known after {count}, the most allowed"
        say(console, f"\n{told}: {until.says()}")
    say(
        console,
        f"\n{comparison.orders_routed:,} orders in {wall_seconds:.0f} s with {workers} workers; results in {final}",
    )
    if as_json:
        json.dump(result, sys.stdout)
        sys.stdout.write("\n")
    return comparison


def _with_progress(
    experiment: Experiment, workers: int, place: Place, until: Until | None, console: Console, backend: str | None
) -> tuple[Experiment, tuple[Replication, ...], bool]:
    """Run everything; the bar counts the runs whose orders have landed in the folder, whoever wrote them."""
    over = threading.Event()
    with Progress(*COLUMNS, console=console) as progress:
        task = progress.add_task(f"{experiment.scenario.name}, {len(experiment.arms)} {experiment.kind}", total=None)

        def landed() -> int:
            return 0 if place.folder is None else sum(1 for _ in place.folder.glob("orders/*/*.parquet"))

        def count() -> None:
            while not over.wait(SECONDS_BETWEEN_LOOKS):
                progress.update(task, completed=landed())

        def run(numbers: Sequence[int]) -> Iterator[tuple[int, Replication]]:
            progress.update(task, total=len(experiment.arms) * (max(numbers) + 1))
            yield from run_all(experiment, workers, place, numbers, backend)

        watcher = threading.Thread(target=count, daemon=True)
        watcher.start()
        try:
            found = run_until(experiment, until, run)
            progress.update(task, completed=progress.tasks[0].total)
        except KeyboardInterrupt:
            if place.kept is not None:
                console.print(f"cancelled; {landed()} runs are kept, and the same command goes on from there")
            raise
        finally:
            over.set()
            watcher.join()
    return found


def kpi_table(comparison: Comparison, first: int = 0) -> dict[str, NDArray[Any]]:
    """Return a row per strategy, replication and KPI: its value there, and the sums it is the ratio of, if any.

    Parameters
    ----------
    first
        The number of the first replication.
    """
    rows = [
        (arm, number, kpi.name, *replication[arm].sums.pairs.get(kpi.name, (math.nan, math.nan)),
         estimate(kpi, [replication[arm].sums]).value)
        for number, replication in enumerate(comparison.replications, first)
        for arm in comparison.arms
        for kpi in KPIS
    ]  # fmt: skip
    columns = ("strategy", "replication", "kpi", "numerator", "denominator", "value")
    return {name: np.array(column) for name, column in zip(columns, zip(*rows, strict=True), strict=True)}


def manifest_of(
    comparison: Comparison, workers: int, wall_seconds: float, until: Until | None = None, precise: bool = True
) -> dict[str, Any]:
    """Return what a comparison was made of."""
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
        **(
            {}
            if until is None
            else {
                "until": {
                    "precision": {kpi.name: value for kpi, value in until.precision.items()},
                    "at_most": until.at_most,
                    "reached": precise,
                }
            }
        ),
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
        **rests_on(experiment),
        "versions": versions(),
    }
