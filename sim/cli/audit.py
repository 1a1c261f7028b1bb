"""`fulfillsim audit`: whether a run's books are right."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def audit(
    run: Annotated[Path, typer.Argument(help="A folder that `fulfillsim run` wrote, or one of several such folders.")],
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print a run's trial balance and hold it against its tables, its KPIs and its stock. Exit code 1 on a mismatch."""
    from sim.report.audit import print_audit

    if not print_audit(run, as_json=json):
        raise typer.Exit(1)
