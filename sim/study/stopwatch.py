"""Where a run's time goes: feeds, walk-ins, routing, ledger, and the rest of the world.

Components are wrapped from outside, so that a run that is not watched pays nothing. Times are exclusive: what a feed
spends inside the router counts as routing. The cost of watching itself is measured and taken off.
"""

from __future__ import annotations

from collections import defaultdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sim.ledger.table import Table
from sim.world.news.feeds import Feeds
from sim.world.news.systems import Systems
from sim.world.simulate import simulate
from sim.world.stock.walk_ins import WalkIns

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.chance.tape import Tape
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

_WATCHED: tuple[tuple[type, tuple[str, ...], str], ...] = (
    (Feeds, ("deliver", "picked", "changed", "changed_many", "sold", "_read"), "feeds"),
    (Systems, ("deliver", "picked", "changed", "changed_many", "sold", "_hear"), "feeds"),
    (WalkIns, ("catch_up", "catch_up_cell"), "walk_ins"),
    (Table, ("append", "extend"), "ledger"),
)
_VERBS = ("route", "tick", "available", "observe")


class _Stopwatch:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._inside = [0.0]

    def watch(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            start = perf_counter()
            try:
                return function(*args, **named)
            finally:
                took = perf_counter() - start
                self.seconds[part] += took - self._inside.pop()
                self.calls[part] += 1
                self._inside[-1] += took

        return watched


def watch_run(scenario: Scenario, tape: Tape, router: Router) -> tuple[Ledger, dict[str, float]]:
    """Run the world once and return the ledger and the seconds spent in each part.

    Not for use in threads: the classes watched are wrapped for the time of the run.
    """
    watch = _Stopwatch()
    empty = _Stopwatch()
    idle = empty.watch("idle", lambda: None)
    start = perf_counter()
    for _ in range(20_000):
        idle()
    per_call = (perf_counter() - start) / 20_000
    saved = [(owner, name, getattr(owner, name)) for owner, names, _ in _WATCHED for name in names]
    for verb in _VERBS:
        setattr(router, verb, watch.watch("routing", getattr(router, verb)))
    try:
        for owner, names, part in _WATCHED:
            for name in names:
                setattr(owner, name, watch.watch(part, getattr(owner, name)))
        start = perf_counter()
        ledger = simulate(scenario, tape, router)
        total = perf_counter() - start
    finally:
        for owner, name, function in saved:
            setattr(owner, name, function)
        for verb in _VERBS:
            delattr(router, verb)
    # a watched call costs its caller all the watching but what lies between the two readings of the clock
    inside = empty.seconds["idle"] / 20_000
    parts = {part: seconds - watch.calls[part] * inside for part, seconds in watch.seconds.items()}
    overhead = sum(watch.calls.values()) * per_call
    parts["world"] = total - overhead - sum(parts.values())
    return ledger, parts
