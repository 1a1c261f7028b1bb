"""The tiny scenario with one thing changed in it, and what is told about that."""

from __future__ import annotations

from pathlib import Path

from sim.study.checks.check import problems_of
from tests.tiny import write


def changed(folder: Path, name: str, old: str, new: str) -> int:
    """Write the tiny scenario, replace the first `old` in one file, and return the first line that is different."""
    write(folder)
    path = folder / name
    before = path.read_text(encoding="utf-8")
    assert old in before
    after = before.replace(old, new, 1)
    path.write_bytes(after.encode("utf-8"))
    pairs = zip([*before.splitlines(), ""], [*after.splitlines(), ""], strict=False)
    return next(k for k, (one, other) in enumerate(pairs, 1) if one != other)


def line_of(path: Path, line: str) -> int:
    """Return the number of the first line that is just so."""
    return path.read_text(encoding="utf-8").splitlines().index(line) + 1


def told(path: Path) -> list[str]:
    """Return every problem of a scenario, files without their folder."""
    folder = f"{path if path.is_dir() else path.parent}/"
    return [str(problem).replace(folder, "") for problem in problems_of(path)[1]]
