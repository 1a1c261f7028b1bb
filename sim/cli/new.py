"""`fulfillsim new`: a scenario of one's own, to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    folder: Annotated[Path, typer.Argument(help="Made with a scenario that runs at once.")],
    like: Annotated[str, typer.Option(help="The shipped scenario it is a copy of.")] = "starter",
) -> None:
    """Write a commented scenario that runs as it is: put your own figures in and check it."""
    from sim.scenario.copy import copy_shipped

    files = copy_shipped(like, folder)
    typer.echo(f"{folder}: {', '.join(files)}")
    typer.echo(f"next: fulfillsim check {folder}, then fulfillsim compare {folder}")
