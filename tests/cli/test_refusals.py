"""What cannot be done is told in a sentence, with exit code 2 and no traceback."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Command


def test_results_that_cannot_be_written_are_told(fulfillsim: Command, tiny_scenario: Path, tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file where a folder should be")
    done = fulfillsim("run", tiny_scenario, "--strategy", "cheapest", "--out", tmp_path / "results", expect=2)
    assert "results/" in done.stderr
    assert "cannot be read or written (Not a directory)" in done.stderr
    assert "Traceback" not in done.stderr
