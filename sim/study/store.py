"""Where a study's results go: one folder a run, written whole or not at all."""

from __future__ import annotations

import json
import platform
import shutil
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sim
from sim.study.database import with_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    final = parent / f"{stamp}-{digest[:8]}"
    count = 1
    while final.exists():
        count += 1
        final = parent / f"{stamp}-{digest[:8]}-{count}"
    temporary = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=parent))
    try:
        yield temporary, final
        temporary.chmod(0o755)
        temporary.rename(final)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_parquet(path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write columns of equal length as one Parquet file; NaN becomes NULL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = str(path).replace("'", "''")
    with with_tables({"table_to_write": columns}) as connection:
        connection.execute(f"COPY table_to_write TO '{target}' (FORMAT parquet)")


def versions() -> dict[str, str]:
    """Return the versions of everything a result depends on."""
    found = {"fulfillsim": sim.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # e.g. run from a bare source tree
            found[package] = "unknown"
    return found


def write_json(path: Path, content: Any) -> None:
    """Write plain values as JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
