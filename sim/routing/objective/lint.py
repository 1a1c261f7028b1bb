"""Penalties that look at an attribute of sites which no site has: they steer nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.rules.lint import Fault, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.routing.config import RoutingConfig
    from sim.routing.objective.config import ObjectiveBlock
    from sim.routing.rules.columns import Columns


def objective_findings(config: RoutingConfig, columns: Columns) -> Iterator[Finding]:
    """Yield what stands in a block `objective:` and can never act on some sites."""
    for name, strategy in config.strategies.items():
        block: ObjectiveBlock | None = getattr(strategy, "objective", None)
        if block is None:
            continue
        asked = [(f"site_charges.{charge}", attribute) for charge, attribute in block.site_charges.items()]
        if block.priority is not None:
            asked.append(("priority", block.priority.attribute))
        for where, attribute in asked:
            if np.isnan(columns.number(attribute)).all():
                here = f"strategies.{name}.objective.{where}"
                yield Finding(here, Fault.NOBODY_HAS_IT, f"no site has an attribute {attribute!r} that is a number")
