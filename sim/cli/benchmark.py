"""`fulfillsim benchmark`: published experiments, run again."""

from __future__ import annotations

from typing import Annotated

import typer

benchmark = typer.Typer(
    help="Run published experiments again and set the results beside what is known.", no_args_is_help=True
)


@benchmark.callback()
def _benchmark() -> None:
    """Keep `spec-a` a verb of its own, as long as it is the only one."""


@benchmark.command("spec-a")
def spec_a(
    instances: Annotated[int, typer.Option(min=1, help="Networks drawn; the unit of statistics.")] = 16,
    sequences: Annotated[int, typer.Option(min=1, help="Sequences of orders for each network.")] = 2,
    periods: Annotated[int, typer.Option(min=1, help="Orders in a sequence, empty ones included.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Multi-item fulfilment without replenishment (Jasin and Sinha, Ma): published rules against stock prices."""
    from sim.report.spec_a import run_spec_a
    from sim.study.experiment import default_workers
    from sim.study.published.spec_a import Shape
    from sim.study.published.spec_a_run import Design

    design = Design(instances, sequences, seed, shape=Shape(periods=periods))
    run_spec_a(design, workers or default_workers(), as_json_object=json)
