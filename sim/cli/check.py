"""`fulfillsim check`: say what is wrong with a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def check(
    paths: Annotated[list[str], typer.Argument(help="Scenario folders, YAML files or shipped names.")],
    draw: Annotated[Path | None, typer.Option(help="Also draw the network to this PNG, SVG or PDF file.")] = None,
) -> None:
    """Check scenarios and tell every problem at once, with file, line and what was expected. Exit code 2 if any."""
    from sim.errors import ScenarioError
    from sim.report.network_map import network_figure
    from sim.report.network_summary import summary
    from sim.report.style import save
    from sim.study.checks.check import check_scenario

    failed = False
    for path in paths:
        try:
            checked = check_scenario(path)
        except ScenarioError as error:
            failed = True
            typer.echo(str(error), err=True)
            count = len(error.problems)
            typer.echo(f"{path}: {count} problem{'' if count == 1 else 's'}", err=True)
            continue
        typer.echo(summary(checked))
        if draw is not None:
            target = draw if len(paths) == 1 else draw.with_stem(f"{draw.stem}-{checked.scenario.name}")
            save(network_figure(checked.scenario.network), target)
            typer.echo(f"  drawing    {target}")
    if failed:
        raise typer.Exit(2)
