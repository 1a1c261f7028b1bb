"""`fulfillsim check`: say what is wrong with a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path


def check(
    paths: Annotated[list[str], typer.Argument(help="Scenario folders, YAML files or shipped names.")],
    draw: Annotated[Path | None, typer.Option(help="Also draw the network to this PNG or SVG file.")] = None,
) -> None:
    """Check scenarios and tell every problem at once, with file, line and what was expected. Exit code 2 if any."""
    from sim.errors import ScenarioError
    from sim.report.network_summary import summarise

    failed = False
    for path in paths:
        try:
            typer.echo(summarise(path, draw))
        except ScenarioError as error:
            failed = True
            typer.echo(str(error), err=True)
            count = len(error.problems)
            typer.echo(f"{path}: {count} problem{'' if count == 1 else 's'}", err=True)
    if failed:
        raise typer.Exit(2)
