"""`fulfillsim gate`: whether a change of the routing engine may be shipped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SIDE = (
    "A strategy of the scenario; a routing file (FILE.yaml or FILE.yaml:STRATEGY); a strategy of the engine in another "
    "source tree (TREE:STRATEGY); what a function there makes of a network (TREE:package.module:function); or the "
    "address of a service."
)


def _print_margins(wanted: bool) -> None:
    if wanted:
        typer.echo(Path(__file__).parents[1].joinpath("study", "gate", "margins.yaml").read_text("utf-8"), nl=False)
        raise typer.Exit


def gate(
    baseline: Annotated[str, typer.Argument(help=SIDE)],
    candidate: Annotated[str, typer.Argument(help="The same, of the change.")],
    scenarios: Annotated[
        list[str],
        typer.Option("--scenario", help="A folder, a YAML file, or a shipped name. Repeatable: each must pass."),
    ],
    margins: Annotated[
        Path | None, typer.Option(help="How much worse it may be; the shipped margins if absent.")
    ] = None,
    replications: Annotated[int, typer.Option(min=1, help="Before the first look.")] = 20,
    at_most: Annotated[int, typer.Option(min=1, help="Replications after which what is undecided stays so.")] = 60,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
    answer_within: Annotated[str, typer.Option(help="Longest a router may take to answer.")] = "5 s",
    on_fault: Annotated[
        str, typer.Option(help="What is done when a router fails: fallback:STRATEGY, cancel or stop.")
    ] = "fallback:cheapest",
    most_faults: Annotated[int, typer.Option(min=0, help="Faults of a side beyond which it fails.")] = 0,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    out: Annotated[Path, typer.Option(help="Runs are kept there, so that what was cancelled goes on.")] = Path(
        "results"
    ),
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept.")] = False,
    markdown: Annotated[Path | None, typer.Option(help="Also write it for a pull request.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Also write it as JUnit XML.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
    _margins: Annotated[
        bool,
        typer.Option("--print-margins", callback=_print_margins, is_eager=True, help="Print margins to begin with."),
    ] = False,
) -> None:
    """Judge a routing change on the same tapes. Exit code 0: pass, 1: fail, 2: bad input, 3: undecided."""
    from sim.errors import FulfillSimError
    from sim.report.runs.gate import run
    from sim.scenario.load import load
    from sim.study.gate.faults import read_policy
    from sim.study.gate.margins import USUAL, read_margins
    from sim.study.gate.run import Gate
    from sim.study.gate.sides import read_side
    from sim.study.runs.kept import Kept
    from sim.study.runs.results import KEPT
    from sim.study.workers import default_workers
    from sim.units import minutes

    read = read_margins(margins or USUAL)
    sides = read_side(baseline), read_side(candidate)
    try:
        seconds = minutes(answer_within) * 60
    except ValueError as error:
        raise FulfillSimError(f"--answer-within: {error}") from None
    policy = read_policy(on_fault, seconds, most_faults)
    loaded = [load(scenario) for scenario in scenarios]
    if days is not None:
        loaded = [each.with_measured_days(days) for each in loaded]
    kept = None if fresh else Kept((out / KEPT).resolve())
    gates = [
        Gate(sides, each, read, policy, seed, replications, at_most, families=len(loaded), kept=kept) for each in loaded
    ]
    raise typer.Exit(run(gates, workers or default_workers(), json, markdown, junit))
