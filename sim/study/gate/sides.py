"""What is judged: one side of the gate, wherever its decisions come from.

| written | is |
|---|---|
| `cheapest` | a strategy of the scenario, decided by this program |
| `routing.yaml`, `routing.yaml:balanced` | a routing configuration, decided by this program |
| `../main:cheapest` | a strategy of the scenario, decided by the engine of another source tree |
| `../main:package.module:make_router` | what that function of a source tree makes of a network |
| `http://127.0.0.1:8000` | a service |

A tree's router runs in a process of its own, so that two versions of one package can stand side by side.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sim.contract.http_router import HttpRouter
from sim.contract.pipe_router import OUR_TREE, PipeRouter
from sim.errors import FulfillSimError, expected_one_of, shown
from sim.files import read_yaml
from sim.routing.build import build_engine
from sim.routing.files import read_routing
from sim.study.experiment import routing_of
from sim.study.runs.kept import key_of, program, python_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.contract.router import Router
    from sim.routing.config import RoutingConfig
    from sim.scenario.load import Scenario

_ENTRY = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
_HTTP = re.compile(r"https?://")


class Side(Protocol):
    """Baseline or candidate."""

    @property
    def name(self) -> str:
        """As it was written."""
        ...

    @property
    def strategy(self) -> str:
        """The strategy of the scenario whose fixed costs it bears; empty if none of them."""
        ...

    @property
    def foreign(self) -> bool:
        """Whether its decisions come from another process: of another version, or another program."""
        ...

    def opened(self, scenario: Scenario, seconds: float) -> Any:
        """Give a fresh router for a block, which answers within some seconds if it is foreign."""
        ...

    def judged(self, scenario: Scenario) -> dict[str, str]:
        """Return what exactly is judged: hashes of configuration and code, as far as they can be known."""
        ...

    def key(self, scenario: Scenario, seed: int, replication: int) -> str | None:
        """Return the name under which a run is kept; None where nobody knows what decides."""
        ...


@dataclass(frozen=True)
class Configured:
    """A strategy of the scenario or of a file, decided by this program.

    Parameters
    ----------
    file
        None: the scenario's own block `routing:`.
    """

    name: str
    strategy: str
    file: Path | None = None
    foreign = False

    @contextmanager
    def opened(self, scenario: Scenario, seconds: float) -> Iterator[Router]:
        """Give the engine."""
        yield build_engine(self._config(scenario), self.strategy, scenario.network)

    def judged(self, scenario: Scenario) -> dict[str, str]:
        """Return the hashes of configuration and program."""
        found = self._config(scenario).version()
        return {"strategy": self.strategy, "configuration": found, "code": program(), **commit_of(OUR_TREE)}

    def key(self, scenario: Scenario, seed: int, replication: int) -> str | None:
        """Return the name that every run of that strategy is kept under."""
        return key_of(scenario, self._config(scenario), self.strategy, seed, replication)

    def _config(self, scenario: Scenario) -> RoutingConfig:
        config = routing_of(scenario) if self.file is None else self._read
        if self.strategy not in config.strategies:
            where = scenario.name if self.file is None else str(self.file)
            raise FulfillSimError(f"{where}: unknown strategy {expected_one_of(self.strategy, config.strategies)}")
        return config

    @cached_property
    def _read(self) -> RoutingConfig:
        assert self.file is not None
        return read_routing(self.file)


@dataclass(frozen=True)
class InTree:
    """A router of another source tree.

    Parameters
    ----------
    made
        The function that makes it, `package.module:function`; or the name of a strategy of the scenario.
    """

    name: str
    tree: Path
    made: str
    foreign = True

    @property
    def strategy(self) -> str:
        """The strategy, if it is one."""
        return "" if ":" in self.made else self.made

    @contextmanager
    def opened(self, scenario: Scenario, seconds: float) -> Iterator[Router]:
        """Start it, or use its process again."""
        with PipeRouter(self.tree, self._made(scenario), scenario.network, timeout_s=seconds) as router:
            yield router

    def judged(self, scenario: Scenario) -> dict[str, str]:
        """Return the hash of the tree, and its commit."""
        own = {} if ":" in self.made else {"configuration": routing_of(scenario).version()}
        return {"made": self.made, **own, "code": self._code, **commit_of(self.tree)}

    def key(self, scenario: Scenario, seed: int, replication: int) -> str | None:
        """Return a name that the tree's source is a part of."""
        config = routing_of(scenario)
        usual = key_of(scenario, config, next(iter(config.strategies)), seed, replication)
        whole = [usual, str(self._made(scenario)), self._code]
        return hashlib.sha256("\n".join(whole).encode()).hexdigest()

    @cached_property
    def _code(self) -> str:
        package = "sim" if ":" not in self.made else self.made.partition(":")[0].partition(".")[0]
        own = self.tree / package
        return python_files(own if own.is_dir() else self.tree)

    def _made(self, scenario: Scenario) -> dict[str, Any]:
        if ":" in self.made:
            return {"make": self.made}
        config = routing_of(scenario)
        if self.made not in config.strategies:
            raise FulfillSimError(f"{self.name}: unknown strategy {expected_one_of(self.made, config.strategies)}")
        return {"strategy": self.made, "routing": scenario.routing}


