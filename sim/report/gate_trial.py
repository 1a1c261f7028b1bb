"""The gate's trial as a table: what it says of faults, of changes that are none, and of candidates that are equal."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from sim.report.say import say
from sim.study.gate.judge import LEVEL
from sim.study.gate.trial.faults import FAULTS
from sim.study.gate.trial.harmless import HARMLESS
from sim.study.gate.trial.run import try_changes, try_equal
from sim.study.runs.kept import Kept

if TYPE_CHECKING:
    from sim.study.gate.run import Result
    from sim.study.gate.trial.run import Tried


def run_trial(seeds: int, workers: int, as_json_object: bool, keep_in: Path | None = None) -> None:
    """Run the trial and print it; on stdout only JSON if `as_json_object`.

    Parameters
    ----------
    keep_in
        Where runs are kept, so that a trial that was cancelled goes on; None: nowhere after it.
    """
    console = Console(stderr=as_json_object)
    start, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder, Progress(console=Console(stderr=True)) as progress:
        kept = Kept(keep_in or Path(folder))
        bar = progress.add_task("the gate on trial", total=len(FAULTS) + len(HARMLESS) + seeds)
        tried: list[Tried] = []
        for each in try_changes((*FAULTS, *HARMLESS), workers, kept):
            tried.append(each)
            progress.advance(bar)
        equal: list[Result] = []
        for result in try_equal(range(1, seeds + 1), workers, kept):
            equal.append(result)
            progress.advance(bar)
    faults, harmless = tried[: len(FAULTS)], tried[len(FAULTS) :]
    console.print(_table("Faults", faults))
    console.print(_table("Changes that change nothing", harmless))
    for line in _sentences(faults, harmless, equal):
        say(console, line)
    say(
        console,
        f"{time.perf_counter() - start:.0f} s with {workers} workers, {time.process_time() - cpu:.0f} s of CPU in this "
        "process alone",
    )
    if as_json_object:
        json.dump(_as_json(tried, equal), sys.stdout)
        sys.stdout.write("\n")


def _table(title: str, tried: list[Tried]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title, title_justify="left")
    for head in ("", "where", "verdict", "runs", "s", "why"):
        table.add_column(head, justify="right" if head in ("runs", "s") else "left", overflow="fold")
    for each in tried:
        verdict = "pass, identical" if each.result.identical else each.result.verdict
        cells = each.change.says, each.change.kind, verdict, f"{each.result.replications}", f"{each.seconds:.0f}"
        table.add_row(*cells, each.why)
    return table


def _sentences(faults: list[Tried], harmless: list[Tried], equal: list[Result]) -> list[str]:
    failed = sum(1 for each in faults if each.result.verdict == "fail")
    same = sum(1 for each in harmless if each.result.identical)
    longest = max(each.seconds for each in (*faults, *harmless))
    said = [
        f"{failed} of {len(faults)} faults fail, {same} of {len(harmless)} harmless changes pass with differences of "
        f"exactly 0.0; the slowest took {longest:.0f} s"
    ]
    if equal:
        verdicts = [result.verdict for result in equal]
        counts = ", ".join([f"{verdicts.count(name)} {name}" for name in ("pass", "fail", "undecided")])
        said.append(
            f"equal candidates that are not identical, over {len(equal)} seeds: {counts}; promised: no more than "
            f"{LEVEL:.1%} fail"
        )
    return said


def _as_json(tried: list[Tried], equal: list[Result]) -> dict[str, Any]:
    return {
        "changes": [
            {
                "says": each.change.says, "where": each.change.kind, "verdict": each.result.verdict,
                "identical": each.result.identical, "replications": each.result.replications,
                "seconds": round(each.seconds, 1), "why": each.why,
            }
            for each in tried
        ],
        "equal": [{"seed": result.gate.seed, "verdict": result.verdict} for result in equal],
    }  # fmt: skip
