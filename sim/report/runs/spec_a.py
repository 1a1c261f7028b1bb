"""Run the synthetic multi-item experiment with a live progress bar and print its table beside the published one."""

from __future__ import annotations

import json
import math
import sys
import time
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table

from sim.report.say import say
from sim.study.published.spec_a import Shape
from sim.study.published.spec_a_published import PUBLISHED
from sim.study.published.spec_a_run import run_instances
from sim.study.published.spec_a_table import as_json, rows_of

if TYPE_CHECKING:
    from sim.study.published.spec_a_run import Design
    from sim.study.published.spec_a_table import Row
    from sim.study.statistics.estimate import Interval

COST = ("cost / LP\n(SE)", "published\n(SE)", "off,\nSEs", "boxes an\norder", "dropped\nunits, %")
SHARES = ("to hindsight,\nLP", "to hindsight,\nconfigurations")


def run_spec_a(design: Design, workers: int, as_json_object: bool) -> list[Row]:
    """Run and print; on stdout only JSON if asked for."""
    start = time.perf_counter()
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("instances"),
        TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
    )  # fmt: skip
    done = {}
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("spec-a", total=design.instances)
        for number, sums in run_instances(design, workers):
            done[number] = sums
            progress.advance(task)
    rows = rows_of([done[number] for number in sorted(done)], PUBLISHED if design.shape == Shape() else {})
    console = Console(stderr=True) if as_json_object else Console()
    _print(rows, console)
    say(
        console,
        f"{design.instances} instances with {design.sequences} sequences of {design.shape.periods:,} periods in "
        f"{time.perf_counter() - start:.0f} s with {workers} workers",
    )
    if as_json_object:
        json.dump({"instances": design.instances, "sequences": design.sequences, "rows": as_json(rows)}, sys.stdout)
        sys.stdout.write("\n")
    return rows


def _print(rows: list[Row], console: Console) -> None:
    """Print what each rule costs, then how much of the gap it takes: side by side they are wider than a terminal."""
    cost, shares = _table("", COST), _table("Share of the gap", SHARES)
    for row in rows:
        published, off = row.published, row.standard_errors_off
        cost.add_row(
            row.name,
            _with_error(row.ratio, row.standard_error),
            "" if published is None else _with_error(published.ratio, published.standard_error),
            "" if off is None else f"{off:+.1f}",
            _beside(row.boxes, None if published is None else published.boxes, 3),
            _beside(row.dropped_percent, None if published is None else published.dropped_percent, 2),
        )
        shares.add_row(row.name, _share(row.share), _share(row.share_configuration))
    console.print(cost)
    console.print(shares)
    say(
        console,
        "Cost over the value of the aggregated LP, mean over instances; boxes and dropped units with the published "
        "value in brackets; shares of the gap from `myopic`, with 95 % interval, the instance being the unit. "
        "Dropped units go to a drop-shipper at about twice the price: they are fill beside cost.",
    )


def _table(first: str, heads: tuple[str, ...]) -> Table:
    told = [Column(head, justify="right", overflow="fold") for head in heads]
    return Table(Column(first, overflow="fold"), *told, box=box.SIMPLE_HEAD, padding=0)


def _with_error(value: float, error: float) -> str:
    return f"{value:.4f}" if math.isnan(error) else f"{value:.4f}\n({error:.4f})"


def _beside(value: float | None, published: float | None, decimals: int) -> str:
    if value is None:
        return "-"
    return f"{value:.{decimals}f}" + ("" if published is None else f"\n({published:.{decimals}f})")


def _share(share: Interval) -> str:
    limits = "" if math.isnan(share.low) else f" [{share.low:.3f}, {share.high:.3f}]"
    return f"{share.mean:.3f}{limits}"
