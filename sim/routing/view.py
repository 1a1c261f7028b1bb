"""An engine laid open: what it is made of, and what one decision rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.news import StockNews
    from sim.network.network import Network
    from sim.routing.belief.belief import Belief
    from sim.routing.belief.pools import HeldFrom
    from sim.routing.capacity.capacities import Capacities
    from sim.routing.cost import ParcelCosts
    from sim.routing.promise import Promises
    from sim.routing.strategies.by_rules import ByRules
    from sim.routing.strategies.strategy import Strategy


class Parts(NamedTuple):
    """What an engine is made of, for those who explain it.

    Parameters
    ----------
    name, fingerprint
        What its configuration is called, and a hash of all that is written there; empty if it was built by hand.
    limits
        What sites take on at most; None: nobody asks.
    """

    network: Network
    strategy: Strategy | ByRules
    costs: ParcelCosts
    promises: Promises
    belief: Belief
    may_serve: NDArray[np.bool_]
    held_from: HeldFrom
    name: str
    fingerprint: str
    limits: Capacities | None = None


class View(NamedTuple):
    """What one decision rests on.

    Parameters
    ----------
    believed
        On hand minus own promises of the order's products.
    memory
        What a strategy remembers besides, as what JSON knows: of sites and of the order, or the worth of stock.
    """

    believed: StockNews
    memory: Mapping[str, Any]
