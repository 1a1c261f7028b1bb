"""`fulfillsim benchmark`: experiments whose results are known, run again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

benchmark = typer.Typer(help="Run experiments whose results are known, and set ours beside them.", no_args_is_help=True)


@benchmark.command("spec-a")
def spec_a(
    instances: Annotated[int, typer.Option(min=1, help="Networks drawn; the unit of statistics.")] = 16,
    sequences: Annotated[int, typer.Option(min=1, help="Sequences of orders for each network.")] = 2,
    periods: Annotated[int, typer.Option(min=1, help="Orders in a sequence, empty ones included.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Hold published rules against stock prices: many items, no replenishment (Jasin and Sinha, Ma)."""
    from sim.report.runs.spec_a import run_spec_a
    from sim.study.published.spec_a import Shape
    from sim.study.published.spec_a_run import Design
    from sim.study.workers import default_workers

    design = Design(instances, sequences, seed, shape=Shape(periods=periods))
    run_spec_a(design, workers or default_workers(), as_json_object=json)


@benchmark.command("coverage")
def coverage(
    trials: Annotated[int, typer.Option(min=1, max=100_000, help="Of each method and number of replications.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="Where all luck comes from.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Count how often our 95 % intervals cover a known truth, and our selection is right, with Monte-Carlo error."""
    from sim.report.coverage import run_coverage

    run_coverage(trials, seed, json)


@benchmark.command("gate")
def gate(
    seeds: Annotated[int, typer.Option(min=0, help="Pairs of equal candidates, each on luck of its own.")] = 50,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep runs in this folder: what was cancelled goes on.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Put the gate on trial: faults that it must see, changes that are none, and candidates that are equal."""
    from sim.report.gate_trial import run_trial
    from sim.study.workers import default_workers

    run_trial(seeds, workers or default_workers(), json, None if keep is None else keep.resolve())
