"""A little engine over HTTP: ours, but every so often what it answers is tampered with on its way out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sim.routing.service.sessions import Sessions
from sim.scenario.load import Scenario
from tests.serving import deployment_of

Tamper = Callable[[dict[str, Any], dict[str, Any]], "dict[str, Any] | bytes | None"]
"""Takes what was asked and what is answered; returns what is sent instead, None: nothing at all, for ever."""


class Engine:
    """Answers the calls of sessions.

    Parameters
    ----------
    every
        Each so-manieth order's answer is tampered with.
    """

    def __init__(self, scenario: Scenario, tamper: Tamper, every: int) -> None:
        self._sessions = Sessions(deployment_of(scenario))
        self._tamper, self._every = tamper, every
        self.over = threading.Event()
        self.routed = self.tampered = 0

    def answer(self, path: str, body: bytes) -> bytes | None:
        *_, session, verb = path.split("/")
        if verb == "sessions":
            return json.dumps({"session": self._sessions.open()}).encode()
        answer = self._sessions[session].call(verb, body)
        if verb != "route":
            return answer
        self.routed += 1
        if self.routed % self._every:
            return answer
        told = self._tamper(json.loads(body), json.loads(answer))
        self.tampered += 1
        if told is None:
            self.over.wait(20)
        return json.dumps(told).encode() if isinstance(told, dict) else told


@contextmanager
def serving(scenario: Scenario, tamper: Tamper, every: int = 7) -> Iterator[tuple[str, Engine]]:
    """Serve such an engine, and give its address and the engine."""
    engine = Engine(scenario, tamper, every)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._send(b"{}")

        def do_DELETE(self) -> None:
            self._send(b"{}")

        def do_POST(self) -> None:
            told = engine.answer(self.path, self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self._send(b"" if told is None else told, 500 if told == b"" else 200)

        def _send(self, content: bytes, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # who was answered too late has hung up

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", engine
    finally:
        engine.over.set()
        server.shutdown()
        server.server_close()
        thread.join(20)
