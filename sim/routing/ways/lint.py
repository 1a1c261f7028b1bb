"""Ways to fulfil that a configuration offers and no site of the network has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.routing.rules.lint import Fault, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.routing.config import RoutingConfig
    from sim.routing.rules.columns import Columns


def ways_findings(config: RoutingConfig, columns: Columns) -> Iterator[Finding]:
    """Yield what stands in `pickup:`, `merge:` and `returns:` and can never act on some sites."""
    asked = []
    if config.pickup is not None:
        asked.append(("pickup.attribute", config.pickup.attribute, "nothing can be collected"))
    if config.merge is not None and isinstance(config.merge.at, str):
        asked.append(("merge.at", config.merge.at, "nothing can be merged"))
    if config.returns is not None:
        asked.append(("returns", "takes_returns", "nothing can go back"))
    for where, attribute, so in asked:
        if not (columns.number(attribute) == 1).any():
            yield Finding(where, Fault.NOBODY_HAS_IT, f"no site has {attribute}: true, so {so}")
    if config.merge is not None and not isinstance(config.merge.at, str):
        kinds = [kind.value for kind in config.merge.at]
        if not set(kinds) & set(columns.words("kind").tolist()):
            message = f"no site is a {' or '.join(kinds)}, so nothing can be merged"
            yield Finding("merge.at", Fault.NOBODY_HAS_IT, message)
