"""A router somewhere else, over HTTP.

Every call carries an idempotency key: when a connection breaks, it is safe to ask again.
"""

from __future__ import annotations

import http.client
import math
import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sim.contract.remote_router import RemoteRouter
from sim.contract.wire_values import as_object, dumps, loads, short
from sim.errors import RoutingError, WireError
from sim.network.file import digest

if TYPE_CHECKING:
    from sim.network.network import Network

MOST_BYTES = 64_000_000
"""Of one answer."""


class HttpRouter(RemoteRouter):
    """A `Router` in another process, in any language.

    Parameters
    ----------
    url
        Where the service is, e.g. ``http://127.0.0.1:8000``.
    token
        Shown to the service if it asks for one.
    timeout_s
        Longest wait for an answer.
    session
        Name of an open session to join; None opens one, which `close` closes.

    Raises
    ------
    RoutingError
        If nobody answers, or the service decides for another network. So does every verb when the service refuses.
    """

    def __init__(
        self,
        url: str,
        network: Network,
        *,
        token: str | None = None,
        timeout_s: float = 30.0,
        session: str | None = None,
    ) -> None:
        super().__init__(network, url.rstrip("/"))
        parts = urlsplit(self._where)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RoutingError(f"{url!r} - expected an address such as http://127.0.0.1:8000")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)
        self._path = parts.path
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._caller, self._calls = secrets.token_hex(8), 0
        self._owner = session is None
        try:
            self._check_network(network)
            self.session = self._new_session() if session is None else session
        except RoutingError:
            self._connection.close()
            raise

    def _say(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", f"/sessions/{self.session}/{verb}", body)

    def close(self) -> None:
        """Close the connection, and the session if it was opened here."""
        if self._owner:
            self._ask("DELETE", f"/sessions/{self.session}")
        self._connection.close()

    def hang_up(self) -> None:
        """Close it as far as the other end lets us: one that does not answer is left alone."""
        with suppress(RoutingError):
            self.close()
        self._connection.close()

    def _new_session(self) -> str:
        name = self._ask("POST", "/sessions", {}).get("session")
        if not isinstance(name, str):
            raise WireError(short(name), f"POST {self._where}/sessions: session", "the name of a session")
        return name

    def _check_network(self, network: Network) -> None:
        theirs = self._ask("GET", "/health").get("network")
        if theirs is not None and theirs != digest(network):
            told = "decides for another network - export this one again and restart it there"
            raise RoutingError(f"{self._where} {told}")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        self._calls += 1
        headers = {**self._headers, "Idempotency-Key": f"{self._caller}-{self._calls}"}
        content = None if body is None else dumps(body)
        where = f"{method} {self._where}{path}"
        try:
            status, text = self._exchange(method, path, content, headers)
        except TimeoutError:
            raise RoutingError(f"{where}: no answer after {self._connection.timeout} s") from None
        except (OSError, http.client.HTTPException) as failed:
            raise RoutingError(f"{where}: nobody answers ({failed})") from None
        try:
            answer = as_object(loads(text, "answer"), "answer") if text else {}
        except WireError as unread:
            raise RoutingError(f"{where}: status {status}, {unread}") from None
        if not 200 <= status < 300:
            error = answer.get("error") or {"what": str(answer)[:200]}
            raise WireError(
                f"{error.get('what')}", f"{where}: {error.get('where', '')}", str(error.get("expected", ""))
            )
        return answer

    def _exchange(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        deadline = time.monotonic() + (self._connection.timeout or math.inf)
        for again in (True, False):
            try:
                self._connection.request(method, self._path + path, content, headers)
                response = self._connection.getresponse()
                return response.status, _whole(response, deadline)
            except TimeoutError:
                self._connection.close()
                raise
            except (ConnectionError, http.client.HTTPException):
                # an idle connection may have been closed at the other end; the next request opens a new one
                self._connection.close()
                if not again:
                    raise
        raise AssertionError


def _whole(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """Return a body that comes to its end in time; one that drips or never ends is none."""
    if response.length is not None and response.length > MOST_BYTES:
        raise http.client.HTTPException(f"{response.length} bytes - expected at most {MOST_BYTES}")
    parts, size = [], 0
    while part := _part(response):
        parts.append(part)
        size += len(part)
        if time.monotonic() > deadline:
            raise TimeoutError
        if size > MOST_BYTES:
            raise http.client.HTTPException(f"more than {MOST_BYTES} bytes")
    response.read()  # nothing is left: it closes itself
    return b"".join(parts)


def _part(response: http.client.HTTPResponse) -> bytes:
    """Return what has come of a body, however little."""
    if response.chunked or response.length is None or response.fp is None:
        return response.read1(1 << 16)
    part = response.fp.read1(min(1 << 16, response.length)) if response.length else b""
    response.length -= len(part)
    return part
