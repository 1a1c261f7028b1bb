"""The committed showcase: what is in it, and that one command rewrites it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from sim.report.html.verdict import verdict
from sim.report.reference import main, show_case
from sim.study.runs.recorded import read_comparison
from sim.study.runs.results import find
from sim.study.worth import worths
from tests.runs import real_run
from tests.tiny import write

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results" / "reference"


def test_a_showcase_holds_what_is_worth_reading_and_nothing_of_before(tmp_path: Path) -> None:
    run = real_run(tmp_path, ["nearest", "cheapest"], 2)
    folder = tmp_path / "reference" / "tiny"
    folder.mkdir(parents=True)
    (folder / "old.txt").write_text("")
    show_case(run, folder)
    assert {path.name for path in folder.iterdir()} == {
        "comparison.json", "manifest.json", "kpis.parquet", "kpis.csv", "report.html", "figures",
    }  # fmt: skip
    with (folder / "kpis.csv").open(encoding="utf-8") as file:
        rows = {(row["kpi"], row["strategy"]): row for row in csv.DictReader(file)}
    found = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    for arm, kpis in found["strategies"].items():
        for name, told in kpis.items():
            assert rows[name, arm]["mean"] == ("" if told["mean"] is None else repr(told["mean"]))


def test_the_committed_showcase_is_small_and_its_report_is_that_of_its_files() -> None:
    (folder,) = (path.parent for path in REFERENCE.glob("*/comparison.json"))
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 1_000_000
    recorded = read_comparison(find(REFERENCE.parent, str(folder)))
    said = verdict(recorded, worths(recorded)).sentence
    assert f"<strong>{said}</strong>" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_showcase_made_of_itself_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "reference" / "tiny"
    show_case(real_run(tmp_path, ["nearest", "cheapest"], 2), folder)
    before = {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.suffix != ".html"}
    show_case(find(tmp_path, str(folder)), folder)
    assert {path.name: path.read_bytes() for path in folder.rglob("*.*") if path.suffix != ".html"} == before


def test_the_command_shows_the_run_it_has_made_and_not_the_showcase_of_before(tmp_path: Path) -> None:
    scenario = write(tmp_path / "tiny")
    for replications in (2, 3):
        main(str(scenario), replications, 1, tmp_path / "results")
        (folder,) = (tmp_path / "results" / "reference").iterdir()
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["replications"] == replications
