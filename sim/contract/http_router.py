"""A router somewhere else: the five verbs over HTTP, one round trip a decision.

News waits until something is asked and travels with the question, so that what is told are the changes since the last
call. Every call carries an idempotency key: when a connection breaks, it is safe to ask again.
"""

from __future__ import annotations

import http.client
import secrets
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from sim.contract.news import Claim, Release
from sim.contract.wire import Wire
from sim.contract.wire_values import as_object, dumps, loads
from sim.errors import RoutingError, WireError
from sim.network.file import digest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, Hold, OnOffer, Order, Plan, Quote, Revision
    from sim.contract.news import News
    from sim.network.network import Network

# News of more cells than this is sent at once: a body stays far below any service's limit.
MOST_CELLS_WAITING = 500_000


class HttpRouter:
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
        self._url = url.rstrip("/")
        parts = urlsplit(self._url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RoutingError(f"{url!r} - expected an address such as http://127.0.0.1:8000")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)
        self._path = parts.path
        self._headers = {"Content-Type": "application/json"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"
        self._wire = Wire(network)
        self._news: list[dict[str, Any]] = []
        self._cells_waiting = 0
        self._next_wake: float | None = None
        self._caller, self._calls = secrets.token_hex(8), 0
        self._owner = session is None
        try:
            self._check_network(network)
            self.session: str = self._ask("POST", "/sessions", {})["session"] if session is None else session
        except RoutingError:
            self._connection.close()
            raise

    def observe(self, news: News) -> None:
        """Keep news for the next call; a release or a claim is told at once, because it may be refused."""
        plain = self._wire.plain(news)
        self._news.append(plain)
        columns = plain.get("on_hand") or plain.get("units") or {}
        self._cells_waiting += sum(map(len, columns.values()))
        if isinstance(news, Release | Claim) or self._cells_waiting > MOST_CELLS_WAITING:
            self._call("observe")

    def quote(self, order: Order, now: float) -> Quote:
        """Ask what would be promised."""
        answer = self._call("quote", order=self._wire.plain(order), now=now)
        return self._wire.quote(answer.get("quote"), "answer.quote")

    def route(self, order: Order, now: float) -> Plan | Hold:
        """Ask for a plan."""
        answer = self._call("route", order=self._wire.plain(order), now=now)
        if "hold" in answer:
            return self._wire.hold(answer["hold"], "answer.hold")
        return self._wire.plan(answer.get("plan"), "answer.plan")

    def goes_back_to(self, order: Order, now: float) -> int:
        """Ask where goods go back to."""
        return self._wire.site(self._call("return", order=self._wire.plain(order), now=now).get("site"), "answer.site")

    def available(self, channel: str | None = None) -> NDArray[np.int64]:
        """Ask what could be promised."""
        asked = {} if channel is None else {"channel": channel}
        return self._wire.units(self._call("available", **asked).get("available"), "answer.available")

    def tick(self, now: float) -> list[Decision | Revision | OnOffer]:
        """Let the router decide at its own initiative."""
        decisions = self._call("tick", now=now).get("decisions", [])
        return [self._wire.decision(item, f"answer.decisions[{i}]") for i, item in enumerate(decisions)]

    def next_wake(self) -> float | None:
        """Return when the router wants its turn."""
        if self._news:
            self._call("observe")
        return self._next_wake

    def close(self) -> None:
        """Close the connection, and the session if it was opened here."""
        if self._owner:
            self._ask("DELETE", f"/sessions/{self.session}")
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the router itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _check_network(self, network: Network) -> None:
        theirs = self._ask("GET", "/health").get("network")
        if theirs is not None and theirs != digest(network):
            raise RoutingError(f"{self._url} decides for another network - export this one again and restart it there")

    def _call(self, verb: str, **body: Any) -> dict[str, Any]:
        if self._news or verb == "observe":
            body["news"] = self._news
        answer = self._ask("POST", f"/sessions/{self.session}/{verb}", body)
        self._news, self._cells_waiting = [], 0
        self._next_wake = answer.get("next_wake")
        for refused in answer.get("refused", []):
            raise RoutingError(f"{self._url}/{verb}: {refused.get('where')}: {refused.get('what')}")
        return answer

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        self._calls += 1
        headers = {**self._headers, "Idempotency-Key": f"{self._caller}-{self._calls}"}
        content = None if body is None else dumps(body)
        where = f"{method} {self._url}{path}"
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
        for again in (True, False):
            try:
                self._connection.request(method, self._path + path, content, headers)
                response = self._connection.getresponse()
                return response.status, response.read()
            except TimeoutError:
                self._connection.close()
                raise
            except (ConnectionError, http.client.HTTPException):
                # an idle connection may have been closed at the other end; the next request opens a new one
                self._connection.close()
                if not again:
                    raise
        raise AssertionError
