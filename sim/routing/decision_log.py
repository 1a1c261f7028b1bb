"""Decisions as JSON Lines: what was asked, what was believed, by which configuration, and the plan.

Each line stands for itself, whether it decides about one order or, jointly, about many: replaying it with the same
configuration gives the same plan, byte for byte. The `order`, `now` and `stock` of one order are the body of a
stateless `route`; what a strategy remembers besides is its `memory`. What could not be allocated stands there as
unfilled; whether such lines are kept for later is the queue's matter and no part of the decision. What is promised
against goods on their way stands there with its site and date; that it is sent from there when they come was decided
then, and is not logged again. A decision cut short by a limit of time is marked `limited` in its plan and cannot be
repeated.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from sim.contract.wire_values import as_object, dumps, loads
from sim.errors import WireError
from sim.routing.damage import line_of_log
from sim.routing.joint.engine import JointEngine
from sim.routing.joint.log import batch_line, decide_again, recalled
from sim.routing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.contract.messages import Order, Plan
    from sim.contract.wire import Wire
    from sim.network.network import Network
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

        def write(tree: dict[str, object]) -> None:
            line = dumps({"configuration": self._version, "engine": name, **tree}) + b"\n"
            with self._lock:
                self._file.write(line)
                self._file.flush()

        engine.record = lambda *decision: write(log_line(self._wire, *decision))
        if isinstance(engine, JointEngine):
            engine.record_batch = lambda *decision: write(batch_line(self._wire, *decision))


def log_line(wire: Wire, order: Order, now: float, view: View, plan: Plan) -> dict[str, object]:
    """Return one decision as what JSON knows."""
    return {
        "order": wire.plain(order),
        "now": float(now),
        "stock": wire.plain_stock(view.believed),
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
        with line_of_log(number):
            tree = as_object(loads(text, "line"), "line")
            if tree.get("configuration") != version:
                found = f"decided by configuration {tree.get('configuration')!r}"
                raise WireError(found, "", f"{version!r}, the one given")
            if "batch" in tree:
                expected, found_now, limited = decide_again(tree, wire, engine)
            else:
                expected, limited = dumps(tree.get("plan")), wire.plan(tree.get("plan")).limited
                _decide_again(tree, wire, engine)
                found_now = dumps(wire.plain(made.pop()))
        yield Replayed(number, expected, found_now, limited)


def reasons(lines: Iterable[bytes], wire: Wire, network: Network, engine: Engine, order: int) -> Iterator[str]:
    """Tell, for each joint decision of a log about an order, who competed for what it wanted, and at what price.

    Raises
    ------
    RoutingError
        If a line is damaged.
    """
    from sim.routing.joint.why import why

    for number, text in enumerate(lines, 1):
        with line_of_log(number):
            tree = as_object(loads(text, "line"), "line")
            if "batch" not in tree:
                continue
            joint, batch, now = recalled(tree, wire, engine)
            told = why(joint, network, batch, now, order) if order in batch.numbers else ()
            joint.forget(wire.stock(tree["stock"]))
        yield from [f"line {number}: {each.describe()}" for each in told]


def _decide_again(tree: dict[str, Any], wire: Wire, engine: Engine) -> None:
    order, now, stock = wire.order(tree.get("order")), wire.now(tree.get("now")), wire.stock(tree.get("stock"))
    engine.recall(order, View(stock, tree.get("memory", {})))
    engine.route_now(order, now)
    engine.forget(stock)
