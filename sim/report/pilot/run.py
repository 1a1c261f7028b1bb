"""The job: run the worlds of a pilot with a live progress bar, keep them, and write and print the plan."""

from __future__ import annotations

import json
import math
import sys
import textwrap
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column, Table
from rich.text import Text

from sim.files import write_yaml
from sim.report.comparison.table import side_by_side
from sim.report.pilot import figures
from sim.report.pilot.page import html, markdown, told_of
from sim.report.say import say
from sim.report.style import save
from sim.study.pilot.registered import looks_of, registered
from sim.study.pilot.sizing import size
from sim.study.pilot.worlds import run_world
from sim.study.runs.results import KEPT
from sim.study.runs.store import new_run, versions, write_json
from sim.study.workers import spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.report.pilot.page import Told
    from sim.report.pilot.sheets import Sheet
    from sim.study.pilot.sizing import Sizing
    from sim.study.pilot.worlds import Lived, Study, World


MOST_ROWS = 20
"""Of a table in a terminal."""


class How(NamedTuple):
    """How worlds are run.

    Parameters
    ----------
    kept
        Where worlds that were run before are looked up, and new ones kept; None: all is run.
    """

    workers: int
    kept: Path | None = None


def run_worlds(study: Study, how: How, console: Console, worlds: Sequence[World]) -> list[Lived]:
    """Run worlds, and return what came of them in the order in which they were given."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("worlds"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    found: dict[int, Lived] = {}
    job = partial(_numbered, study, how.kept)
    with Progress(*columns, console=console) as progress:
        roles = ", ".join(dict.fromkeys(world.role for world in worlds))
        task = progress.add_task(roles, total=len(worlds))
        try:
            for number, lived in spread(job, list(enumerate(worlds)), how.workers):
                found[number] = lived
                progress.advance(task)
        except KeyboardInterrupt:
            if how.kept is not None:
                console.print("cancelled; what has been run is kept, and the same command goes on from there")
            raise
    return [found[number] for number in range(len(worlds))]


def _numbered(study: Study, kept: Path | None, numbered: tuple[int, World]) -> tuple[int, Lived]:
    number, world = numbered
    return number, run_world(study, kept, world)


def sized(study: Study, workers: int, kept: Path | None = None, console: Console | None = None) -> Sizing:
    """Size a pilot with a progress bar."""
    console = console or Console(stderr=True)
    return size(study, partial(run_worlds, study, How(workers, kept), console))


def run_pilot(study: Study, workers: int, root: Path, as_json: bool, fresh: bool) -> Sizing:
    """Size a pilot, write ``<root>/<scenario>/<run>/`` and print; on stdout only JSON if `as_json`."""
    start = time.perf_counter()
    scenario = study.base.scenario
    with new_run(root, scenario.name, study.full.scenario.digest) as (temporary, final):
        sizing = sized(study, workers, None if fresh else (root / KEPT).resolve())
        looks = looks_of(sizing)
        told = told_of(sizing, looks)
        (temporary / "pilot.html").write_text(html(sizing, told), encoding="utf-8")
        (temporary / "pilot.md").write_text(markdown(told), encoding="utf-8")
        write_yaml(temporary / "registered.yaml", registered(sizing))
        for name, draw in (
            ("designs", figures.designs_beside_truth), ("power", figures.power_curve), ("stores", figures.store_map),
        ):  # fmt: skip
            save(draw(sizing), temporary / "figures" / f"{name}.png")
        result = as_plain(sizing, told)
        write_json(temporary / "pilot.json", result)
        write_json(
            temporary / "manifest.json",
            {
                "scenario": scenario.name, "scenario_sha256": scenario.digest, "treatment": study.treatment,
                "treated_sha256": study.full.scenario.digest, "resolved": scenario.resolved(),
                "strategies": list(study.experiment.arms), "replications": study.plan.pilots, "seed": study.seed,
                "orders_routed": sizing.whole.orders_routed,
                "plan": study.plan.model_dump(mode="json"), "workers": workers,
                "wall_seconds": round(time.perf_counter() - start, 2), "versions": versions(),
            },
        )  # fmt: skip
    console = Console(stderr=True) if as_json else Console()
    print_plan(told, console)
    say(
        console,
        f"\n{time.perf_counter() - start:.0f} s with {workers} workers; the plan is {final / 'pilot.html'}, what "
        f"`fulfillsim pilot-read` goes by is {final / 'registered.yaml'}",
    )  # fmt: skip
    if as_json:
        json.dump({**result, "run_dir": str(final)}, sys.stdout)
        sys.stdout.write("\n")
    return sizing


def print_plan(told: Told, console: Console) -> None:
    """Print the tables of a plan and what it says."""
    for sheet in told.sheets:
        print_sheet(sheet, console)
    for line in (told.verdict, told.naive, *told.risks):
        if line:
            say(console, f"\n{line}")


def print_sheet(sheet: Sheet, console: Console) -> None:
    """Print one table."""
    console.print(f"\n{sheet.title}", style="bold", highlight=False, markup=False)
    say(console, sheet.note, style="dim")
    rows = sheet.rows[:MOST_ROWS]
    left = max(len(row[0]) for row in ((sheet.heads[0],), *rows))
    columns = [(_broken(head), [Text(row[k]) for row in rows]) for k, head in enumerate(sheet.heads) if k]
    for chunk in side_by_side(columns, console.width - left - 2):
        heads = (Column(head, justify="right") for head, _ in chunk)
        table = Table(Column(sheet.heads[0], no_wrap=True), *heads, box=box.SIMPLE_HEAD, padding=0)
        for n, row in enumerate(rows):
            if any(cells[n] for _, cells in chunk):
                table.add_row(Text(row[0]), *(cells[n] for _, cells in chunk))
        console.print(table)
    if len(sheet.rows) > MOST_ROWS:
        console.print(f"  and {len(sheet.rows) - MOST_ROWS} more, see the page", style="dim", highlight=False)


def _broken(head: str) -> str:
    """Return a column's head on two lines where it is long."""
    return "\n".join(textwrap.wrap(head, max(12, math.ceil(len(head) / 2) + 2)))


def as_plain(sizing: Sizing, told: Told) -> dict[str, object]:
    """Return what was found as plain values."""
    return {
        "title": told.title,
        "verdict": told.verdict,
        "effect": sizing.effect.mean,
        "effect_low": _known(sizing.effect.low),
        "effect_high": _known(sizing.effect.high),
        "outcome": sizing.study.plan.outcome,
        "chosen": None if sizing.chosen is None else sizing.chosen.name,
        "designs": {
            each.name: {
                "treated": each.cell.count, "weeks": each.cell.after, "cost_usd": each.cell.cost,
                "reached": each.reached, "power_formula": _known(each.cell.power),
                "power_laid": _known(each.laid.value), "level_laid": _known(each.level.value),
                "found": _known(each.found.value), "found_low": _known(each.found.low),
                "found_high": _known(each.found.high), "pilots": each.found.of,
                "smallest": _known(each.cell.smallest), "says": _known(each.says.mean),
                "bias": _known(each.bias.mean), "bias_low": _known(each.bias.low), "bias_high": _known(each.bias.high),
                "icc": each.noise.icc, "icc_low": each.noise.low, "icc_high": each.noise.high,
            }
            for each in sizing.judged
        },
        "risks": list(told.risks),
        "sheets": [
            {"title": sheet.title, "heads": list(sheet.heads), "rows": [list(row) for row in sheet.rows]}
            for sheet in told.sheets
        ],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if abs(value) < float("inf") else None
