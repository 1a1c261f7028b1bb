"""Runs that were made before: kept by what they depend on, so that only what changed is run again.

One run of one arm is a folder ``<root>/<first two letters>/<key>/`` with what it contributes to every KPI and its
orders. The key is a hash of all that its numbers depend on: the scenario and its tables, the routing configuration as
far as that arm looks at it, the program, the seed and the replication. A folder appears whole, by renaming: whoever is
killed leaves nothing half done, and of two who made the same run at once one keeps it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import sim.version
from sim.files import atomic_path
from sim.study.kpis.catalogue import Sums

if TYPE_CHECKING:
    from sim.routing.config import RoutingConfig
    from sim.scenario.scenario import Scenario
    from sim.study.kpis.breakdown import Groups

SUMS, ORDERS, NOTE = "sums.npz", "orders.parquet", "note.json"
NUMBERS_FROM = ("simpy", "numpy", "scipy", "duckdb")
"""Packages that the numbers of a run come from."""
SHOW_ONLY = ("cli", "report", "shipped")
"""Rooms of the program that no number depends on."""
SAYS_ONLY = {"routing", "changes", "goals"}
"""Blocks of a scenario that a run of one arm does not depend on, besides its own strategy."""


class ArmRun(NamedTuple):
    """One arm's share of a replication.

    Parameters
    ----------
    routed
        Orders given to the router, warm-up and drain included.
    seconds
        Time the run took when it was made.
    groups
        What the orders of each model and of each region contribute.
    """

    sums: Sums
    routed: int
    seconds: float
    groups: dict[str, Groups]


def key_of(scenario: Scenario, config: RoutingConfig, strategy: str, seed: int, replication: int) -> str:
    """Return the name under which a run is kept: equal only if all its numbers are."""
    alone = config.model_copy(update={"strategies": {strategy: config.strategies[strategy]}})
    parts = [
        _of_scenario(scenario), alone.version(), strategy, str(seed), str(replication), program(),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Kept:
    """Runs kept in a folder.

    Parameters
    ----------
    root
        Made when the first run is kept.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def find(self, key: str) -> ArmRun | None:
        """Return a run, None if it is not kept."""
        stored = self.arrays(key)
        return None if stored is None else read(stored)

    def keep(self, key: str, run: ArmRun, orders: Path | None) -> None:
        """Keep a run and its table of orders."""
        self.keep_arrays(key, written(run), orders)

    def arrays(self, key: str) -> dict[str, Any] | None:
        """Return arrays by their names, None if they are not kept."""
        try:
            with np.load(self._folder(key) / SUMS, allow_pickle=False) as stored:
                return dict(stored)
        except FileNotFoundError:
            return None

    def keep_arrays(self, key: str, arrays: dict[str, Any], orders: Path | None = None) -> None:
        """Keep arrays, and a table of orders beside them."""
        final = self._folder(key)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=final.parent))
        try:
            np.savez(temporary / SUMS, **arrays)
            if orders is not None:
                _same_file(orders, temporary / ORDERS)
            temporary.chmod(0o755)
            temporary.rename(final)
        except OSError:
            if not (final / SUMS).exists():
                raise
            if orders is not None and not (final / ORDERS).exists():  # it was kept before, when nobody wanted them
                _same_file(orders, final / ORDERS)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def noted(self, key: str) -> dict[str, Any] | None:
        """Return plain values that were kept, None if they are not."""
        try:
            found: dict[str, Any] = json.loads((self._folder(key) / NOTE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return found

    def note(self, key: str, values: dict[str, Any]) -> None:
        """Keep plain values."""
        folder = self._folder(key)
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(folder / NOTE) as temporary:
            temporary.write_text(json.dumps(values), encoding="utf-8")

    def orders_to(self, key: str, target: Path) -> bool:
        """Put a kept run's table of orders where it is wanted; return whether it was kept."""
        kept = self._folder(key) / ORDERS
        if not kept.exists():
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        _same_file(kept, target)
        return True

    def _folder(self, key: str) -> Path:
        return self.root / key[:2] / key


def _same_file(source: Path, target: Path) -> None:
    """Have a file under a second name; copied where the disk cannot link."""
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def written(run: ArmRun) -> dict[str, Any]:
    """Return a run as arrays by their names."""
    samples = {f"sample {name}": values for name, values in run.sums.samples.items()}
    return {
        "kpis": np.array(list(run.sums.pairs)),
        "pairs": np.array(list(run.sums.pairs.values())),
        "counts": np.array([run.sums.open_orders, run.routed]),
        "seconds": np.array(run.seconds),
        "groups": np.array(json.dumps(run.groups)),
        **samples,
    }


def read(stored: dict[str, Any]) -> ArmRun:
    """Return the run that was written so."""
    pairs = dict(zip(stored["kpis"].tolist(), map(tuple, stored["pairs"].tolist()), strict=True))
    samples = {name.removeprefix("sample "): stored[name] for name in stored if name.startswith("sample ")}
    open_orders, routed = stored["counts"].tolist()
    return ArmRun(
        Sums(pairs, samples, open_orders), routed, float(stored["seconds"]), json.loads(str(stored["groups"]))
    )


def _of_scenario(scenario: Scenario) -> str:
    resolved = {name: block for name, block in scenario.resolved().items() if name not in SAYS_ONLY}
    text = json.dumps([resolved, scenario.table_digests], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def program() -> str:
    """Return a hash of the source and of the packages that numbers come from."""
    return python_files(Path(sim.version.__file__).parent)


def python_files(root: Path) -> str:
    """Return the same of another copy of the program, or of any folder with a router in it."""
    seen = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        inner = path.relative_to(root)
        if inner.parts[0] not in SHOW_ONLY and not inner.parts[0].startswith("."):
            seen.update(inner.as_posix().encode() + b"\0" + path.read_bytes())
    seen.update("\n".join([platform.python_version(), *map(version, NUMBERS_FROM)]).encode())
    return seen.hexdigest()
