"""A file appears whole or not at all, and nothing is left lying about."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import FulfillSimError
from sim.files import atomic_path, read_yaml, write_yaml


def test_the_file_appears_when_the_block_is_done(tmp_path: Path) -> None:
    target = tmp_path / "out" / "table.csv"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    with pytest.raises(TypeError, match="must be str"), atomic_path(target) as temporary, temporary.open("w") as file:
        file.writelines(["half of the n", 5])  # type: ignore[list-item]
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_block_that_fails_leaves_no_new_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), atomic_path(tmp_path / "table.csv"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "folder"
    (target / "full").mkdir(parents=True)
    with pytest.raises(FulfillSimError, match="folder: is a folder - expected the name of a file"), atomic_path(target):
        pytest.fail("asked to write")
    assert list(tmp_path.iterdir()) == [target]


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    with atomic_path(target) as one, atomic_path(target) as other:
        one.write_text("one")
        other.write_text("other")
        assert one != other
    assert target.read_text() == "one"
    assert list(tmp_path.iterdir()) == [target]


def test_others_may_read_what_was_written(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "table.csv") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "table.csv").stat().st_mode & 0o777 == 0o644


def test_yaml_that_was_written_is_read_again(tmp_path: Path) -> None:
    tree = {"title": "no", "at": "16:30", "day": "2026-02-28", "share": 0.1, "days": [1, 2], "none": None, "on": True}
    write_yaml(tmp_path / "file.yaml", tree)
    assert read_yaml(tmp_path / "file.yaml").tree == tree
