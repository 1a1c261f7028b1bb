"""The tables of a comparison at the widths people have."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pytest
from rich.console import Console

from sim.report.comparison.groups import GROUPS, groups_of
from sim.report.comparison.table import print_comparison
from sim.report.say import say
from sim.study.compare import Comparison, compare
from sim.study.kpis.catalogue import KPIS
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


def test_a_sentence_is_broken_between_words_on_a_terminal_and_nowhere_else() -> None:
    sentence = "Against nearest, cheapest costs 2.00 USD less an order and delivers 8.2 h later."
    for terminal, lines in ((True, 2), (False, 1)):
        file = io.StringIO()
        say(Console(file=file, width=40, force_terminal=terminal, color_system=None), sentence)
        printed = file.getvalue().splitlines()
        assert (len(printed), " ".join(line.strip() for line in printed)) == (lines, sentence)


def test_what_is_neither_good_nor_bad_is_not_judged(comparison: Comparison) -> None:
    neither = [kpi.name for kpi in KPIS if kpi.better == "neither"]
    found = {comparison.difference(arm, name).verdict for arm in comparison.arms[1:] for name in neither}
    assert "mix_dc" in neither
    assert found <= {"differs", "equivalent", "cannot tell"}


def test_a_source_of_units_that_nobody_has_is_not_shown() -> None:
    values = {"mix_dc": [1.0, 0.7], "mix_store": [0.0, 0.3], "mix_vendor": [0.0, 0.0]}
    shown = dict(groups_of(lambda name: values.get(name, [math.nan, math.nan])))
    assert list(shown["By whom"]) == ["mix_dc", "mix_store"]
