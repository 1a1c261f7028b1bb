"""`fulfillsim report`: what runs have found, on one page to be sent around."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def report(
    runs: Annotated[
        list[str],
        typer.Argument(metavar="RUN...", help="scenario/run, a scenario for its newest, a folder, latest."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="The page.")] = Path("report.html"),
    root: Annotated[Path, typer.Option("--in", help="The folder of results.")] = Path("results"),
) -> None:
    """Write one HTML file on runs of `compare`: verdict, worth, charts, tables, assumptions. It needs no network."""
    from sim.report.html.page import write_page
    from sim.study.runs.results import find

    write_page([find(root, run) for run in runs], output)
    typer.echo(f"written: {output}")
