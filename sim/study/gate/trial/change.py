"""A change whose nature is known: a patch of the engine's source, or of a routing configuration."""

from __future__ import annotations

import shutil
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.contract.pipe_router import OUR_TREE
from sim.errors import FulfillSimError
from sim.files import write_yaml
from sim.study.gate.sides import Configured, InTree

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sim.scenario.load import Scenario
    from sim.study.gate.sides import Side

CARRIED_ALONG = ("*.py", "*.json", "*.yaml")
"""What a copy of the program needs to route."""
ROOMS = ("contract", "files", "network", "routing")
"""And where."""


class Anew(Configured):
    """A configuration that is run although its hash may tell that nothing has changed: that is what is on trial."""

    def key(self, scenario: Scenario, seed: int, replication: int) -> None:
        """Return None: it is not kept."""


@dataclass(frozen=True)
class Change:
    """One change, a few characters of source or of configuration.

    Parameters
    ----------
    says
        What it does, as whoever made it would have to admit.
    edits
        Of the source: in which file of `sim/routing`, what stands there, exactly once, and what stands there instead.
    routing
        Of the scenario's block `routing:`: dotted paths and their values; None takes the key out.
    strategy
        That is judged with and without it.
    """

    says: str
    edits: tuple[tuple[str, str, str], ...] = ()
    routing: Mapping[str, Any] = field(default_factory=dict)
    strategy: str = "cheapest"

    @property
    def kind(self) -> str:
        """Where it is made."""
        return "engine" if self.edits else "configuration"

    def candidate(self, scenario: Scenario, folder: Path) -> Side:
        """Make the change in a folder: a source tree with it, or a routing file; return what is to be judged.

        Raises
        ------
        FulfillSimError
            If the source is no longer what it was when the change was thought of.
        """
        if self.edits:
            return InTree(self.says, self._tree(folder), self.strategy)
        file = folder / "routing.yaml"
        write_yaml(file, changed(scenario.routing, self.routing))
        return Anew(self.says, self.strategy, file)

    def _tree(self, folder: Path) -> Path:
        package = folder / "sim"
        ours = OUR_TREE / "sim"
        for room in ROOMS:
            for pattern in CARRIED_ALONG:
                for source in (ours / room).rglob(pattern):
                    target = package / source.relative_to(ours)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(source, target)
        for source in ours.glob("*.py"):
            shutil.copyfile(source, package / source.name)
        for name, before, after in self.edits:
            path = package / "routing" / name
            text = path.read_text(encoding="utf-8")
            if text.count(before) != 1:
                raise FulfillSimError(f"{name}: {before!r} stands there {text.count(before)} times - expected once")
            path.write_text(text.replace(before, after), encoding="utf-8")
        return folder


def changed(tree: Any, paths: Mapping[str, Any]) -> Any:
    """Return a tree with values at dotted paths changed; a list is counted from 0."""
    new = deepcopy(tree)
    for path, value in paths.items():
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        node = new
        for part in parents:
            node = node[part]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return new
