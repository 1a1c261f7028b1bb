"""Decisions as JSON Lines: what was asked, what was believed, by which configuration, and the plan.

Each line stands for itself: replaying it with the same configuration gives the same plan, byte for byte. Its
`order`, `now` and `stock` are the body of a stateless `route`; what a strategy remembers besides is its
`memory`. What could not be allocated stands there as unfilled; whether such lines are kept for later is the queue's
matter and no part of the decision.
What is promised against goods on their way stands there with its site and date; that it is sent from there when they
come was decided then, and is not logged again. A decision cut short by a limit of time is marked `limited` in its
plan and cannot be repeated.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sim.contract.wire_values import as_object, dumps, loads
from sim.errors import RoutingError, WireError
from sim.routing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.contract.messages import Order, Plan
    from sim.contract.wire import Wire
    from sim.routing.engine import Engine


class DecisionLog:
    """Appends decisions to a file, one line each, whoever makes them.

    Parameters
    ----------
    version
        Fingerprint of the configuration.
    """

    def __init__(self, file: BinaryIO, wire: Wire, version: str) -> None:
        self._file = file
        self._wire = wire
        self._version = version
        self._lock = threading.Lock()

    def attach(self, engine: Engine, name: str) -> None:
        """Have an engine record its decisions here under a name."""

        def record(order: Order, now: float, view: View, plan: Plan) -> None:
            line = dumps(log_line(self._wire, self._version, name, order, now, view, plan)) + b"\n"
            with self._lock:
                self._file.write(line)
                self._file.flush()

        engine.record = record


def log_line(
    wire: Wire, version: str, engine: str, order: Order, now: float, view: View, plan: Plan
) -> dict[str, object]:
    """Return one decision as what JSON knows."""
    stock = {key: value for key, value in wire.plain(view.believed).items() if key != "kind"}
    return {
        "configuration": version,
        "engine": engine,
        "order": wire.plain(order),
        "now": float(now),
        "stock": stock,
        **({"memory": view.memory} if view.memory else {}),
        "plan": wire.plain(plan),
    }


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one line.

    Parameters
    ----------
    line
        Its number, from 1.
    expected, found
        The plan in the log and the plan made now, as JSON; equal if all is well.
    limited
        Whether the plan in the log was cut short by a limit of time: it need not be equal.
    """

    line: int
    expected: bytes
    found: bytes
    limited: bool

    @property
    def equal(self) -> bool:
        """Whether the same was decided, byte for byte."""
        return self.expected == self.found


def replay(lines: Iterable[bytes], wire: Wire, version: str, engine: Engine) -> Iterator[Replayed]:
    """Decide every line of a log again.

    Parameters
    ----------
    engine
        Without a limit of time; it forgets everything between two lines.

    Raises
    ------
    RoutingError
        If a line is damaged or was decided by another configuration.
    """
    made: list[Plan] = []
    engine.record = lambda _order, _now, _believed, plan: made.append(plan)
    for number, text in enumerate(lines, 1):
        try:
            tree = as_object(loads(text, "line"), "line")
            order, now, stock = wire.order(tree.get("order")), wire.now(tree.get("now")), wire.stock(tree.get("stock"))
            logged = wire.plan(tree.get("plan"))
        except WireError as error:
            raise RoutingError(f"line {number} of the log: {error}") from None
        if tree.get("configuration") != version:
            found = f"decided by configuration {tree.get('configuration')!r}"
            raise RoutingError(f"line {number} of the log: {found} - expected {version!r}, the one given")
        try:
            engine.recall(order, View(stock, tree.get("memory", {})))
        except (KeyError, TypeError, ValueError) as error:
            raise RoutingError(f"line {number} of the log: its memory is damaged ({error!r})") from None
        engine.route(order, now)
        engine.forget(stock)
        yield Replayed(number, dumps(tree["plan"]), dumps(wire.plain(made.pop())), logged.limited)
