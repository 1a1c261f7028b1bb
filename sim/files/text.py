"""A file as text, and a file that appears whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 50_000_000


def read_text(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """Return a UTF-8 file's text; a byte order mark is left out, and every kind of line end is read as one.

    Raises
    ------
    ScenarioError
        If it is missing, not a file, too large, or not UTF-8.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device may never end
            raise _refused(path, f"is {'a folder' if stat.S_ISDIR(status.st_mode) else 'no plain file'}")
        if status.st_size > most_bytes:
            raise _refused(path, f"{status.st_size:,} bytes - expected at most {most_bytes:,}")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise _refused(path, "no such file") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such name is possible"
        raise _refused(path, f"cannot be read ({reason})") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8 text: byte 0x{raw[error.start]:02x} - expected a file saved as UTF-8"
        raise _refused(path, message, line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refused(path: Path, message: str, line: int | None = None) -> ScenarioError:
    return ScenarioError([Problem(str(path), "", message, line)])


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target` to write to; it becomes `target` only if the block succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
