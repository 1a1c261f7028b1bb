"""`fulfillsim serve`: the routing engine over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    config: Annotated[Path, typer.Option(help="A routing configuration, as `export-network --config` writes it.")],
    host: Annotated[str, typer.Option(help="Address to bind to. Other than this machine's own it needs a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with the token callers must show; FULFILLSIM_TOKEN in the environment does as well."),
    ] = None,
    log: Annotated[Path | None, typer.Option(help="Append every decision to this JSON Lines file.")] = None,
) -> None:
    """Serve a routing configuration: sessions that are told the news, and calls that carry their own stock."""
    from datetime import datetime

    from sim.routing.service.run import run_service

    run_service(config, host, port, token_file, log, datetime.now().astimezone().date())
