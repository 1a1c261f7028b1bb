"""A router in a process of its own, asked line by line over its standard input: what `PipeRouter` starts.

It is run as a file and never imported, so that the `sim` it imports is that of the source tree whose router it serves,
whatever its version: nothing here may ask for more than what every version has. A line in is a call, a line out its
answer, both JSON, numbered, in the wire format of `sim.contract`.

{"call": 1, "verb": "open", "network": "<file>", "make": "package.module:make_router"}
{"call": 1, "verb": "open", "network": "<file>", "strategy": "cheapest", "routing": {...}}
{"call": 2, "verb": "route", "order": {...}, "now": 61.5, "news": [...]}
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS_BETWEEN_LOOKS = 1.0


class Desk:
    """One router, and what is said to it."""

    def __init__(self, opened: dict[str, Any]) -> None:
        from sim.contract.wire import Wire
        from sim.network.file import read_network

        network = read_network(Path(opened["network"]))
        self._wire: Any = Wire(network)
        self._network = network
        self._router = _made(opened, network)
        self._verbs: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "observe": lambda _: {},
            "route": self._route,
            "quote": self._quote,
            "available": self._available,
            "tick": self._tick,
            "return": self._return,
        }

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer one call; a piece of news that is refused is told, for the rest has happened all the same."""
        from sim.errors import RoutingError

        refused = []
        for i, item in enumerate(asked.get("news", [])):
            try:
                self._router.observe(self._wire.news(item, f"news[{i}]"))
            except RoutingError as error:
                refused.append({"where": f"news[{i}]", "what": str(error)})
        told = self._verbs[asked["verb"]](asked)
        return {**told, "next_wake": self._router.next_wake(), **({"refused": refused} if refused else {})}

    def _route(self, asked: dict[str, Any]) -> dict[str, Any]:
        answer = self._router.route(self._wire.order(asked["order"]), asked["now"])
        return {"hold" if hasattr(answer, "until") else "plan": self._wire.plain(answer)}

    def _quote(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"quote": self._wire.plain(self._router.quote(self._wire.order(asked["order"]), asked["now"]))}

    def _available(self, asked: dict[str, Any]) -> dict[str, Any]:
        channel = [asked["channel"]] if "channel" in asked else []
        return {"available": self._wire.plain_units(self._router.available(*channel))}

    def _tick(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"decisions": [self._wire.plain(decision) for decision in self._router.tick(asked["now"])]}

    def _return(self, asked: dict[str, Any]) -> dict[str, Any]:
        site = self._router.goes_back_to(self._wire.order(asked["order"]), asked["now"])
        return {"site": self._network.sites[site].id}


def _made(opened: dict[str, Any], network: Any) -> Any:
    """Return the router that is asked for: somebody's own, or the engine of this tree on a configuration."""
    if "make" in opened:
        module, _, name = opened["make"].partition(":")
        return getattr(importlib.import_module(module), name)(network)
    from sim.routing.build import build_engine
    from sim.routing.config import RoutingConfig

    return build_engine(RoutingConfig.model_validate(opened["routing"]), opened["strategy"], network)


def _end_with(parent: int) -> None:
    """End this process when its parent is no more, even in the middle of a decision."""
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def main() -> None:
    """Answer until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a router prints is no answer
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    desk: Desk | None = None
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            if asked["verb"] == "open":
                desk, told = Desk(asked), {}
            else:
                assert desk is not None
                told = desk.answer(asked)
        except Exception as error:  # whatever it is, it is the router's, and the host has to know
            told = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps({"call": asked["call"], **told}).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
