"""`fulfillsim replay`: decide a log again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def replay(
    log: Annotated[Path, typer.Argument(help="A decision log, as `fulfillsim serve --log` writes it.")],
    config: Annotated[Path, typer.Option(help="The configuration the log was written with.")],
    why: Annotated[int | None, typer.Option(help="Tell instead what joint decisions meant for this order.")] = None,
) -> None:
    """Decide every line of a log again and compare, byte for byte. Exit code 1 if any differs."""
    from sim.errors import FulfillSimError, RoutingError
    from sim.routing import decision_log
    from sim.routing.service.deployment import read_deployment

    deployment = read_deployment(config)
    same = limited = 0
    differing: list[decision_log.Replayed] = []
    try:
        with log.open("rb") as lines:
            if why is not None:
                for text in decision_log.reasons(lines, deployment.wire, deployment.network, deployment.engine(), why):
                    typer.echo(text)
                return
            for line in decision_log.replay(lines, deployment.wire, deployment.version, deployment.engine()):
                if line.equal:
                    same += 1
                elif line.limited:
                    limited += 1
                else:
                    differing.append(line)
    except OSError as error:
        raise FulfillSimError(f"{log}: cannot be read ({error.strerror})") from None
    except RoutingError as error:
        raise RoutingError(f"{log}: {error}") from None
    cut = f", {limited} cut short by a limit of time and not repeatable" if limited else ""
    typer.echo(f"{log}: {same} decisions the same, byte for byte, {len(differing)} differ{cut}")
    for line in differing[:3]:
        typer.echo(f"  line {line.line}\n    then {line.expected.decode()}\n    now  {line.found.decode()}")
    if differing:
        raise typer.Exit(1)
