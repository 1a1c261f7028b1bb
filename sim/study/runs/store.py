"""Where a study's results go: one folder a run, written whole or not at all."""

from __future__ import annotations

import itertools
import json
import platform
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from sim.study.kpis.database import with_tables
from sim.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

PACKAGES = ("simpy", "numpy", "scipy", "pandas", "duckdb", "pydantic")


@contextmanager
def new_run(root: Path, study: str, digest: str) -> Iterator[tuple[Path, Path]]:
    """Give a temporary folder and the final one it becomes if the block succeeds.

    The final folder is ``root/study/<time>-<digest>``; nothing is left behind when the block fails.
    """
    parent = root / study
    parent.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    final, temporary = _free_name(parent, f"{stamp}-{digest[:8]}")
    try:
        yield temporary, final
        temporary.rename(final)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _free_name(parent: Path, name: str) -> tuple[Path, Path]:
    """Return a folder that does not exist and the unfinished one that holds its name: two at once get two names."""
    for count in itertools.count(1):
        final = parent / (name if count == 1 else f"{name}-{count}")
        temporary = parent / f".unfinished-{final.name}"
        try:
            temporary.mkdir()
        except FileExistsError:
            continue
        if not final.exists():
            return final, temporary
        temporary.rmdir()
    raise AssertionError("names never end")


def write_parquet(path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns of equal length as one Parquet file; NaN becomes NULL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = str(path).replace("'", "''")
    with with_tables({"table_to_write": columns}) as connection:
        connection.execute(f"COPY table_to_write TO '{target}' (FORMAT parquet)")


def versions() -> dict[str, str]:
    """Return the versions of everything a result depends on."""
    found = {"fulfillsim": VERSION, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # e.g. run from a bare source tree
            found[package] = "unknown"
    return found


def write_json(path: Path, content: Any) -> None:
    """Write plain values as JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
