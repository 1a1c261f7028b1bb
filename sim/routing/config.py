"""A routing configuration as written in a file, and the engine it describes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from sim.fields import Cents, Count, Minutes, Model, Number, PositiveCount, PositiveMinutes
from sim.network.site import SiteKind
from sim.routing.backorders import BackorderPolicy
from sim.routing.cost import ParcelCosts
from sim.routing.engine import Engine
from sim.routing.filters import of_kind
from sim.routing.promise import Promises
from sim.routing.ring_fences import RingFence, held_from_channels, safety_stock
from sim.routing.rules.config import Effective, Rules
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.by_rules import ByRules as RuleStrategy
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.dc_first import DcFirst
from sim.routing.strategies.fewest_parcels import FewestParcels
from sim.routing.strategies.least_score import LeastScore
from sim.routing.strategies.nearest import Nearest

if TYPE_CHECKING:
    from datetime import date

    from sim.network.network import Network
    from sim.routing.offers import Objective
    from sim.routing.strategies.strategy import Strategy


class _Choice(Model):
    """What every strategy may be told besides how to choose."""

    only: tuple[SiteKind, ...] | None = None
    """Site kinds that may serve; all when absent."""
    status: Literal["draft", "active", "archived"] = "active"
    """Only an active strategy decides orders; a draft is checked and can be tried out."""
    effective: Effective = Effective()
    """Days on which it decides."""


class ByRule(_Choice):
    """A strategy without weights."""

    choose: Literal["nearest", "cheapest", "fewest_parcels", "dc_first"]


class ByPrice(_Choice):
    """Cost plus priced delivery days plus priced scarcity."""

    choose: Literal["balanced"]
    day_value: Cents
    scarcity: Number


class ByRules(_Choice, Rules):
    """Filters, ranking and split rules, step by step."""

    choose: Literal["rules"]


StrategyConfig = Annotated[ByRule | ByPrice | ByRules, Field(discriminator="choose")]


class Backorders(Model):
    """What happens to lines that nobody is believed to have."""

    retry_every: PositiveMinutes
    give_up_after: Minutes


class RoutingConfig(Model):
    """The block `routing:`.

    The first strategy listed is the baseline of a comparison unless another is named.
    """

    max_parcels: PositiveCount
    """Most sites an order may be split over (`nearest` does not count them, `rules` say it step by step)."""
    safety_stock: dict[SiteKind, Count] = Field(default_factory=dict)
    """Units of each product that are never promised, by kind of site."""
    ring_fences: tuple[RingFence, ...] = ()
    """The same by site, category, product or channel; where several apply the largest counts."""
    backorders: Backorders | None = None
    """None: what cannot be allocated is given up at once."""
    strategies: dict[str, StrategyConfig] = Field(min_length=1)

    def live(self, day: date) -> tuple[str, ...]:
        """Return the strategies that may decide orders on a day: active, and in effect."""
        return tuple(n for n, s in self.strategies.items() if s.status == "active" and s.effective.on(day))

    def version(self) -> str:
        """Return a name for exactly this configuration: equal settings, however written, have equal names."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @model_validator(mode="after")
    def _backorders_are_kept_somewhere(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            if isinstance(strategy, ByRules) and strategy.backorder and self.backorders is None:
                raise ValueError(
                    f"strategies.{name}.backorder - expected a block backorders that says when to try again"
                )
        return self


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
    day_value = chosen.day_value if isinstance(chosen, ByPrice) else 0.0
    costs = ParcelCosts(network, may_serve, day_value)
    objective: Objective
    match chosen:
        case ByPrice():
            objective = Balanced(costs, network, promises, chosen.day_value, chosen.scarcity)
        case ByRule(choose="fewest_parcels"):
            objective = FewestParcels(costs)
        case ByRule(choose="dc_first"):
            objective = DcFirst(costs, network)
        case _:
            objective = Cheapest(costs)
    decider: Strategy | RuleStrategy
    match chosen:
        case ByRules():
            decider = RuleStrategy(chosen, network, costs=costs, promises=promises, may_serve=may_serve)
        case ByRule(choose="nearest"):
            decider = Nearest(network, may_serve)
        case _:
            decider = LeastScore(objective, config.max_parcels)
    return Engine(
        network,
        decider,
        costs=costs,
        promises=promises,
        may_serve=may_serve,
        safety_stock=safety_stock(config.safety_stock, config.ring_fences, network),
        held_from=held_from_channels(config.safety_stock, config.ring_fences, network),
        backorders=None
        if config.backorders is None
        else BackorderPolicy(config.backorders.retry_every, config.backorders.give_up_after),
        name=strategy,
        fingerprint=config.version(),
    )
