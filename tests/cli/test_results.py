"""`fulfillsim results`: runs listed, shown, asked in SQL, and cleared away."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from sim.report.store import neutral
from tests.cli.conftest import Command


@pytest.fixture(scope="module")
def store(fulfillsim: Command, tiny_scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("store")
    fulfillsim("compare", tiny_scenario, "--strategies", "nearest,cheapest", "--replications", 2, "--out", out)
    fulfillsim("run", tiny_scenario, "--strategy", "nearest", "--out", out)
    return out


def test_an_empty_store_says_so(fulfillsim: Command, tmp_path: Path) -> None:
    assert "no runs in" in fulfillsim("results", "list", "--in", tmp_path).stdout


def test_all_runs_are_listed_with_their_arms(fulfillsim: Command, store: Path) -> None:
    lines = fulfillsim("results", "list", "--in", store).stdout
    assert "nearest, cheapest" in lines
    assert lines.count("tiny") == 2


def test_a_comparison_is_shown_with_its_intervals(fulfillsim: Command, store: Path) -> None:
    (path,) = store.glob("*/*/comparison.json")
    shown = fulfillsim("results", "show", path.parent.name, "--in", store).stdout
    assert "2 replications, seed 1" in shown
    assert "USD an" in shown
    assert "±" in shown


def test_what_common_luck_was_worth_is_told_of_every_pair(fulfillsim: Command, store: Path) -> None:
    (path,) = store.glob("*/*/comparison.json")
    told = fulfillsim("results", "pairs", path.parent.name, "--kpis", "cost_per_order", "--in", store).stdout
    row, below = told.split("cheapest - nearest")[1].splitlines()[:2]
    correlation, ratio = map(float, row.split())
    paired, apart = (float(half.strip("±")) for half in below.split())
    assert 0 < paired < apart
    kept = json.loads(path.read_text())["differences"]["cheapest"]["cost_per_order"]
    assert (correlation, ratio) == (round(kept["correlation"], 3), round(kept["variance_ratio"], 3))
    wrong = fulfillsim("results", "pairs", path.parent.name, "--kpis", "cost_per_oder", "--in", store, expect=2)
    assert "did you mean cost_per_order?" in wrong.stderr


def test_a_single_run_compares_nothing(fulfillsim: Command, store: Path) -> None:
    (single,) = (
        path.parent for path in store.glob("*/*/manifest.json") if not (path.parent / "comparison.json").exists()
    )
    done = fulfillsim("results", "show", f"{single.parent.name}/{single.name}", "--in", store, expect=2)
    assert "a single run, with nothing compared" in done.stderr


def test_a_run_that_is_not_there_is_told_with_those_that_are(fulfillsim: Command, store: Path) -> None:
    assert "expected one of" in fulfillsim("results", "show", "nowhere", "--in", store, expect=2).stderr


def test_sql_sees_the_orders_and_kpis_of_every_run(fulfillsim: Command, store: Path) -> None:
    query = "SELECT scenario, strategy, count(DISTINCT replication) AS n FROM orders GROUP BY ALL ORDER BY ALL"
    answer = fulfillsim("results", "sql", query, "--csv", "--in", store).stdout.splitlines()
    assert answer[0] == "scenario,strategy,n"
    assert [line.split(",", 1)[1] for line in answer[1:]] == ["cheapest,2", "nearest,2"]
    kpis = fulfillsim("results", "sql", "SELECT count(*) FROM kpis WHERE kpi = 'cost_per_order'", "--in", store)
    assert "4" in kpis.stdout


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("SELECT * FROM '/etc/passwd'", "results sql:"),
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM kpis", "nothing"),
    ],
)
def test_sql_that_cannot_be_answered_is_told(fulfillsim: Command, store: Path, query: str, problem: str) -> None:
    assert problem in fulfillsim("results", "sql", query, "--in", store, expect=2).stderr


def test_sql_writes_nothing_outside_the_store(fulfillsim: Command, store: Path, tmp_path: Path) -> None:
    fulfillsim("results", "sql", f"COPY (SELECT 1) TO '{tmp_path / 'x.csv'}'", "--in", store, expect=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_a_text_that_a_spreadsheet_would_run_is_marked_as_text(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert neutral(-1) == -1
    assert neutral("a=1") == "a=1"


def test_clearing_away_tells_first_and_takes_only_what_nobody_works_on(
    fulfillsim: Command, store: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(store, tmp_path / "copy")
    old, young = copy / "tiny" / ".unfinished-old", copy / "tiny" / ".unfinished-young"
    old.mkdir(parents=True)
    young.mkdir()
    os.utime(old, (1, 1))
    assert "would be cleared away with --yes" in fulfillsim("results", "clean", "--in", copy).stdout
    assert old.exists()
    fulfillsim("results", "clean", "--in", copy, "--yes")
    assert (old.exists(), young.exists(), (copy / ".kept").exists()) == (False, True, True)
    fulfillsim("results", "clean", "--kept", "--in", copy, "--yes")
    assert not (copy / ".kept").exists()
    assert len(list(copy.glob("*/*/manifest.json"))) == 2
    fulfillsim("results", "clean", "--older-than", 0, "--in", copy, "--yes")
    assert not list(copy.glob("*/*/manifest.json"))
