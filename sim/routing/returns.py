"""Where goods should go back to: the sites that take returns, in the order of the same rules that send goods out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import NotOfferedError, RoutingError
from sim.routing.rules.config import Rules
from sim.routing.rules.decide import asked
from sim.routing.strategies.by_rules import ByRules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.engine import Engine
    from sim.routing.promise import Promises
    from sim.routing.rules.config import Step
    from sim.routing.rules.situation import Situation
    from sim.routing.ways.config import ReturnsBlock


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


class Returns:
    """The block `returns:` at work. What a parcel would cost from a site stands for what it costs to get it there."""

    def __init__(
        self,
        block: ReturnsBlock,
        network: Network,
        costs: ParcelCosts,
        promises: Promises,
        may_serve: NDArray[np.bool_],
    ) -> None:
        self._steps = block.steps
        self._rules = ByRules(
            Rules(steps=block.steps), network, costs=costs, promises=promises, may_serve=may_serve
        )  # fmt: skip

    def site(self, engine: Engine, order: Order, now: float) -> int:
        """Return the site of the first step that finds one."""
        situation = self._rules.situation(engine.request(order, now), engine.parts().belief.observed_at)
        situation.may_serve = engine.open_sites(now)  # how far a site delivers, or what it refused, is no matter here
        for step in self._steps[:-1]:
            try:
                return return_site(step, situation)
            except RoutingError:
                continue
        return return_site(self._steps[-1], situation)


def goes_back_to(engine: Engine, order: Order, now: float) -> int:
    """Return the site that what an order holds should go back to, from its place.

    Raises
    ------
    NotOfferedError
        If the configuration does not say.
    RoutingError
        If no site that takes returns passes its filters.
    """
    if engine.ways.returns is None:
        raise NotOfferedError("where do goods go back to? - expected a block returns in the routing")
    return engine.ways.returns.site(engine, order, now)
