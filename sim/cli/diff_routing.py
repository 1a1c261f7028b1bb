"""`fulfillsim diff-routing`: what differs between two routing configurations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def diff_routing(
    before: Annotated[Path, typer.Argument(help="A routing file, or a file with a block `routing:`.")],
    after: Annotated[Path, typer.Argument(help="The other one.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON: a list of path, before and after.")] = False,
) -> None:
    """Tell every setting that differs, by its path, with its value before and after. Exit code 1 if any does."""
    from json import dumps

    from sim.routing.files import differences, read_routing

    found = differences(read_routing(before), read_routing(after))
    if json:
        typer.echo(dumps([{"path": path, "before": old, "after": new} for path, old, new in found], indent=2))
    elif found:
        for path, old, new in found:
            typer.echo(f"{path}: {_shown(old)} -> {_shown(new)}")
    else:
        typer.echo("no difference")
    if found:
        raise typer.Exit(1)


def _shown(value: object) -> str:
    from json import dumps

    return "absent" if value is None else dumps(value)
