"""`fulfillsim report`: runs on one page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command


@pytest.fixture(scope="module")
def store(fulfillsim: Command, tiny_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("store")
    fulfillsim("compare", tiny_scenario, "--strategies", "nearest,cheapest", "--replications", 2, "--days", 1,
               "--out", out)  # fmt: skip
    fulfillsim("run", tiny_scenario, "--strategy", "nearest", "--days", 1, "--out", out)
    return out


def test_a_page_is_written_on_the_runs_that_are_named(fulfillsim: Command, store: Path, tmp_path: Path) -> None:
    (folder,) = (path.parent for path in store.glob("*/*/comparison.json"))
    page = tmp_path / "new" / "page.html"
    page.parent.mkdir()
    done = fulfillsim("report", folder, f"{folder.parent.name}/{folder.name}", "--in", store, "-o", page)
    assert done.stdout == f"written: {page}\n"
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert text.count("<article ") == 2


def test_a_single_run_has_nothing_to_report_on(fulfillsim: Command, store: Path, tmp_path: Path) -> None:
    (single,) = store.glob("*/*/journal.parquet")
    done = fulfillsim("report", single.parent, "-o", tmp_path / "page.html", expect=2)
    assert "a single run, with nothing compared" in done.stderr
    assert not list(tmp_path.iterdir())
