"""`fulfillsim route`: one stateless decision, as the service makes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def route(
    request: Annotated[str, typer.Argument(help="JSON file with `order`, `now` and `stock`; - reads it from stdin.")],
    config: Annotated[
        Path, typer.Option(help="A routing configuration, as `export-network --config` writes it.")
    ] = Path("routing.yaml"),
    candidates: Annotated[bool, typer.Option(help="Tell what each site could send instead.")] = False,
    pickup: Annotated[bool, typer.Option(help="Tell where the shopper could collect it.")] = False,
    goes_back: Annotated[bool, typer.Option("--return", help="Tell where these goods should go back to.")] = False,
    explain: Annotated[bool, typer.Option(help="Tell why, site by site, and what would change it.")] = False,
    json: Annotated[bool, typer.Option("--json", help="With --explain: as JSON, not as text.")] = False,
) -> None:
    """Decide how to serve one order from the stock in the request: the same call as POST /route."""
    from json import dumps

    from sim.contract.wire_values import loads
    from sim.errors import RoutingError
    from sim.files import read_text
    from sim.routing.service.deployment import read_deployment
    from sim.routing.service.stateless import Stateless

    asked = {"explain": explain, "candidates": candidates, "pickup": pickup, "return": goes_back}
    verbs = [verb for verb, wanted in asked.items() if wanted] or ["route"]
    if len(verbs) > 1:
        raise typer.BadParameter(f"--{' and --'.join(verbs)} - expected one question at a time")
    text = sys.stdin.buffer.read() if request == "-" else read_text(Path(request)).encode()
    try:
        body = loads(text)
        deployment = read_deployment(config, now=body.get("now") if isinstance(body, dict) else None)
        answer = loads(Stateless(deployment, deployment.guarded_engine()).call(verbs[0], text))
    except RoutingError as error:
        raise RoutingError(f"{'stdin' if request == '-' else request}: {error}") from None
    typer.echo(answer["text"] if explain and not json else dumps(answer, indent=2))
