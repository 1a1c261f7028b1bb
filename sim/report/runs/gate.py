"""The gate from beginning to end: runs with a live progress bar, then the verdict in every form that was asked for."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sim.report.gate import junit, markdown, print_gate, write
from sim.study.gate.run import run_gate, try_out
from sim.study.gate.told import as_json, whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.study.gate.judge import Verdict
    from sim.study.gate.run import Gate, Result

EXIT_CODE: dict[Verdict, int] = {"pass": 0, "fail": 1, "undecided": 3}
"""2 is a wrong input."""


def run(
    gates: Sequence[Gate],
    workers: int,
    as_json_object: bool,
    markdown_to: Path | None = None,
    junit_to: Path | None = None,
) -> int:
    """Judge in every scenario, tell, write, and return the exit code."""
    console = Console(stderr=as_json_object)
    for gate in gates:
        gate.looks  # noqa: B018  refuses what cannot be planned
        try_out(gate)
    results = [_run_one(gate, workers) for gate in gates]
    print_gate(results, console)
    if markdown_to is not None:
        write(markdown(results).encode(), markdown_to)
    if junit_to is not None:
        write(junit(results), junit_to)
    if as_json_object:
        json.dump(as_json(results), sys.stdout)
        sys.stdout.write("\n")
    return EXIT_CODE[whole(results)]


def _run_one(gate: Gate, workers: int) -> Result:
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("pairs of runs")
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task(gate.scenario.name, total=gate.first)
        try:
            return run_gate(gate, workers, lambda done, of: progress.update(task, completed=done, total=of))
        except KeyboardInterrupt:
            if gate.kept is not None:
                console.print("cancelled; runs without a fault are kept, and the same command goes on from there")
            raise
