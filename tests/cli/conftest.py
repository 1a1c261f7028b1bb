"""The command as a person runs it: a process of its own, its two streams and its exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.tiny import write

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]


def rows(query: str) -> list[tuple[object, ...]]:
    """Return what DuckDB answers."""
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def fulfillsim() -> Command:
    """Run the command with some arguments and return what it did."""

    def run(*arguments: object, expect: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sim", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == expect, done.stderr or done.stdout
        return done

    return run


@pytest.fixture(scope="session")
def tiny_scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a scenario that runs in a moment."""
    return write(tmp_path_factory.mktemp("tiny")).parent
