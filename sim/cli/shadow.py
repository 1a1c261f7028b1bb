"""`fulfillsim shadow`: what another configuration would have decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

USUALLY_WITHIN = "7 days"


def shadow(
    decisions: Annotated[
        Path,
        typer.Argument(
            help="A decision log, as `fulfillsim serve --log` writes it, or a CSV table of past assignments: order, "
            "time, destination, sku, units, origin, service (or carrier) and, where it is known, cost in USD."
        ),
    ],
    candidate: Annotated[Path, typer.Argument(help="A configuration as `serve` takes it.")],
    seen_within: Annotated[
        str | None,
        typer.Option(
            help="For a table, which tells of no stock: a site had of a product what it sent some of within this span, "
            f"{USUALLY_WITHIN} if not said."
        ),
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option(
            help="What a table calls its columns, 'order=Order ID,sku=Item,service=Carrier'; with it all others are "
            "left alone."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON; money in cents.")] = False,
) -> None:
    """Decide the past again under another configuration: how far it agrees, what it would cost, and why it differs."""
    from json import dumps

    from rich.console import Console

    from sim.errors import FulfillSimError, RoutingError
    from sim.report.shadow import print_shadow
    from sim.routing.service.deployment import read_deployment
    from sim.routing.shadow import read_log, redecided
    from sim.study.shadow.assignments import read_assignments
    from sim.study.shadow.shadow import shadowed

    here = read_deployment(candidate)
    engine = here.engine()
    assumed = ""
    if decisions.suffix == ".csv":
        within = seen_within or USUALLY_WITHIN
        assumed = f"a site had of a product whatever was asked if it sent some within {within}"
        past = read_assignments(decisions, here.network, _minutes(within), _called(columns))
        found = shadowed(redecided(past, engine), here.network)
    elif seen_within is not None:
        raise FulfillSimError("--seen-within: a decision log tells what stock there was - expected it with a table")
    elif columns is not None:
        raise FulfillSimError("--columns: a decision log has none - expected it with a table")
    else:
        try:
            with decisions.open("rb") as lines:
                found = shadowed(redecided(read_log(lines, here.wire), engine), here.network)
        except OSError as error:
            raise FulfillSimError(f"{decisions}: cannot be read ({error.strerror})") from None
        except RoutingError as error:
            raise RoutingError(f"{decisions}: {error}") from None
    if json:
        typer.echo(dumps({**found.as_json(), **({"assumed": assumed} if assumed else {})}, indent=2))
    else:
        print_shadow(found, Console(), assumed)


def _minutes(within: str) -> float:
    from sim.errors import FulfillSimError
    from sim.units import minutes

    try:
        return minutes(within)
    except ValueError as error:
        raise FulfillSimError(f"--seen-within: {error}") from None


def _called(columns: str | None) -> dict[str, str]:
    """Return what a table calls its columns."""
    from sim.errors import FulfillSimError, shown

    called = {}
    for pair in columns.split(",") if columns else ():
        column, equals, name = (part.strip() for part in pair.partition("="))
        if not (column and equals and name):
            raise FulfillSimError(f"--columns: {shown(pair.strip())} - expected a pair such as sku=Item")
        called[column] = name
    return called
