"""`fulfillsim optimize`: the best that a scenario could be, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def optimize(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    study: Annotated[
        Path | None,
        typer.Argument(help="A file that says what to vary and what is to be best; `fulfillsim schema optimize`."),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            help="Without a file: a field by its path and its values or range, as in sweep; "
            "'site_kinds.dc.pickers=2..8', 'routing.max_parcels=1,2,3'. Repeatable."
        ),
    ] = None,
    minimise: Annotated[str | None, typer.Option(help="KPIs that should be low, comma separated.")] = None,
    maximise: Annotated[str | None, typer.Option(help="KPIs that should be high, comma separated.")] = None,
    subject_to: Annotated[
        list[str] | None, typer.Option(help="What has to hold: 'order_fill_rate=at least 98 %'. Repeatable.")
    ] = None,
    strategies: Annotated[str | None, typer.Option(help="Which may route, comma separated.")] = None,
    runs: Annotated[int | None, typer.Option(help="Most runs of the search (160).")] = None,
    replications: Annotated[int | None, typer.Option(help="Of each candidate in the search (4).")] = None,
    finalists: Annotated[int | None, typer.Option(help="How many meet fresh luck (4).")] = None,
    final_runs: Annotated[int | None, typer.Option(help="Most runs of the final (200).")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Measured days; the scenario's own if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from, the search's too.")] = 1,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if absent.")] = None,
    out: Annotated[Path, typer.Option(help="Results go to <out>/<scenario>/<run>/.")] = Path("results"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what is kept of earlier runs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, all else on stderr.")] = False,
) -> None:
    """Search fields, strategies, sites and stock for the best that keeps to what has to hold, and prove it."""
    from sim.report.runs.optimize import run_optimize
    from sim.report.runs.sweep import HowToRun
    from sim.study.search.question import question_of, read_question, said
    from sim.study.workers import default_workers

    blocks = {
        "minimise": minimise, "maximise": maximise, "subject_to": subject_to, "strategies": strategies, "vary": over,
        "search": {"runs": runs, "replications": replications},
        "final": {"finalists": finalists, "runs": final_runs},
    }  # fmt: skip
    question = question_of(said(blocks)) if study is None else read_question(study, blocks)
    how = HowToRun(0, days, seed, workers or default_workers(), out, json, fresh)
    run_optimize(scenario, question, how)