@dataclass(frozen=True)
class Served:
    """A service, whatever is behind it."""

    name: str
    foreign = True
    strategy = ""

    @contextmanager
    def opened(self, scenario: Scenario, seconds: float) -> Iterator[Router]:
        """Open a session."""
        token = os.environ.get("FULFILLSIM_TOKEN")
        router = HttpRouter(self.name, scenario.network, token=token, timeout_s=seconds)
        try:
            yield router
        finally:
            router.hang_up()

    def judged(self, scenario: Scenario) -> dict[str, str]:
        """Return its address: more is not known."""
        return {"address": self.name}

    def key(self, scenario: Scenario, seed: int, replication: int) -> str | None:
        """Return None: it may be another program tomorrow."""
        return None


def read_side(text: str) -> Side:
    """Read what is to be judged.

    Raises
    ------
    FulfillSimError
        If it is no strategy's name and nothing that is there.
    """
    if _HTTP.match(text):
        return Served(text.rstrip("/"))
    first, colon, rest = text.partition(":")
    path = Path(first)
    if colon and path.is_dir():
        if not rest or (":" in rest and not _ENTRY.fullmatch(rest)):
            expected = f"{first}:<strategy> or {first}:<package.module>:<function>"
            raise FulfillSimError(f"{shown(text)} - expected {expected}")
        if ":" not in rest and not (path / "sim" / "routing").is_dir():
            raise FulfillSimError(f"{shown(text)}: {first} has no sim/routing - expected a source tree of this program")
        return InTree(text, path, rest)
    if path.suffix in (".yaml", ".yml"):
        return Configured(text, rest or _strategy_of(path), path)
    if colon or "/" in text:
        raise FulfillSimError(
            f"{shown(text)} - expected a strategy, a routing file, a folder with :<strategy> or "
            ":<package.module>:<function>, or an address such as http://127.0.0.1:8000"
        )
    return Configured(text, text)


def _strategy_of(path: Path) -> str:
    """Return the strategy that a routing file means: the one it names, as `serve` takes it, else the first active."""
    config = read_routing(path)
    named = read_yaml(path).tree.get("strategy")
    active = [name for name, each in config.strategies.items() if each.status == "active"]
    return str(named) if named is not None else (active or list(config.strategies))[0]


def commit_of(tree: Path) -> dict[str, str]:
    """Return the commit a source tree is at, and whether it was changed since; nothing if git does not know it."""
    try:
        head, changed = (
            subprocess.run(
                ["git", "-C", str(tree), *arguments], capture_output=True, text=True, check=True, timeout=10
            ).stdout.strip()
            for arguments in (("rev-parse", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    return {"commit": head + (" with changes" if changed else "")}
