"""The results store: what was run, asked in SQL, and cleared away.

A store is a folder of runs, ``<root>/<scenario>/<run>/`` with a manifest each, and of what is kept to make them sooner.
"""

from __future__ import annotations

import json
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import FulfillSimError, expected_one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

KEPT = ".kept"
"""Folder, beside the results, of the runs they are made of."""
UNFINISHED = ".unfinished-"
STALE_S = 24 * 3600.0
"""Age from which an unfinished folder is taken for that of a process that is no more."""
MANIFEST, COMPARISON = "manifest.json", "comparison.json"
_VIEWS = {
    "orders": ("orders/*/*.parquet", "regexp_extract(filename, 'replication=([0-9]+)', 1)::INTEGER AS replication, "),
    "kpis": ("kpis.parquet", ""),
}
"""Files of a run behind each view, and what their names tell besides."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run that is there.

    Parameters
    ----------
    manifest
        As it was written.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """Its scenario and its folder's name."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def arms(self) -> list[str]:
        """The strategies that were run."""
        return list(self.manifest.get("strategies") or [self.manifest.get("strategy", "?")])

    def comparison(self) -> dict[str, Any]:
        """Return what was found.

        Raises
        ------
        FulfillSimError
            If it is a single run, which compares nothing.
        """
        try:
            found: dict[str, Any] = json.loads((self.folder / COMPARISON).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise FulfillSimError(
                f"{self.name}: a single run, with nothing compared - expected one of `fulfillsim compare`"
            ) from None
        return found


def runs(root: Path) -> list[Run]:
    """Return all runs in a store, the newest last; what cannot be read is no run."""
    found = []
    for path in root.glob(f"*/*/{MANIFEST}"):
        if path.parent.name.startswith(".") or path.parent.parent.name.startswith("."):
            continue
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(manifest, dict):
            found.append(Run(path.parent, manifest))
    return sorted(found, key=lambda run: (run.folder.name, run.folder.parent.name))


def find(root: Path, name: str) -> Run:
    """Return a run by its folder, ``scenario/run``, the run's name alone, or ``latest``.

    Raises
    ------
    FulfillSimError
        If there is none, or there are several, of that name.
    """
    everything = runs(root)
    if name == "latest" and everything:
        return everything[-1]
    path = Path(name)
    if (path / MANIFEST).exists():
        return Run(path, json.loads((path / MANIFEST).read_text(encoding="utf-8")))
    fitting = [run for run in everything if name in (run.name, run.folder.name, run.folder.parent.name)]
    if not fitting:
        raise FulfillSimError(
            f"{root}: run {expected_one_of(name, [run.name for run in everything] or ['(none yet)'])}"
        )
    return fitting[-1]


@contextmanager
def asked(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with views `orders` and `kpis` over all runs of a store; nothing outside it can be read.

    Both have columns `scenario` and `run` besides their own.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"SET allowed_directories = [{_quoted(root.resolve())}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for view, (pattern, told) in _VIEWS.items():
            if not any(root.glob(f"[!.]*/[!.]*/{pattern}")):
                continue
            files = _quoted(root.resolve() / "[!.]*" / "[!.]*" / pattern)
            run = -2 - pattern.count("/")  # place of the run's name in a file's path, from the end
            connection.execute(
                f"CREATE VIEW {view} AS SELECT split_part(filename, '/', {run - 1}) AS scenario, "
                f"split_part(filename, '/', {run}) AS run, {told}* EXCLUDE (filename) "
                f"FROM read_parquet({files}, filename = true, union_by_name = true, hive_partitioning = true)"
            )
        yield connection


@dataclass(frozen=True, slots=True)
class Litter:
    """What may be cleared away.

    Parameters
    ----------
    folders
        To be removed, whole.
    size
        Their bytes.
    """

    folders: tuple[Path, ...]
    size: int


def litter(root: Path, *, kept: bool = False, older_than_days: float | None = None) -> Litter:
    """Return what a store can do without: what killed processes left, and what was asked for.

    Parameters
    ----------
    kept
        Whether what is kept to make runs quickly goes as well; the next study then runs everything again.
    older_than_days
        Age from which whole runs go; None: none does.
    """
    now = time.time()
    found = [
        path
        for pattern in (f"*/{UNFINISHED}*", f"{KEPT}/*/{UNFINISHED}*")
        for path in root.glob(pattern)
        if now - path.stat().st_mtime > STALE_S
    ]
    if kept and (root / KEPT).exists():
        found = [path for path in found if root / KEPT not in path.parents] + [root / KEPT]
    if older_than_days is not None:
        found += [run.folder for run in runs(root) if now - run.folder.stat().st_mtime > older_than_days * 86400]
    size = sum(file.stat().st_size for folder in found for file in folder.rglob("*") if file.is_file())
    return Litter(tuple(found), size)


def clear(away: Litter) -> None:
    """Remove what was found."""
    for folder in away.folders:
        shutil.rmtree(folder, ignore_errors=True)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
