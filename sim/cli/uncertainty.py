"""`fulfillsim uncertainty`: how much of an interval is chance, and how much is not knowing the inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def uncertainty(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    uncertain: Annotated[
        list[str],
        typer.Option(
            help="An input and what is believed of it: 'demand.shoppers_per_day=normal(1000, 50)' or "
            "'site_kinds.dc.pick_time=uniform(2 min, 6 min)'. Repeatable."
        ),
    ],
    draws: Annotated[int, typer.Option(min=2, help="Draws of the inputs, by a Latin hypercube.")] = 10,
    strategy: Annotated[str | None, typer.Option(help="A name from the scenario.")] = None,
    kpis: Annotated[str, typer.Option(help="What to look at, comma separated.")] = (
        "cost_per_order,order_fill_rate,delivery_hours_mean"
    ),
    replications: Annotated[int, typer.Option(min=2, help="Independent repetitions at every draw.")] = 5,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from, the draws' too.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept of earlier runs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Tell chance and not knowing the inputs apart: what more replications would narrow, and what they would not."""
    from sim.report.runs.sweep import HowToRun
    from sim.report.runs.uncertainty import run_uncertainty
    from sim.study.inputs import read_belief
    from sim.study.workers import default_workers

    run_uncertainty(
        scenario,
        [read_belief(text) for text in uncertain],
        draws,
        strategy,
        [name.strip() for name in kpis.split(",")],
        HowToRun(replications, days, seed, workers or default_workers(), out, json, fresh),
    )
