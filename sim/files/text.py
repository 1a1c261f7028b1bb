"""A file as text."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from pathlib import Path

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
