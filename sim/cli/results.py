"""`fulfillsim results`: what was run before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

results = typer.Typer(help="List, show, ask and clear away what was run before.", no_args_is_help=True)
Root = Annotated[Path, typer.Option("--in", help="The folder of results.")]


@results.command("list")
def list_(root: Root = Path("results")) -> None:
    """List all runs, the newest last."""
    from sim.report.store import print_runs
    from sim.study.runs.results import runs

    print_runs(runs(root), root)


@results.command()
def show(
    run: Annotated[str, typer.Argument(help="scenario/run, a scenario for its newest, a folder, or latest.")],
    root: Root = Path("results"),
) -> None:
    """Show what a comparison found: its main figures with their intervals, and what it was made of."""
    from sim.report.store import print_run
    from sim.study.runs.results import find

    print_run(find(root, run))


@results.command()
def pairs(
    run: Annotated[str, typer.Argument(help="scenario/run, a scenario for its newest, a folder, or latest.")],
    kpis: Annotated[str, typer.Option(help="Ratios of sums, comma separated.")] = (
        "cost_per_order,order_fill_rate,delivery_hours_mean"
    ),
    root: Root = Path("results"),
) -> None:
    """Show for every pair of strategies how far they go together, and what that took off their difference."""
    from sim.report.store import print_pairs
    from sim.study.runs.results import find

    print_pairs(find(root, run), [name.strip() for name in kpis.split(",")])


@results.command()
def costs(
    run: Annotated[str, typer.Argument(help="scenario/run, a scenario for its newest, a folder, or latest.")],
    arm: Annotated[str, typer.Option(help="The strategy, or change, whose costs they are.")] = "cheapest",
    root: Root = Path("results"),
) -> None:
    """Hold the cost of an order, part by part, against published ranges; a table in Markdown."""
    from sim.errors import FulfillSimError, expected_one_of
    from sim.study.kpis.cost_ranges import cost_table
    from sim.study.runs.recorded import read_comparison
    from sim.study.runs.results import find

    found = read_comparison(find(root, run))
    if arm not in found.arms:
        raise FulfillSimError(f"arm {expected_one_of(arm, found.arms)}")
    for line in cost_table(found, arm):
        typer.echo(line)


@results.command()
def sql(
    query: Annotated[str, typer.Argument(help="Over the views `orders` and `kpis` of all runs.")],
    root: Root = Path("results"),
    csv: Annotated[
        bool, typer.Option("--csv", help="As CSV; a text that a spreadsheet would run gets a ' first.")
    ] = False,
) -> None:
    """Ask all runs in SQL, read only."""
    from sim.report.store import print_answer

    print_answer(root, query, as_csv=csv)


@results.command()
def clean(
    root: Root = Path("results"),
    kept: Annotated[
        bool, typer.Option("--kept", help="Also what is kept so that studies go on where they were.")
    ] = False,
    older_than: Annotated[float | None, typer.Option(min=0, help="Also whole runs older than so many days.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else it is only told.")] = False,
) -> None:
    """Clear away what killed processes left, and what else is asked for. Tells first; does it with --yes."""
    from sim.study.runs.results import clear, litter

    found = litter(root, kept=kept, older_than_days=older_than)
    for folder in found.folders:
        typer.echo(folder)
    what = f"{len(found.folders)} folders, {found.size / 1e6:.1f} MB"
    if not found.folders:
        typer.echo("nothing to clear away")
    elif yes:
        clear(found)
        typer.echo(f"cleared away: {what}")
    else:
        typer.echo(f"{what} would be cleared away with --yes")
