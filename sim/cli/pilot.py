"""`fulfillsim pilot`: which stores, how many, how long, in which design; `fulfillsim pilot-read`: what it said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def pilot(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")
    ] = None,
    treatment: Annotated[
        str | None, typer.Option(help="The change of its block `changes:` that is to be piloted; a+b makes both.")
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="The plan, pilot.yaml; see --template.")] = None,
    strategy: Annotated[str | None, typer.Option(help="A name from the scenario; its usual one if absent.")] = None,
    pilots: Annotated[int | None, typer.Option(min=2, help="Simulated pilots; the plan's own if absent.")] = None,
    nothing: Annotated[
        int | None,
        typer.Option("--no-effect", min=2, help="Only count how many of so many pilots find what is not there."),
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a plan to be changed, and stop.")] = False,
    seed: Annotated[int, typer.Option(help="Where all luck comes from, the drawn stores' too.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept of earlier runs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Size a pilot: power, bias and cost of each design, the stores, and the plan to register."""
    from sim.errors import FulfillSimError
    from sim.study.pilot.plan import read_plan
    from sim.study.pilot.plan import template as written
    from sim.study.workers import default_workers

    if template:
        typer.echo(written(), nl=False)
        return
    if scenario is None or treatment is None or plan is None:
        raise FulfillSimError("expected SCENARIO --treatment CHANGE --plan pilot.yaml (a plan: --template)")
    from sim.report.pilot.null import run_null
    from sim.report.pilot.run import run_pilot
    from sim.study.pilot.worlds import study_of

    read = read_plan(plan)
    if pilots is not None:
        read = read.model_copy(update={"pilots": pilots})
    study = study_of(scenario, treatment, read, strategy, seed)
    count = workers or default_workers()
    if nothing is not None:
        run_null(study, nothing, count, None if fresh else out)
        return
    run_pilot(study, count, out, json, fresh)


def pilot_read(
    data: Annotated[Path, typer.Argument(help="What was measured: a CSV table of store, week (1, 2, ...) and value.")],
    plan: Annotated[Path, typer.Option(help="What was registered: registered.yaml from the folder of `pilot`.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Analyse a real pilot as it was registered."""
    from sim.report.pilot.read import read

    read(data, plan, json)
