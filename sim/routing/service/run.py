"""Starting the service: what it may bind to, and who may call it."""

from __future__ import annotations

import ipaddress
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.errors import FulfillSimError
from sim.files import read_text
from sim.routing.decision_log import DecisionLog
from sim.routing.service.deployment import read_deployment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from sim.routing.engine import Engine
    from sim.routing.service.deployment import Deployment

    Prepare = Callable[[Engine, str], None]

SHORTEST_TOKEN = 16


def run_service(config: Path, host: str, port: int, token_file: Path | None, log: Path | None, today: date) -> None:
    """Serve until interrupted.

    Raises
    ------
    FulfillSimError
        If the configuration is wrong, or the service would stand open to a network.
    """
    try:
        import uvicorn

        from sim.routing.service.app import create_app
    except ImportError as error:
        raise FulfillSimError(f"{error} - install the service's parts: pip install 'fulfillsim[service]'") from None
    from sim.routing.service.gate import LOOPBACK

    token = read_token(token_file)
    check_binding(host, token)
    deployment = read_deployment(config, on=today)
    check_free(host, port)
    hosts = LOOPBACK if is_loopback(host) else None
    with decision_log(log, deployment) as prepare:
        app = create_app(deployment, token=token, hosts=hosts, prepare=prepare)
        settings = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="info",
            access_log=False,
            server_header=False,
            timeout_keep_alive=60,
            limit_concurrency=1000,
            h11_max_incomplete_event_size=65536,
        )
        uvicorn.Server(settings).run()


def read_token(file: Path | None) -> str | None:
    """Return the token callers must show, from a file or the environment; None when there is none.

    Raises
    ------
    FulfillSimError
        If it is too short to keep anybody out.
    """
    token = os.environ.get("FULFILLSIM_TOKEN") if file is None else read_text(file).strip()
    if token is not None and (len(token) < SHORTEST_TOKEN or not token.isascii()):
        raise FulfillSimError(f"the token has {len(token)} characters - expected at least {SHORTEST_TOKEN}, ASCII")
    return token


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_binding(host: str, token: str | None) -> None:
    """Refuse to stand open to a network.

    Raises
    ------
    FulfillSimError
        If others could reach the service and no token is asked for.
    """
    if token is None and not is_loopback(host):
        wanted = "set FULFILLSIM_TOKEN or give --token-file, or bind to 127.0.0.1"
        raise FulfillSimError(f"--host {host} lets others in, and there is no token - {wanted}")


def check_free(host: str, port: int) -> None:
    """Refuse an address on which nobody can listen here, or somebody does already.

    Raises
    ------
    FulfillSimError
        Why not.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = found[0]
        socket.create_server(address[:2], family=family).close()
    except (OSError, UnicodeError) as error:
        reason = str(getattr(error, "strerror", None) or error).partition(" (")[0]
        raise FulfillSimError(f"--host {host} --port {port}: cannot be listened on ({reason})") from None


@contextmanager
def decision_log(path: Path | None, deployment: Deployment) -> Iterator[Prepare | None]:
    """Give what attaches a service's engines to a log; None when none is wanted."""
    if path is None:
        yield None
        return
    try:
        file = path.open("ab")
    except OSError as error:
        raise FulfillSimError(f"{path}: cannot be written ({error.strerror})") from None
    with file:
        yield DecisionLog(file, deployment.wire, deployment.version).attach
