"""`fulfillsim save-state`: a scenario that goes on where another one is after some days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def save_state(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    folder: Annotated[Path, typer.Argument(help="Made with a scenario that starts from the state saved.")],
    days: Annotated[int | None, typer.Option(min=1, help="When it is saved; after the warm-up if absent.")] = None,
    strategy: Annotated[str | None, typer.Option(help="A name from the scenario; its first if absent.")] = None,
    seed: Annotated[int, typer.Option(help="Where all luck comes from.")] = 1,
) -> None:
    """Run a scenario warm once and keep its stock, goods on their way and open orders, for other runs to start from."""
    from sim.scenario.load import load
    from sim.study.experiment import design
    from sim.study.runs.saved_state import save_state as save

    loaded = load(scenario)
    (name, *_) = design(loaded, None if strategy is None else [strategy], 1, seed).arms
    after = loaded.file.clock.warm_up if days is None else days
    saved = save(loaded, name, max(after, 1), seed, folder)
    typer.echo(
        f"{folder}: {saved.units:,} units on the shelves, {saved.coming:,} on their way, {saved.orders:,} open orders"
    )
    if saved.left_out:
        typer.echo(f"left out: {saved.left_out:,} open orders that are to be collected")
    typer.echo(f"next: fulfillsim compare {folder}; every replication starts from this one state")
