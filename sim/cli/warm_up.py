"""`fulfillsim warm-up`: how many days a scenario takes to settle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def warm_up(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    strategy: Annotated[str | None, typer.Option(help="A name from the scenario; its first if absent.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="Independent repetitions.")] = 5,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    out: Annotated[Path, typer.Option(help="Plots go to <out>/<scenario>/<run>/figures/.")] = Path("results"),
) -> None:
    """Tell after how many days a scenario settles (MSER-5, Welch's plot), and whether its warm-up is enough."""
    from sim.report.settling import run_settling
    from sim.scenario.load import load
    from sim.study.experiment import design

    loaded = load(scenario)
    if days is not None:
        loaded = loaded.with_measured_days(days)
    (name, *_) = design(loaded, None if strategy is None else [strategy], replications, seed).arms
    run_settling(loaded, name, replications, seed, out)
