"""Rewrite the committed showcase: ``python -m sim.report.reference`` in the repository's root.

It runs `compare us_electronics` (what is kept of earlier runs is not run again) and puts what is worth reading into
``results/reference/us_electronics/``: the comparison, its manifest, figures, the KPI tables and the report.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sim.study.runs.results import Run

WHOLE = ("comparison.json", "manifest.json", "kpis.parquet")


def show_case(run: Run, folder: Path) -> None:
    """Put what is worth reading of a run into a folder, which loses what it had."""
    from sim.report.comparison.kpi_csv import write_kpi_csv
    from sim.report.html.page import write_page
    from sim.study.runs.recorded import read_comparison
    from sim.study.runs.results import find

    made = [(name, (run.folder / name).read_bytes()) for name in WHOLE]
    figures = [(path.name, path.read_bytes()) for path in sorted((run.folder / "figures").iterdir())]
    shutil.rmtree(folder, ignore_errors=True)  # not before all is read: the run may be the folder itself
    (folder / "figures").mkdir(parents=True)
    for name, content in made:
        (folder / name).write_bytes(content)
    for name, content in figures:
        (folder / "figures" / name).write_bytes(content)
    copy = find(folder.parent, str(folder))
    write_kpi_csv(read_comparison(copy), folder / "kpis.csv")
    write_page([copy], folder / "report.html")


def main(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped name.")] = (
        "us_electronics"
    ),
    replications: Annotated[int, typer.Option(min=2)] = 10,
    days: Annotated[int | None, typer.Option(min=1, help="The scenario's own if absent.")] = None,
    root: Annotated[Path, typer.Option(help="The folder of results.")] = Path("results"),
) -> None:
    """Run a scenario's comparison and rewrite its showcase in <root>/reference/<scenario>/."""
    from sim.report.runs.compare import run_compare
    from sim.scenario.load import load
    from sim.study.experiment import design
    from sim.study.runs.results import find
    from sim.study.workers import default_workers

    loaded = load(scenario)
    if days is not None:
        loaded = loaded.with_measured_days(days)
    run_compare(design(loaded, None, replications, seed=1), default_workers(), root, as_json=False)
    folder = root / "reference" / loaded.name
    newest = max(path.name for path in (root / loaded.name).iterdir())  # they are named by their time
    show_case(find(root, f"{loaded.name}/{newest}"), folder)
    typer.echo(f"rewritten: {folder}")


if __name__ == "__main__":
    typer.run(main)
