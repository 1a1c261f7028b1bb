"""The coverage study as a table: what is promised, what was found, and by how much chance may have it off."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from sim.study.statistics.coverage import coverage, selection, sequential

if TYPE_CHECKING:
    from sim.study.statistics.coverage import Cell

TRIALS_OF_SEARCHES = 500
"""Of the rules that look again and again, each of which takes many replications a trial."""


def run_coverage(trials: int, seed: int, as_json: bool) -> list[Cell]:
    """Run the study and print it; on stdout only JSON if `as_json`."""
    searches = min(trials, TRIALS_OF_SEARCHES)
    cells = [*coverage(trials, seed), sequential(searches, seed), selection(searches, seed)]
    console = Console(stderr=as_json)
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("method", "runs", "promised, %", "found, %", "± chance"):
        grid.add_column(head, justify="left" if head == "method" else "right", no_wrap=True)
    for cell in cells:
        numbers = f"{cell.promised:.1%}".rstrip("%"), f"{cell.found:.1%}".rstrip("%"), f"{100 * cell.error:.1f}"
        grid.add_row(cell.what, f"{cell.replications:.0f}", *numbers)
    console.print(grid)
    console.print(f"{trials:,} trials a cell, {searches:,} of the two rules that add replications", highlight=False)
    if as_json:
        json.dump({"trials": trials, "seed": seed, "cells": [cell._asdict() for cell in cells]}, sys.stdout)
        sys.stdout.write("\n")
    return cells
