"""`fulfillsim explain`: one order's whole life."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def explain(
    run: Annotated[Path, typer.Argument(help="A folder that `fulfillsim run` wrote, or one of several such folders.")],
    order: Annotated[int, typer.Argument(help="Its number in the run's tables.")],
    scenario: Annotated[str | None, typer.Option(help="Where the run's scenario is, if not where it was.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON; minutes from the start, money in cents.")] = False,
) -> None:
    """Tell what happened to an order, why each time it was decided so, what was believed and what was true."""
    from sim.report.life import print_life

    print_life(run, order, scenario, as_json=json)
