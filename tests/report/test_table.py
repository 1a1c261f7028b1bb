"""The tables of a comparison at the widths people have."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from sim.report.groups import GROUPS
from sim.report.table import print_comparison
from sim.study.compare import Comparison, compare
from tests.tiny import tiny


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare(tiny(tmp_path_factory.mktemp("tiny")), replications=2, days=1, workers=1)


def printed(comparison: Comparison, width: int) -> str:
    file = io.StringIO()
    print_comparison(comparison, Console(file=file, width=width))
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 200])
def test_nothing_is_cut_off(comparison: Comparison, width: int) -> None:
    text = printed(comparison, width)
    assert "…" not in text
    for arm in comparison.arms:
        assert arm in text
    for _, heads in GROUPS:
        for head in heads.values():
            assert head.split("\n")[-1] in text


def test_tables_stay_within_the_width(comparison: Comparison) -> None:
    tables = [line for line in printed(comparison, 80).splitlines() if "±" in line and "interval" not in line]
    assert tables
    assert max(map(len, tables)) <= 80


def test_a_pipe_gets_no_colour_codes(comparison: Comparison) -> None:
    assert "\x1b" not in printed(comparison, 100)


def test_markup_in_a_strategy_name_is_shown_as_it_is(tmp_path: Path) -> None:
    routing = {"max_parcels": 2, "strategies": {"[red]a": {"choose": "cheapest"}, "b": {"choose": "nearest"}}}
    found = compare(tiny(tmp_path, routing=routing), replications=2, days=1, workers=1)
    assert "[red]a" in printed(found, 100)
