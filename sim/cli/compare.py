"""`fulfillsim compare`: several strategies on the same tapes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def compare(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    strategies: Annotated[
        str | None,
        typer.Option(
            help="Names from the scenario, comma separated; the first is the baseline. All active ones if absent."
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            help="Also run the scenario with this change of its block `changes:`, or of a file better.yaml; a+b makes "
            "both. Repeatable.",
        ),
    ] = None,
    baseline: Annotated[str | None, typer.Option(help="What the others are compared with.")] = None,
    replications: Annotated[int, typer.Option(min=1, help="Independent repetitions of the whole period.")] = 10,
    until: Annotated[
        str | None,
        typer.Option(
            help="Add replications until differences are this precise: cost_per_order=0.05USD,order_fill_rate=0.2pp."
        ),
    ] = None,
    at_most: Annotated[int, typer.Option(min=1, help="Most replications, for --until.")] = 100,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Also tell cost and service apart by `model` (own DC, 3PL, store) or `region`. Repeatable."),
    ] = None,
    bound: Annotated[
        bool,
        typer.Option(
            "--bound", help="Also find what no router could beat, and the share of the gap to it that each one takes."
        ),
    ] = False,
    myopic: Annotated[str, typer.Option(help="From which strategy the gap is measured, for --bound.")] = "cheapest",
    frozen: Annotated[
        bool,
        typer.Option(
            "--frozen", help="Freeze what reacts to decisions (supply, shoppers who leave), so that a bound exists."
        ),
    ] = False,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Run again what is kept of earlier runs on the same luck.")
    ] = False,
    backend: Annotated[
        str | None, typer.Option(help="Run on a Dask cluster whose workers see the same folders: dask://host:port.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Compare routing strategies, or changes of a scenario: cost, fill and delivery time with 95 % intervals."""
    from sim.report.runs.compare import run_compare
    from sim.scenario.changes import title_of
    from sim.study.bound.freeze import load_frozen
    from sim.study.bound.runs import Wanted
    from sim.study.cluster import checked_address
    from sim.study.experiment import design
    from sim.study.until import read_until
    from sim.study.workers import default_workers

    loaded, values = load_frozen(scenario, freeze=frozen)
    if days is not None:
        loaded = loaded.with_measured_days(days)
    names = [name.strip() for name in strategies.split(",")] if strategies else None
    changed = {title_of(name): load_frozen(scenario, name.split("+"), freeze=frozen)[0] for name in changes or ()}
    if days is not None:
        changed = {name: each.with_measured_days(days) for name, each in changed.items()}
    stop = None if until is None else read_until(until, at_most, replications)
    experiment = design(loaded, names, replications, seed, baseline, changed, by or (), myopic if bound else None)
    if backend is not None:
        checked_address(backend)
    run_compare(
        experiment,
        workers or default_workers(),
        out,
        json,
        stop,
        fresh,
        None,
        backend,
        Wanted(myopic, values) if bound else None,
    )
