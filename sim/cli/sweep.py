"""`fulfillsim sweep`: a scenario at many points of its fields, all on the same luck."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def sweep(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    over: Annotated[
        list[str],
        typer.Option(
            help="A field by its path and its values, 'site_kinds.store.pickers=1,2' or a range "
            "'site_kinds.dc.pick_time=2 min..6 min'; a+b=1,2 sets both. Repeatable."
        ),
    ],
    sample: Annotated[
        str, typer.Option(help="grid (each with each), one_at_a_time, or lhs:20 (20 points by a Latin hypercube).")
    ] = "grid",
    strategies: Annotated[str | None, typer.Option(help="Names from the scenario, comma separated.")] = None,
    kpis: Annotated[str, typer.Option(help="What to look at, comma separated.")] = (
        "cost_per_order,order_fill_rate,delivery_hours_mean"
    ),
    replications: Annotated[int, typer.Option(min=1, help="Independent repetitions at every point.")] = 5,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from, a sample's too.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept of earlier runs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Run a scenario at many points of its fields, and show how its KPIs move along each."""
    from sim.report.runs.sweep import HowToRun, run_sweep
    from sim.study.search.space import points, read_axis
    from sim.study.workers import default_workers

    run_sweep(
        scenario,
        points([read_axis(text) for text in over], sample, seed),
        [name.strip() for name in strategies.split(",")] if strategies else None,
        [name.strip() for name in kpis.split(",")],
        HowToRun(replications, days, seed, workers or default_workers(), out, json, fresh),
    )
