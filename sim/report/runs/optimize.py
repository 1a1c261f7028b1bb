"""An optimisation from its question to its folder: progress while it runs, its files, a change to be run again."""

from __future__ import annotations

import csv
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from sim.files import atomic_path, write_yaml
from sim.report.optimum.figure import draw
from sim.report.optimum.summary import described, show, titles, verdict
from sim.report.runs.compare import COLUMNS, kpi_table, manifest_of
from sim.report.say import say
from sim.report.store import neutral
from sim.report.style import save
from sim.scenario.changes import CHANGE_FILE
from sim.scenario.load import load
from sim.study.experiment import Place
from sim.study.runs.kept import Kept
from sim.study.runs.results import KEPT
from sim.study.runs.store import new_run, write_json, write_parquet
from sim.study.search.worlds import optimize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sim.report.runs.sweep import HowToRun
    from sim.scenario.load import Scenario
    from sim.study.search.optimize import Optimum
    from sim.study.search.question import Question
    from sim.study.search.tried import Tried
    from sim.study.search.worlds import Found


def run_optimize(argument: str, question: Question, how: HowToRun) -> Found:
    """Search, select, prove, write ``<root>/<scenario>/<run>/`` and print.

    Raises
    ------
    FulfillSimError
        If the scenario cannot have what the question leaves open, before the first run.
    """
    scenario = load(argument)
    if how.days is not None:
        scenario = scenario.with_measured_days(how.days)
    console = Console(stderr=True) if how.as_json else Console()
    start = time.perf_counter()
    with new_run(how.root, scenario.name, scenario.digest) as (temporary, final):
        place = Place(None, None if how.fresh else Kept((how.root / KEPT).resolve()))
        found = _with_progress(scenario, question, how, place)
        seconds = time.perf_counter() - start
        _write(found, question, how.workers, seconds, temporary)
        result = as_json(found, str(final))
        write_json(temporary / "optimize.json", result)
        write_json(temporary / "comparison.json", found.comparison.as_json(str(final)))
    show(found.optimum, console)
    for candidate in changed(found.optimum):
        file = final / f"{candidate.candidate.name}{CHANGE_FILE}"
        if candidate.candidate.values:
            told = f"--strategies {candidate.candidate.strategy} --with {file}"
            console.print(
                f"run it: fulfillsim compare {argument} {told}", highlight=False, markup=False, soft_wrap=True
            )
    say(console, f"\n{seconds:.0f} s with {how.workers} workers; results in {final}")
    if how.as_json:
        json.dump(result, sys.stdout)
        sys.stdout.write("\n")
    return found


def _with_progress(scenario: Scenario, question: Question, how: HowToRun, place: Place) -> Found:
    asked, console = question.asked, Console(stderr=True)
    most = asked.search.runs + asked.final.runs + 2 * asked.final.proof
    with Progress(*COLUMNS, console=console) as progress:
        task = progress.add_task(f"{scenario.name}, at most", total=most)
        try:
            return optimize(
                scenario, question, seed=how.seed, workers=how.workers, place=place, done=lambda: progress.advance(task)
            )
        except KeyboardInterrupt:
            if place.kept is not None:
                done = int(progress.tasks[0].completed)
                console.print(f"cancelled; {done} runs are kept, and the same command goes on from there")
            raise


def _write(found: Found, question: Question, workers: int, seconds: float, folder: Path) -> None:
    write_parquet(folder / "kpis.parquet", kpi_table(found.comparison, found.optimum.first))
    rows = list(_rows(found.optimum))
    along = titles((found.optimum.base, *found.optimum.tried))
    heads = ("candidate", "stage", "strategy", *along, "kpi", "replications", "mean", "low", "high", "outcome")
    columns = zip(heads, zip(*rows, strict=True), strict=True)
    write_parquet(folder / "candidates.parquet", {name: np.array(column) for name, column in columns})
    with atomic_path(folder / "optimize.csv") as temporary, temporary.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(neutral, heads))
        writer.writerows(map(neutral, row) for row in rows)
    save(draw(found.optimum), folder / "figures" / "optimize.png")
    for each in changed(found.optimum):
        if each.candidate.values:
            change = {"says": described(each), "set": each.candidate.values}
            write_yaml(folder / f"{each.candidate.name}{CHANGE_FILE}", change)
    manifest = manifest_of(found.comparison, workers, seconds)
    asked = question.asked.model_dump(mode="json")
    write_json(folder / "manifest.json", {**manifest, "first_replication": found.optimum.first, "optimize": asked})


def changed(found: Optimum) -> list[Tried]:
    """Return the winner, or those of the front, to each of which a change of the scenario is written."""
    if found.several:
        return [each for each in found.fresh if each.candidate.number]
    return [] if found.winner is None or not found.winner.number else [found.believed(found.winner)]


def _stages(found: Optimum) -> Iterator[tuple[str, Tried]]:
    yield from (("search", each) for each in (found.base, *found.tried))
    yield from (("final", each) for each in found.fresh)
    yield from (("proof", each) for each in found.proof or ())


def _rows(found: Optimum) -> Iterator[tuple[Any, ...]]:
    """Yield what each stage found of each KPI of each candidate."""
    along = titles((found.base, *found.tried))
    for stage, each in _stages(found):
        outcomes = {kept.goal.kpi.name: kept.outcome for kept in each.kept}
        told = [str(each.candidate.along.get(name, "")) for name in along]
        for name in each.kpis:
            limits = each.kpi(name)
            numbers = (each.count, limits.mean, limits.low, limits.high)
            yield (each.candidate.name, stage, each.candidate.strategy, *told, name, *numbers, outcomes.get(name, ""))


def as_json(found: Found, run_dir: str) -> dict[str, Any]:
    """Return what was found as plain values; limits that cannot be known are None."""
    optimum = found.optimum
    stages: dict[str, list[dict[str, Any]]] = {"search": [], "final": [], "proof": []}
    for stage, each in _stages(optimum):
        stages[stage].append(_candidate(each))
    return {
        "scenario": found.comparison.experiment.scenario.name,
        "winner": None if optimum.winner is None else optimum.winner.name,
        "settled": None if optimum.selection is None else optimum.selection.settled,
        "front": [each.candidate.name for each in optimum.front] if optimum.several else None,
        "verdict": verdict(optimum),
        "refused": optimum.refused,
        **stages,
        "run_dir": run_dir,
    }


def _candidate(found: Tried) -> dict[str, Any]:
    limits = {name: found.kpi(name) for name in found.kpis}
    return {
        "candidate": found.candidate.name,
        "strategy": found.candidate.strategy,
        "values": found.candidate.values,
        "replications": found.count,
        "kpis": {name: _known(mean=i.mean, low=i.low, high=i.high) for name, i in limits.items()},
        "subject_to": {each.goal.kpi.name: each.outcome for each in found.kept},
    }


def _known(**values: float) -> dict[str, float | None]:
    return {name: None if value != value else value for name, value in values.items()}
