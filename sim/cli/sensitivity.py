"""`fulfillsim sensitivity`: which inputs of a scenario its KPIs hang on."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Method(StrEnum):
    """How inputs are judged."""

    morris = "morris"
    sobol = "sobol"


def sensitivity(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    over: Annotated[
        list[str],
        typer.Option(help="An input by its path and its range, 'site_kinds.dc.pick_time=2 min..6 min'. Repeatable."),
    ],
    method: Annotated[
        Method, typer.Option(help="morris: screening; sobol: shares of variance, on a surface fitted to some points.")
    ] = Method.morris,
    size: Annotated[
        int | None,
        typer.Option(min=2, help="Trajectories of Morris, each of inputs + 1 points (6), or points for the surface."),
    ] = None,
    strategy: Annotated[str | None, typer.Option(help="A name from the scenario.")] = None,
    kpis: Annotated[str, typer.Option(help="What to look at, comma separated.")] = "cost_per_order,delivery_hours_mean",
    replications: Annotated[int, typer.Option(min=1, help="Independent repetitions at every point.")] = 3,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from, the sample's too.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept of earlier runs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Find the inputs that matter: a tornado chart of effects (Morris) or of shares of the variance (Sobol)."""
    from sim.report.runs.sensitivity import run_sensitivity
    from sim.report.runs.sweep import HowToRun
    from sim.study.search.space import read_axis
    from sim.study.workers import default_workers

    run_sensitivity(
        scenario,
        [read_axis(text) for text in over],
        method.value,
        size,
        strategy,
        [name.strip() for name in kpis.split(",")],
        HowToRun(replications, days, seed, workers or default_workers(), out, json, fresh),
    )
