"""A router from another source tree, in a process of its own, so that two versions of one package can be compared.

What is said is the wire format, a line a message (see `sim.routing.service.pipe_server`). A process is used again for
the next router of the same tree; one that has not answered in time is ended.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.contract.remote_router import RemoteRouter
from sim.contract.wire_values import as_object, dumps, loads
from sim.errors import RoutingError
from sim.network.file import write_network

if TYPE_CHECKING:
    from sim.network.network import Network

OUR_TREE = Path(__file__).parents[2]
SERVER = OUR_TREE / "sim" / "routing" / "service" / "pipe_server.py"
"""Run as a file: what is said is answered by the engine of whichever tree it is started in."""
SECONDS_TO_START = 60.0
"""A tree's package may take long to be imported."""
MOST_BYTES = 64_000_000
"""Of one answer."""
MOST_LETTERS = 2_000
"""Of what a process that failed has said last."""
MOST_IDLE = 4
"""Source trees whose processes wait to be used again; that of the tree used longest ago is ended."""


class Process:
    """One process, and the line to it.

    Parameters
    ----------
    tree
        A folder that packages are imported from: its own `sim`, or this program's where it has none.
    """

    def __init__(self, tree: Path) -> None:
        path = os.pathsep.join(dict.fromkeys([str(tree), str(OUR_TREE)]))
        ours, theirs = socket.socketpair()
        self._line, self._read = ours, b""
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  as long as the process
        self._calls = 0
        self.owes = False
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(SERVER)], stdin=theirs.fileno(), stdout=theirs.fileno(),
                stderr=self._said, cwd=tree, env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip

    def ask(self, verb: str, body: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Say something and return the answer.

        Raises
        ------
        RoutingError
            If there is none within some seconds, or it is no answer.
        """
        self._calls += 1
        deadline = time.monotonic() + seconds
        self.owes = True
        try:
            self._line.settimeout(seconds)
            self._line.sendall(dumps({"call": self._calls, "verb": verb, **body}) + b"\n")
            while True:  # an answer that came too late for its own question is none to this one
                answer = as_object(loads(self._next_line(deadline), "answer"), "answer")
                if answer.pop("call", None) == self._calls:
                    break
        except TimeoutError:
            raise RoutingError(f"{verb}: no answer after {seconds:g} s") from None
        except OSError as error:
            raise RoutingError(f"{verb}: the process is gone ({error}){self._last_words()}") from None
        self.owes = False
        if "error" in answer:
            raise RoutingError(f"{verb}: {answer['error']}")
        return answer

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._line.close()
        self._process.kill()
        self._process.wait()
        self._said.close()

    def _next_line(self, deadline: float) -> bytes:
        while b"\n" not in self._read:
            self._line.settimeout(max(1e-3, deadline - time.monotonic()))
            more = self._line.recv(1 << 16)
            if not more:
                raise ConnectionError("it has ended")
            self._read += more
            if len(self._read) > MOST_BYTES:
                raise ConnectionError("an answer without end")
            if time.monotonic() > deadline:
                raise TimeoutError
        line, _, self._read = self._read.partition(b"\n")
        return line

    def _last_words(self) -> str:
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - MOST_LETTERS))
        said = self._said.read().decode(errors="replace").strip()
        return f": {said.splitlines()[-1]}" if said else ""


_idle: dict[Path, list[Process]] = {}


class PipeRouter(RemoteRouter):
    """A `Router` of another source tree.

    Parameters
    ----------
    made
        What is made there: ``{"make": "package.module:function"}``, called with the network; or the tree's own engine,
        ``{"strategy": <name>, "routing": <raw block>}``.
    timeout_s
        Longest wait for an answer.

    Raises
    ------
    RoutingError
        If nothing can be made. So does every verb that is not answered.
    """

    def __init__(self, tree: Path, made: dict[str, Any], network: Network, *, timeout_s: float = 30.0) -> None:
        super().__init__(network, str(tree))
        self._tree, self._timeout_s = tree.resolve(), timeout_s
        waiting = _idle.get(self._tree)
        self._process = waiting.pop() if waiting else Process(self._tree)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "network.json"
            write_network(network, file)
            try:
                self._process.ask("open", {"network": str(file), **made}, SECONDS_TO_START)
            except RoutingError as error:
                self._process.end()
                raise RoutingError(f"{tree}: {error}") from None

    def close(self) -> None:
        """Give the process back, to be used again; one that still owes an answer is ended."""
        if self._process.owes:
            self._process.end()
        else:
            _idle[self._tree] = [*_idle.pop(self._tree, ()), self._process]
            if len(_idle) > MOST_IDLE:
                _end_oldest()

    def _say(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._process.ask(verb, body, self._timeout_s)
        except RoutingError as error:
            raise RoutingError(f"{self._where}: {error}") from None


@atexit.register
def end_idle() -> None:
    """End the processes that wait to be used again."""
    while _idle:
        _end_oldest()


def _end_oldest() -> None:
    for process in _idle.pop(next(iter(_idle))):
        process.end()
