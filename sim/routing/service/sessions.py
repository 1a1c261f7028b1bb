"""Sessions: an engine each, told the news and remembering its promises, one call at a time.

Whatever the number of callers, a session decides one order after the other, so that no unit is promised twice. An
idempotency key makes a call safe to repeat: it gets the same answer again and nothing is reserved a second time.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.contract.messages import Hold
from sim.contract.news import Cancellation, Release
from sim.contract.wire_values import as_object, dumps, loads, short
from sim.errors import RoutingError, WireError, one_of
from sim.routing.returns import goes_back_to
from sim.routing.service.searching import LIMITS, options, read_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.contract.news import News
    from sim.routing.engine import Engine
    from sim.routing.service.deployment import Deployment

Body = dict[str, Any]
MOST_KEY_CHARACTERS = 200


class UnknownSessionError(RoutingError):
    """No session has that name."""


class TooManySessionsError(RoutingError):
    """No more sessions may be opened."""


def fields_of(body: object, required: Iterable[str], optional: Iterable[str] = ()) -> Body:
    """Return the body of a call if it is an object with the right keys.

    Raises
    ------
    WireError
        If a key is missing or unknown.
    """
    tree = as_object(body, "body")
    known = [*required, *optional]
    for key in tree:
        if key not in known:
            raise WireError(f"unknown key {key[:80]!r}", key, one_of(key, known))
    for key in required:
        if key not in tree:
            raise WireError("missing key", key, f"{key!r}, which is required")
    return tree


class Session:
    """One engine and its callers."""

    def __init__(self, deployment: Deployment, engine: Engine) -> None:
        self._wire, self._decided_at = deployment.wire, deployment.now
        self._sites = [site.id for site in deployment.network.sites]
        self._engine = engine
        self._most_answers = deployment.limits.remembered_answers
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, tuple[bytes, bytes]] = OrderedDict()
        self._now = -float("inf")
        self.called_at = time.monotonic()
        self.verbs: dict[str, Callable[[Any], Body]] = {
            "observe": self._observe,
            "quote": self._quote,
            "route": self._route,
            "available": self._available,
            "tick": self._tick,
            "release": self._release,
            "refuse": self._refuse,
            "cancel": self._cancel,
            "pickup": self._pickup,
            "return": self._return,
            "claim": partial(self._take, "claim"),
            "unclaim": partial(self._take, "unclaim"),
        }

    def call(self, verb: str, body: bytes, key: str | None = None) -> bytes:
        """Answer one call.

        Parameters
        ----------
        key
            Calls with the same key are one call.

        Raises
        ------
        WireError
            If the body is wrong; nothing has happened then.
        RoutingError
            If it asks for what cannot be, such as the release of units that are not promised.
        """
        if key is not None and len(key) > MOST_KEY_CHARACTERS:
            raise WireError(f"{len(key)} characters", "Idempotency-Key", f"at most {MOST_KEY_CHARACTERS}")
        self.called_at = time.monotonic()
        asked = hashlib.sha256(verb.encode() + b"\n" + body).digest()
        with self._lock:
            if key is not None and key in self._answers:
                before, answer = self._answers[key]
                if before != asked:
                    raise WireError("this key came with another call before", "Idempotency-Key", "a new key a call")
                return answer
            answer = dumps(self.verbs[verb](loads(body)))
            if key is not None:
                self._answers[key] = asked, answer
                if len(self._answers) > self._most_answers:
                    self._answers.popitem(last=False)
            return answer

    def _observe(self, body: object) -> Body:
        return self._answer(self._hear(self._news(fields_of(body, ["news"]))))

    def _route(self, body: object) -> Body:
        tree = fields_of(body, ["order", "now"], ["news"])
        news, order, now = self._news(tree), self._wire.order(tree["order"]), self._decided_at(tree["now"])
        self._engine.ways.check(order)  # before the news is heard: it comes again with the next call
        refused = self._hear(news)
        answer = self._engine.route(order, self._move_on(now))
        return {"hold" if isinstance(answer, Hold) else "plan": self._wire.plain(answer), **self._answer(refused)}

    def _quote(self, body: object) -> Body:
        tree = fields_of(body, ["order", "now"], ["news"])
        news, order, now = self._news(tree), self._wire.order(tree["order"]), self._decided_at(tree["now"])
        self._engine.ways.check(order)  # before the news is heard: it comes again with the next call
        refused = self._hear(news)
        quote = self._engine.quote(order, self._move_on(now))
        return {"quote": self._wire.plain(quote), **self._answer(refused)}

    def _available(self, body: object) -> Body:
        tree = fields_of(body, [], ["news", "channel"])
        news, channel = self._news(tree), tree.get("channel")
        if channel is not None and not isinstance(channel, str):
            raise WireError(short(channel), "channel", "text")
        refused = self._hear(news)
        return {"available": self._wire.plain_units(self._engine.available(channel)), **self._answer(refused)}

    def _tick(self, body: object) -> Body:
        tree = fields_of(body, ["now"], ["news"])
        news, now = self._news(tree), self._wire.now(tree["now"])
        refused = self._hear(news)
        decisions = [self._wire.plain(decision) for decision in self._engine.tick(self._move_on(now))]
        return {"decisions": decisions, **self._answer(refused)}

    def _release(self, body: object) -> Body:
        return self._take("release", body)

    def _refuse(self, body: object) -> Body:
        return self._take("refusal", body)

    def _take(self, kind: str, body: object) -> Body:
        tree = {"kind": kind, **as_object(body, "body")}
        if tree["kind"] != kind:
            raise WireError(f"kind {short(tree['kind'])}", "kind", f"{kind!r}, or none")
        self._engine.observe(self._wire.news(tree, "body"))
        return self._answer([])

    def _cancel(self, body: object) -> Body:
        """Forget what is kept of an order, and release those of its parcels that the caller says are not yet picked."""
        tree = fields_of(body, ["at", "order"], ["parcels"])
        cancellation = self._wire.news({"kind": "cancellation", "at": tree["at"], "order": tree["order"]}, "body")
        assert isinstance(cancellation, Cancellation)
        unpicked = self._wire.unpicked(tree.get("parcels", []), "parcels")
        releases = [Release(*cancellation, site, *line) for site, lines in unpicked for line in lines]
        return self._answer(self._hear([cancellation, *releases], "lines of parcels, released"))

    def _pickup(self, body: object) -> Body:
        tree = fields_of(body, ["order", "now"], LIMITS)
        order, now, limits = self._wire.order(tree["order"]), self._wire.now(tree["now"]), read_limits(tree)
        return {"options": options(self._engine, self._wire, order, self._move_on(now), limits), **self._answer([])}

    def _return(self, body: object) -> Body:
        tree = fields_of(body, ["order", "now"])
        order, now = self._wire.order(tree["order"]), self._wire.now(tree["now"])
        return {"site": self._sites[goes_back_to(self._engine, order, self._move_on(now))], **self._answer([])}

    def _news(self, tree: Body) -> list[News]:
        items = tree.get("news", [])
        if not isinstance(items, list):
            raise WireError(f"{type(items).__name__}", "news", "a list")
        return [self._wire.news(item, f"news[{i}]") for i, item in enumerate(items)]

    def _hear(self, news: Sequence[News], where: str = "news") -> list[Body]:
        """Hear news; a piece that cannot be is told in the answer, for the rest has happened all the same."""
        refused = []
        for i, item in enumerate(news):
            try:
                self._engine.observe(item)
            except RoutingError as error:
                refused.append(WireError(str(error), f"{where}[{i}]").plain())
        return refused

    def _answer(self, refused: list[Body]) -> Body:
        return {"next_wake": self._engine.next_wake(), **({"refused": refused} if refused else {})}

    def _move_on(self, now: float) -> float:
        # callers' clocks differ by moments; the engine's time never goes back
        self._now = max(self._now, now)
        return self._now


class Sessions:
    """All sessions of a service, by name."""

    def __init__(self, deployment: Deployment, prepare: Callable[[Engine, str], None] | None = None) -> None:
        self._deployment = deployment
        self._prepare = prepare
        self._open: dict[str, Session] = {}
        self._lock = threading.Lock()

    def open(self) -> str:
        """Open a session and return its name."""
        most = self._deployment.limits.sessions
        with self._lock:
            if len(self._open) >= most:
                oldest = time.monotonic() - self._deployment.limits.session_idle * 60
                self._open = {name: session for name, session in self._open.items() if session.called_at >= oldest}
            if len(self._open) >= most:
                raise TooManySessionsError(f"{most} sessions are open - close one first (DELETE /sessions/<name>)")
            name, engine = secrets.token_hex(8), self._deployment.guarded_engine()
            if self._prepare is not None:
                self._prepare(engine, name)
            self._open[name] = Session(self._deployment, engine)
        return name

    def close(self, name: str) -> None:
        """Close a session: all it was told and has promised is forgotten."""
        with self._lock:
            self[name]
            del self._open[name]

    def __getitem__(self, name: str) -> Session:
        session = self._open.get(name)
        if session is None:
            raise UnknownSessionError(f"no session {name[:80]!r} - open one first (POST /sessions)")
        return session
