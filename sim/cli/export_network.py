"""`fulfillsim export-network`: a scenario's network as a file, for a production engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export_network(
    scenario: Annotated[str, typer.Argument(help="A scenario's folder, its YAML file, or a shipped scenario's name.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the network goes.")] = Path("network.json"),
    config: Annotated[Path | None, typer.Option(help="Also write a configuration for `fulfillsim serve` here.")] = None,
    strategy: Annotated[str | None, typer.Option(help="The strategy in it; the scenario's first if absent.")] = None,
) -> None:
    """Write sites, places, products and carriers to a JSON file that `fulfillsim serve` reads."""
    from sim.errors import FulfillSimError, expected_one_of
    from sim.files import atomic_path, write_yaml
    from sim.network.file import network_text
    from sim.scenario.load import load
    from sim.study.experiment import routing_of

    loaded = load(scenario)
    names = list(routing_of(loaded).strategies)
    if strategy is not None and strategy not in names:
        raise FulfillSimError(f"unknown strategy {expected_one_of(strategy, names)}")
    if config is not None and config.resolve() == out.resolve():
        raise FulfillSimError(f"--out and --config are both {out} - expected two files")
    network = loaded.network
    with atomic_path(out) as temporary:  # both files or none
        temporary.write_text(network_text(network), encoding="utf-8")
        if config is not None:
            shown, folder = out.resolve(), config.parent.resolve()
            relative = shown.relative_to(folder) if shown.is_relative_to(folder) else shown
            write_yaml(config, {"network": str(relative), "strategy": strategy or names[0], "routing": loaded.routing})
    counts = f"{len(network.sites)} sites, {len(network.places)} places, {len(network.products)} products"
    typer.echo(f"{out}: {counts}, {len(network.services)} carrier services")
    if config is not None:
        typer.echo(f"{config}: serve it with `fulfillsim serve --config {config}`")
