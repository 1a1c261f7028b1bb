"""`fulfillsim run`: one run of one strategy, all its tables kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    strategy: Annotated[str, typer.Option(help="A name from the scenario.")] = "cheapest",
    changes: Annotated[
        list[str] | None,
        typer.Option("--with", help="Make this change of its block `changes:`. Repeatable."),
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="Which repetition.")] = 0,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    router: Annotated[
        str | None, typer.Option(help="Address of a routing service that decides instead (http://127.0.0.1:8000).")
    ] = None,
    out: Annotated[Path, typer.Option(help="Tables go to <out>/<scenario>/<run>/.")] = Path("results"),
    profile: Annotated[bool, typer.Option("--profile", help="Tell the microseconds an order takes, by part.")] = False,
) -> None:
    """Run one strategy once and keep every table of its ledger as Parquet."""
    from sim.report.runs.single import run_single
    from sim.scenario.load import load
    from sim.study.experiment import design

    loaded = load(scenario, changes or ())
    if days is not None:
        loaded = loaded.with_measured_days(days)
    experiment = design(loaded, [strategy], replication + 1, seed)
    run_single(experiment, replication, out, profile, router, (scenario, changes or ()))
