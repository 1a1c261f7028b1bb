"""A shipped scenario as the beginning of one's own."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sim.errors import FulfillSimError, expected_one_of
from sim.scenario.load import shipped_scenarios

ABOUT = "README.md"
"""What a shipped scenario says of itself; a copy is no longer that."""


def copy_shipped(name: str, target: Path) -> list[str]:
    """Copy the files of a shipped scenario to a new folder, whole or not at all, and return their names.

    Raises
    ------
    FulfillSimError
        If there is no such scenario, or something stands where the folder is to be.
    """
    known = shipped_scenarios()
    if name not in known:
        raise FulfillSimError(f"--like: {expected_one_of(name, known)}")
    if target.exists():
        raise FulfillSimError(f"{target}: exists already - expected the name of a new folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    except OSError as error:
        raise FulfillSimError(f"{target}: cannot be made ({error.strerror})") from None
    try:
        files = sorted(path for path in known[name].parent.iterdir() if path.is_file() and path.name != ABOUT)
        for path in files:
            shutil.copyfile(path, temporary / path.name)
        temporary.chmod(0o755)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return [path.name for path in files]
