"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target` to write to; it becomes `target` only if the block succeeds.

    Raises
    ------
    FulfillSimError
        If no file can stand there.
    """
    if target.is_dir():
        raise FulfillSimError(f"{target}: is a folder - expected the name of a file")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise FulfillSimError(f"{target}: cannot be written ({error.strerror})") from None
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder to fill; it becomes `target` only if the block succeeds.

    Raises
    ------
    FulfillSimError
        If something stands there already, or it cannot be made.
    """
    if target.exists():
        raise FulfillSimError(f"{target}: exists already - expected the name of a new folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    except OSError as error:
        raise FulfillSimError(f"{target}: cannot be made ({error.strerror})") from None
    try:
        yield temporary
        temporary.chmod(0o755)
        temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_yaml(path: Path, tree: Any) -> None:
    """Write plain values as YAML."""
    yaml = YAML()
    yaml.default_flow_style = False
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)
