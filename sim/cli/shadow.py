"""`fulfillsim shadow`: what another configuration would have decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def shadow(
    decisions: Annotated[Path, typer.Argument(help="A decision log, as `fulfillsim serve --log` writes it.")],
    config: Annotated[Path, typer.Option(help="The candidate: a configuration as `serve` takes it.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON; money in cents.")] = False,
) -> None:
    """Decide every line of a log again under another configuration: how far it agrees, what it costs, and why not."""
    from json import dumps

    from rich.console import Console

    from sim.errors import FulfillSimError
    from sim.report.shadow import print_shadow
    from sim.routing.service.deployment import read_deployment
    from sim.routing.shadow import read_log, redecided
    from sim.study.shadow import shadowed

    here = read_deployment(config)
    try:
        with decisions.open("rb") as lines:
            found = shadowed(redecided(read_log(lines, here.wire), here.engine()), here.network)
    except OSError as error:
        raise FulfillSimError(f"{decisions}: cannot be read ({error.strerror})") from None
    if json:
        typer.echo(dumps(found.as_json(), indent=2))
    else:
        print_shadow(found, Console())
