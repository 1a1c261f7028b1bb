"""A routing configuration as written in a file, and the engine it describes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from sim.fields import Cents, Count, Minutes, Model, Number, PositiveCount, PositiveMinutes
from sim.network.site import SiteKind
from sim.routing.backorders import BackorderPolicy
from sim.routing.cost import ParcelCosts
from sim.routing.engine import Engine
from sim.routing.filters import of_kind
from sim.routing.joint.batch import Limits
from sim.routing.joint.engine import JointEngine, JointRule
from sim.routing.joint.standing import Terms
from sim.routing.promise import Promises
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.dc_first import DcFirst
from sim.routing.strategies.fewest_parcels import FewestParcels
from sim.routing.strategies.least_score import LeastScore
from sim.routing.strategies.nearest import Nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.network.network import Network
    from sim.routing.offers import Objective


class _Choice(Model):
    """What every strategy may be told besides how to choose."""

    only: tuple[SiteKind, ...] | None = None
    """Site kinds that may serve; all when absent."""


class ByRule(_Choice):
    """A strategy without weights."""

    choose: Literal["nearest", "cheapest", "fewest_parcels", "dc_first"]


class ByPrice(_Choice):
    """Cost plus priced delivery days plus priced scarcity."""

    choose: Literal["balanced"]
    day_value: Cents
    scarcity: Number


class ByBatch(_Choice):
    """Many orders at once: held for a window and decided jointly; sent parcels thought over until they are picked.

    The objective is cost, plus delivery days and scarcity if they have a price.
    """

    choose: Literal["batch"]
    window: Minutes
    """Orders are decided at every multiple of it; 0 min decides each at once."""
    day_value: Cents = 0.0
    scarcity: Number = 0.0
    past_cut_off: bool = False
    """Whether orders are held even if a pick-up is missed by it."""
    reevaluate_every: PositiveMinutes | None = None
    """None: what is sent stays as it is."""
    revise_for: Cents = 50.0
    """What a revision of an order must save."""
    unserved: Cents = 100_000.0
    """Price of a unit not served; dearer than any parcel, so that stock is never left because of cost."""
    gap: Number = 0.0001
    """A decision is good enough when it is proven to be so close to the best, relative to its cost."""


StrategyConfig = Annotated[ByRule | ByPrice | ByBatch, Field(discriminator="choose")]


class Backorders(Model):
    """What happens to lines that nobody is believed to have."""

    retry_every: PositiveMinutes
    give_up_after: Minutes


class RoutingConfig(Model):
    """The block `routing:`.

    The first strategy listed is the baseline of a comparison unless another is named.
    """

    max_parcels: PositiveCount
    """Most sites an order may be split over (`nearest` does not count them)."""
    safety_stock: dict[SiteKind, Count] = Field(default_factory=dict)
    """Units of each product that are never promised, by kind of site."""
    backorders: Backorders | None = None
    """None: what cannot be allocated is given up at once."""
    strategies: dict[str, StrategyConfig] = Field(min_length=1)


def build_engine(config: RoutingConfig, strategy: str, network: Network) -> Engine:
    """Return a fresh engine that follows one of a configuration's strategies.

    Raises
    ------
    KeyError
        If the configuration has no such strategy.
    """
    chosen = config.strategies[strategy]
    may_serve = of_kind(network, chosen.only)
    promises = Promises(network)
    day_value = 0.0 if isinstance(chosen, ByRule) else chosen.day_value
    costs = ParcelCosts(network, may_serve, day_value)
    objective: Objective
    match chosen:
        case ByPrice() | ByBatch() if chosen.day_value or chosen.scarcity:
            objective = Balanced(costs, network, promises, chosen.day_value, chosen.scarcity)
        case ByRule(choose="fewest_parcels"):
            objective = FewestParcels(costs)
        case ByRule(choose="dc_first"):
            objective = DcFirst(costs, network)
        case _:
            objective = Cheapest(costs)
    make: Callable[..., Engine] = Engine
    if isinstance(chosen, ByBatch):
        terms = Terms(objective, costs, promises, config.max_parcels, day_value, chosen.revise_for, chosen.unserved)
        rule = JointRule(chosen.window, chosen.past_cut_off, chosen.reevaluate_every or 0.0, Limits(gap=chosen.gap))
        make = partial(JointEngine, terms=terms, rule=rule)
    return make(
        network,
        Nearest(network, may_serve) if chosen.choose == "nearest" else LeastScore(objective, config.max_parcels),
        costs=costs,
        promises=promises,
        may_serve=may_serve,
        safety_stock=np.array([config.safety_stock.get(site.kind, 0) for site in network.sites], dtype=np.int32),
        backorders=None
        if config.backorders is None
        else BackorderPolicy(config.backorders.retry_every, config.backorders.give_up_after),
    )
