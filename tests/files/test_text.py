"""Reading a file as text: every kind of line end, one encoding, and nothing that is no file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.files import read_text


def refused(path: Path, most_bytes: int = 1000) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_text(path, most_bytes)
    return str(caught.value).replace(f"{path.parent}/", "")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"a\nb\n", "a\nb\n"),
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\rb", "a\nb"),
        (b"a\r\rb", "a\n\nb"),
        (b"\xef\xbb\xbfa", "a"),
        (b"a\xef\xbb\xbf", "a\ufeff"),
        ("\u6771\u4eac".encode(), "\u6771\u4eac"),
    ],
)
def test_text_is_what_stands_in_the_file(tmp_path: Path, raw: bytes, text: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(raw)
    assert read_text(path) == text


def test_a_file_that_is_not_utf_8_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"one\ntwo\nthr\xe9e\n")
    assert refused(tmp_path / "file") == "file:3: not UTF-8 text: byte 0xe9 - expected a file saved as UTF-8"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "file") == "file: no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    assert refused(tmp_path / "file") == "file: is a folder"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file")
    assert refused(tmp_path / "file") == "file: is no plain file"


def test_a_device_that_never_ends_is_not_read() -> None:
    assert refused(Path("/dev/zero")) == "zero: is no plain file"


def test_a_file_within_a_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refused(tmp_path / "file" / "in") == "in: cannot be read (Not a directory)"


@pytest.mark.parametrize(("name", "reason"), [("a\0b", "no such name is possible"), ("x" * 5000, "File name too long")])
def test_an_impossible_name_is_told(tmp_path: Path, name: str, reason: str) -> None:
    assert refused(tmp_path / name).endswith(f": cannot be read ({reason})")


def test_a_file_as_large_as_allowed_is_read_and_a_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1000)
    assert len(read_text(path, 1000)) == 1000
    path.write_bytes(b"x" * 1001)
    assert refused(path) == "file: 1,001 bytes - expected at most 1,000"
