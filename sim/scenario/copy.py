"""A shipped scenario as the beginning of one's own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from sim.errors import FulfillSimError, expected_one_of
from sim.files import new_folder
from sim.scenario.load import shipped_scenarios

if TYPE_CHECKING:
    from pathlib import Path

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
    with new_folder(target) as temporary:
        files = sorted(path for path in known[name].parent.iterdir() if path.is_file() and path.name != ABOUT)
        for path in files:
            shutil.copyfile(path, temporary / path.name)
    return [path.name for path in files]
