"""The fixed costs of a scenario: which of them a strategy causes, and at how many sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.blocks.costs import FixedCost
    from sim.scenario.scenario import Scenario

HOUSE = -1
"""Stands for a site where the house pays, once."""


def caused_by(scenario: Scenario, strategy: str) -> dict[str, FixedCost]:
    """Return the fixed costs that a strategy causes, by name."""
    return {
        name: cost
        for name, cost in scenario.file.fixed.items()
        if cost.strategies is None or strategy in cost.strategies
    }


def payers(scenario: Scenario, cost: FixedCost) -> list[int]:
    """Return the sites that pay a fixed cost, each the whole of it; the house alone where none is named."""
    if cost.where is None:
        return [HOUSE]
    rows = [{"id": site.id, "kind": site.kind, "state": site.state} for site in scenario.network.sites]
    return [j for j, row in enumerate(rows) if cost.where.holds(row)]
