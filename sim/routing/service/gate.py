"""What every request passes before it is looked at: host, token, content type, size and time of the body."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING, Any

from sim.contract.wire_values import dumps
from sim.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from sim.routing.service.deployment import Limits

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Message, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Gate:
    """An ASGI application around another.

    Parameters
    ----------
    token
        What callers must show as ``Authorization: Bearer <token>``; None asks for none. `/health` is open to all.
    hosts
        Names under which the service may be called; None means any. A web page that has its own name resolve to this
        machine is turned away by it.
    """

    def __init__(self, app: App, limits: Limits, token: str | None, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._most_bytes = limits.body_bytes
        self._seconds = limits.body_time * 60
        self._token = None if token is None else token.encode()
        self._hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it with a refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        refused = self._refusal(scope, headers)
        if refused is None and scope["method"] == "POST":
            try:
                body = await asyncio.wait_for(self._body(receive), self._seconds)
            except TimeoutError:
                refused = 408, WireError(f"no whole body after {self._seconds:g} s", "body", "a quicker sender")
            else:
                if body is None:
                    refused = 413, WireError("too large", "body", f"at most {self._most_bytes} bytes")
                else:
                    receive = _once(body)
        if refused is None:
            await self._app(scope, receive, send)
        else:
            await answer(send, refused[0], dumps({"error": refused[1].plain()}))

    def _refusal(self, scope: Message, headers: dict[bytes, bytes]) -> tuple[int, WireError] | None:
        host = headers.get(b"host", b"").decode("latin-1")
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        if self._hosts is not None and name.strip("[]").lower() not in self._hosts:
            return 421, WireError(f"host {host[:80]!r}", "Host", f"one of {', '.join(sorted(self._hosts))}")
        if self._token is not None and scope["path"] != "/health":
            scheme, _, shown = headers.get(b"authorization", b"").partition(b" ")
            if scheme.lower() != b"bearer" or not hmac.compare_digest(shown.strip(), self._token):
                return 401, WireError("no valid token", "Authorization", "Bearer <token>")
        if scope["method"] == "POST":
            content = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
            if content != b"application/json":
                found = content.decode("latin-1")[:80] or "none"
                return 415, WireError(f"content type {found}", "Content-Type", "application/json")
            length = headers.get(b"content-length", b"0")
            if length.isdigit() and int(length) > self._most_bytes:
                return 413, WireError(f"{int(length)} bytes", "body", f"at most {self._most_bytes}")
        return None

    async def _body(self, receive: Receive) -> bytes | None:
        """Return the whole body, None if it is too large."""
        parts, size = [], 0
        while True:
            message = await receive()
            part: bytes = message.get("body", b"")
            parts.append(part)
            size += len(part)
            if size > self._most_bytes:
                return None
            if not message.get("more_body", False):
                return b"".join(parts)


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def answer(send: Send, status: int, body: bytes) -> None:
    """Send a JSON answer."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status in (408, 413):  # the rest of the body is still on its way: nobody will read it
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
