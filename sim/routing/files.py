"""Routing configurations as files of their own: read, checked, told apart, and described to editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.files import read_yaml, validate
from sim.routing.capacity.lint import capacity_findings
from sim.routing.config import RoutingConfig
from sim.routing.objective.lint import objective_findings
from sim.routing.rules.lint import Finding, lint
from sim.routing.strategies.config import ByRules
from sim.routing.ways.lint import ways_findings

if TYPE_CHECKING:
    from pathlib import Path

    from sim.routing.rules.columns import Columns


def read_routing(path: Path) -> RoutingConfig:
    """Read a routing configuration from a YAML file, or the block `routing:` of one that has more in it.

    Raises
    ------
    ScenarioError
        With every problem found, each with its line.
    """
    source = read_yaml(path)
    return validate(RoutingConfig, source, ("routing",) if "routing" in source.tree else ())


def version(config: RoutingConfig) -> str:
    """Return a name for exactly this configuration: equal settings, however written, have equal names."""
    return config.version()


def findings(config: RoutingConfig, columns: Columns | None = None) -> list[Finding]:
    """Return what can never act in a configuration: in its rules, limits of capacity, objectives and ways to fulfil."""
    ways = [] if columns is None else [*ways_findings(config, columns), *objective_findings(config, columns)]
    return (
        ways
        + list(capacity_findings(config.capacity, columns))
        + [
            found._replace(where=f"strategies.{name}.{found.where}")
            for name, strategy in config.strategies.items()
            if isinstance(strategy, ByRules)
            for found in lint(strategy, columns)
        ]
    )


def differences(before: RoutingConfig, after: RoutingConfig) -> list[tuple[str, Any, Any]]:
    """Return each setting that differs between two configurations: its path, and its value before and after."""
    old, new = (dict(_leaves(config.model_dump(mode="json"))) for config in (before, after))
    paths = dict.fromkeys([*old, *new])
    return [(path, old.get(path), new.get(path)) for path in paths if old.get(path) != new.get(path)]


def _leaves(node: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(node, dict):
        return [leaf for key, value in node.items() for leaf in _leaves(value, f"{path}.{key}" if path else str(key))]
    if isinstance(node, list):
        return [leaf for k, value in enumerate(node) for leaf in _leaves(value, f"{path}[{k}]")]
    return [(path, node)]


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a routing file, for editors that complete and check while one types."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **RoutingConfig.model_json_schema(),
        "title": "FulfillSim routing configuration",
    }


def schema_text() -> str:
    """Return the schema as it is published in `routing.schema.json` next to this file."""
    return json.dumps(json_schema(), indent=2) + "\n"


if __name__ == "__main__":  # python -m sim.routing.files > sim/routing/routing.schema.json
    print(schema_text(), end="")
