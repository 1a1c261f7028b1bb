"""The service on a free port of this machine, in a thread of its own, for as long as a block lasts."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import uvicorn

from sim.contract.wire_values import dumps
from sim.routing.service.app import create_app
from sim.routing.service.deployment import Deployment, Limits
from sim.study.experiment import routing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario.load import Scenario


def deployment_of(scenario: Scenario, strategy: str = "cheapest", **limits: Any) -> Deployment:
    """Return what a service of a scenario's own engine is started with."""
    return Deployment(scenario.network, routing_of(scenario), strategy, Limits(**limits))


@contextmanager
def serving(deployment: Deployment, **how: Any) -> Iterator[str]:
    """Serve, and give the address."""
    config = uvicorn.Config(create_app(deployment, **how), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    up = threading.Event()
    started = server.startup

    async def startup(sockets: Any = None) -> None:
        await started(sockets)
        up.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert up.wait(20), "the service did not start"
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)


def post(url: str, body: Any, **headers: str) -> tuple[int, bytes]:
    """Send one JSON body (bytes as they are) and return status and answer."""
    content = body if isinstance(body, bytes) else dumps(body)
    request = Request(url, content, {"Content-Type": "application/json", **headers}, method="POST")
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()
