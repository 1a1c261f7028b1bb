"""A router somewhere else: the verbs as messages, whatever line carries them, one round trip a decision.

News waits until something is asked and travels with the question, so that what is told are the changes since the last
call.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Self

from sim.contract.news import Claim, Release
from sim.contract.wire import Wire
from sim.errors import RoutingError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Decision, Hold, OnOffer, Order, Plan, Quote, Revision
    from sim.contract.news import News
    from sim.network.network import Network

# News of more cells than this is sent at once: a body stays far below any service's limit.
MOST_CELLS_WAITING = 500_000


class RemoteRouter(ABC):
    """A `Router` at the other end of a line.

    Parameters
    ----------
    where
        How the other end is called in messages.

    Raises
    ------
    RoutingError
        By every verb, if nobody answers or what is asked is refused.
    """

    def __init__(self, network: Network, where: str) -> None:
        self._where = where
        self._wire = Wire(network)
        self._news: list[dict[str, Any]] = []
        self._cells_waiting = 0
        self._next_wake: float | None = None

    @abstractmethod
    def _say(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one call."""

    @abstractmethod
    def close(self) -> None:
        """Hang up."""

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

    def __enter__(self) -> Self:
        """Return the router itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _call(self, verb: str, **body: Any) -> dict[str, Any]:
        if self._news or verb == "observe":
            body["news"] = self._news
        answer = self._say(verb, body)
        self._news, self._cells_waiting = [], 0
        self._next_wake = answer.get("next_wake")
        for refused in answer.get("refused", []):
            raise RoutingError(f"{self._where}/{verb}: {refused.get('where')}: {refused.get('what')}")
        return answer
