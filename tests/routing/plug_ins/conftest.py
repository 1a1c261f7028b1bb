"""The example package of plug-ins, installed for as long as a test lasts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.routing.plug_ins.installed import opened
from tests.routing.plug_ins.example import EXAMPLE, installed_in


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    where = tmp_path / "site"
    where.mkdir()
    monkeypatch.syspath_prepend(EXAMPLE)
    monkeypatch.syspath_prepend(installed_in(where))
    yield where
    opened.cache_clear()
