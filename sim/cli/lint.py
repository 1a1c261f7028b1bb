"""`fulfillsim lint`: what can never act in a routing configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def lint(
    file: Annotated[Path, typer.Argument(help="A routing file, or a file with a block `routing:`.")],
    network: Annotated[
        Path | None,
        typer.Option(help="A network, as `export-network` writes it: to look up attributes of sites; else the file's."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Find rules that are valid but never act: unreachable, contradictory, never tying. Exit code 1 if any is found."""
    from json import dumps

    from sim.files import read_yaml
    from sim.network.file import read_network
    from sim.routing.files import findings, read_routing
    from sim.routing.strategies.by_rules import site_columns

    named = read_yaml(file).tree.get("network")
    if network is None and isinstance(named, str):  # the file of a service
        network = file.parent / named
    columns = None if network is None else site_columns(read_network(network))
    found = findings(read_routing(file), columns)
    if json:
        typer.echo(dumps([each._asdict() for each in found], indent=2))
    else:
        for each in found:
            typer.echo(str(each))
        typer.echo(f"{file}: {len(found)} finding{'' if len(found) == 1 else 's'}")
    if found:
        raise typer.Exit(1)
