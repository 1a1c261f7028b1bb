"""Where goods should go back to: the sites that take returns, in the order of the same rules that send goods out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import RoutingError
from sim.routing.rules.decide import asked

if TYPE_CHECKING:
    from sim.routing.rules.config import Step
    from sim.routing.rules.situation import Situation


def return_site(step: Step, situation: Situation) -> int:
    """Return the best site for goods to go back to.

    A site takes returns if its attribute `takes_returns` is true. `situation` holds what comes back as if it were an
    order from where the goods are; so ``{by: inventory_balance, descending: true}`` sends them where they are scarcest.

    Raises
    ------
    RoutingError
        If no site that takes returns passes the filters.
    """
    takes = situation.columns.number("takes_returns") == 1
    for relaxed in range(1 + max((each.soft or 0 for each in step.filters), default=0)):
        found = [site for site in asked(step, situation, relaxed) if takes[site]]
        if found:
            return found[0]
    raise RoutingError("no site that takes returns passes the filters - expected one with takes_returns: true")
