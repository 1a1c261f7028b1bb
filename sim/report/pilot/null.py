"""Pilots in which nothing is done: how often each design finds an effect all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from sim.report.pilot.run import How, print_sheet, run_worlds
from sim.report.pilot.sheets import Sheet, percent
from sim.study.pilot.designs.names import design_of
from sim.study.pilot.null import rejections, sizes_of
from sim.study.pilot.worlds import World
from sim.study.runs.results import KEPT

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.pilot.plan import DesignName
    from sim.study.pilot.shares import Share
    from sim.study.pilot.worlds import Study


def run_null(study: Study, pilots: int, workers: int, root: Path | None) -> dict[DesignName, Share]:
    """Run the scenario as it stands on so many tapes, analyse each as every design would, and print the table."""
    worlds = [World("nothing is done", study.base, tape) for tape in range(pilots)]
    how = How(workers, None if root is None else (root / KEPT).resolve())
    lived = run_worlds(study, how, Console(stderr=True), worlds)
    found = rejections(study, [study.values(each.panel) for each in lived])
    print_sheet(table(study, found), Console())
    return found


def table(study: Study, found: dict[DesignName, Share]) -> Sheet:
    """Return the table; a design is within its level as long as its level lies above the lower limit."""
    count, after = sizes_of(study)
    alpha = study.plan.alpha
    rows = []
    for name, share in found.items():
        hits = round(share.value * share.of)
        verdict = (
            "at most its level" if share.value <= alpha else "within chance" if share.low <= alpha else "too often"
        )
        limits = f"{percent(share.low)} to {percent(share.high)}"
        rows.append((design_of(name, study.plan).title, f"{hits} of {share.of}", limits, verdict))
    return Sheet(
        f"Effects found where nothing is done, level {alpha:.0%}",
        f"{count} treated, {after} weeks looked at, each pilot on luck of its own; 95 % limits by Wilson.",
        ("design", "found", "limits", ""),
        tuple(rows),
    )
