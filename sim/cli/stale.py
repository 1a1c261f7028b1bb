"""`fulfillsim stale`: the price of stale stock, by strategy, from a webhook to a nightly file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def stale(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    strategies: Annotated[str | None, typer.Option(help="Names from the scenario, comma separated.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="Independent repetitions at every cadence.")] = 5,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    bound: Annotated[
        bool,
        typer.Option("--bound", help="Also draw the share of the gap to what no router could beat."),
    ] = False,
    myopic: Annotated[str, typer.Option(help="From which strategy the gap is measured, for --bound.")] = "cheapest",
    frozen: Annotated[
        bool,
        typer.Option("--frozen", help="Freeze what reacts to decisions, so that a bound exists; the figure says so."),
    ] = False,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    copy_to: Annotated[
        Path | None,
        typer.Option(help="Also draw the figure and write its table here, such as results/reference/<name>."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept of earlier runs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Draw what stale stock costs: oversells, cancellations, cost and gap share against the age of stock news."""
    from sim.report.runs.sweep import HowToRun, run_stale
    from sim.study.workers import default_workers

    names = [name.strip() for name in strategies.split(",")] if strategies else None
    how = HowToRun(replications, days, seed, workers or default_workers(), out, json, fresh)
    run_stale(scenario, names, how, copy_to, myopic if bound else None, frozen)
