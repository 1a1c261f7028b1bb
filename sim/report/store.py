"""Runs of before as tables for a terminal."""

from __future__ import annotations

import csv
import sys
from itertools import combinations
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from sim.errors import FulfillSimError, expected_one_of
from sim.report.comparison.bound import print_bounds
from sim.report.comparison.groups import GROUPS
from sim.report.say import say
from sim.report.words import number, with_interval
from sim.study.kpis.catalogue import BY_NAME
from sim.study.runs.recorded import interval_of, read_comparison
from sim.study.runs.results import asked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.study.runs.recorded import Recorded
    from sim.study.runs.results import Run

MAIN = ("cost_per_order", "order_fill_rate", "delivery_hours_mean", "on_time_ship_rate", "split_rate")
MOST_NAMED = 3
_HEADS = {name: head for _, heads in GROUPS for name, head in heads.items()}
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def print_runs(found: Sequence[Run], root: Path) -> None:
    """Print one line a run."""
    console = Console()
    if not found:
        console.print(f"no runs in {root} yet", highlight=False)
        return
    names = ("repli-\ncations", "days", "seed", "orders", "took,\ns")
    heads = (Column(name, justify="right", no_wrap=True) for name in names)
    table = Table(Column("run", overflow="fold"), *heads, box=box.SIMPLE_HEAD, padding=0)
    for run in found:
        manifest = run.manifest
        days = manifest.get("resolved", {}).get("clock", {}).get("measure", "")
        cells = [
            f"{run.name}\n  {_briefly(run.arms)}",
            manifest.get("replications", ""),
            days,
            manifest.get("seed", ""),
        ]
        cells += [f"{manifest.get('orders_routed', 0):,}", f"{manifest.get('wall_seconds', 0):.0f}"]
        table.add_row(*(Text(str(cell)) for cell in cells))
    console.print(table)


def _briefly(arms: Sequence[str]) -> str:
    more = len(arms) - MOST_NAMED
    return ", ".join(arms[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def print_pairs(run: Run, kpis: Sequence[str]) -> None:
    """Print what luck in common was worth, for every pair of a run's strategies."""
    for name in kpis:
        if name not in BY_NAME or BY_NAME[name].quantile is not None:
            ratios = [each for each, kpi in BY_NAME.items() if kpi.quantile is None]
            raise FulfillSimError(f"KPI {expected_one_of(name, ratios)}")
    found = read_comparison(run)
    heads = [
        Column(f"{BY_NAME[name].title}\ncorrelation, variance\n± paired, ± apart", justify="right") for name in kpis
    ]
    table = Table(Column("pair", no_wrap=True), *heads, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for option, other in combinations(found.arms, 2):
        table.add_row(Text(f"{other} - {option}"), *(_worth(found, other, option, name) for name in kpis))
    console = Console()
    console.print(table)
    say(
        console,
        f"{run.name}, {found.count} replications; variance: of the paired difference, over that of two runs with luck "
        "of their own; ±: of both",
    )


def _worth(found: Recorded, option: str, other: str, name: str) -> str:
    r, ratio = found.paired(option, other, name)
    kpi = BY_NAME[name]
    paired, alone = (number(kpi, half) for half in found.half_widths(option, other, name))
    return f"{r:.3f}  {ratio:.3f}\n±{paired}  ±{alone}"


def print_run(run: Run) -> None:
    """Print the main KPIs of a run's arms, and what the run was made of."""
    console = Console()
    found, manifest = run.comparison(), run.manifest
    names = [name for name in MAIN if name in BY_NAME]
    heads = (Column(_HEADS[name], justify="right", no_wrap=True) for name in names)
    table = Table(Column("", overflow="fold"), *heads, box=box.SIMPLE_HEAD, padding=0)
    for arm, kpis in found["strategies"].items():
        cells = (with_interval(BY_NAME[name], interval_of(kpis[name])) if name in kpis else "" for name in names)
        table.add_row(Text(arm), *map(Text, cells))
    console.print(f"{run.name}: {manifest['replications']} replications, seed {manifest['seed']}", style="bold")
    console.print(table)
    print_bounds(found.get("bound"), console)
    told = {"scenario": manifest["scenario_sha256"][:12], **manifest.get("versions", {})}
    say(console, "  ".join(f"{name} {value}" for name, value in told.items()))
    say(console, f"all of it is in {run.folder}")


def print_answer(root: Path, query: str, as_csv: bool) -> None:
    """Print what DuckDB answers.

    Raises
    ------
    FulfillSimError
        If it cannot.
    """
    import duckdb

    try:
        with asked(root) as connection:
            answer = connection.execute(query)
            heads, rows = [column[0] for column in answer.description or ()], answer.fetchall()
    except duckdb.Error as error:
        raise FulfillSimError(f"results sql: {error}") from None
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(map(neutral, heads))
        writer.writerows(map(neutral, row) for row in rows)
        return
    table = Table(*(Column(Text(head)) for head in heads), box=box.SIMPLE_HEAD, padding=0)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console().print(table)


def neutral(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: such a text gets a quotation mark in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS_AS_FORMULA) else cell
