"""`fulfillsim diff`: where two runs decided differently."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_RUN = "A folder that `fulfillsim run` wrote, or one of several such folders."


def diff(
    first: Annotated[Path, typer.Argument(help=_RUN)],
    second: Annotated[Path, typer.Argument(help="Another, on the same tape: same scenario, seed and replication.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON, every order; money in cents.")] = False,
) -> None:
    """Tell the orders that two runs decided differently, by cause; exit code 1 if there are any."""
    from sim.report.differing import print_differing

    if print_differing(first, second, as_json=json):
        raise typer.Exit(1)
