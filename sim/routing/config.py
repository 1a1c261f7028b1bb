"""A routing configuration as written in a file: strategies, and what holds for all of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from sim.errors import ValueAtError, expected_one_of
from sim.fields import Between, Count, Minutes, Model, Name, Period, PositiveMinutes, Text, whole
from sim.network.site import SiteKind
from sim.routing.belief.pools import Pool
from sim.routing.belief.ring_fences import RingFence
from sim.routing.capacity.limit import CapacityLimit
from sim.routing.distances import DISTANCES, AnyDistance
from sim.routing.objective.others import PENALTIES
from sim.routing.rules.filters import FILTERS, PromisedWithin
from sim.routing.rules.ranks import RANK_RULES
from sim.routing.service_rates import RATES, AnyRate
from sim.routing.strategies.config import STRATEGIES, ByRules, StrategyConfig
from sim.routing.transit import TransitBlock
from sim.routing.waiting.backorders import BackorderPolicy
from sim.routing.ways.config import MergeBlock, PickupBlock, ReturnsBlock, SplitsBlock
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sim.routing.objective.config import ObjectiveBlock
    from sim.routing.plugged import Kind


class AgainstSupply(Model):
    """Lines that no shelf can serve are promised against goods on their way, for a date, at the site they go to.

    Rules choose that site among those they ask, if they `backorder`; all other strategies take the one that delivers
    first, the cheaper one of equals.
    """

    promise_within: PositiveMinutes = 21 * MINUTES_PER_DAY
    """How far ahead goods on their way may be promised."""
    channels_first: tuple[Text, ...] = ()
    """Whose orders go first, in this order, among those promised the same date; then, or if none is named, who ordered
    first."""


class Backorders(Model):
    """What happens to lines that nobody is believed to have."""

    retry_every: Period
    give_up_after: Minutes
    """From now, or from the date promised."""
    against_supply: AgainstSupply | None = None
    """None: goods on their way are not looked at."""

    def policy(self) -> BackorderPolicy:
        """Return it as the engine has it."""
        if self.against_supply is None:
            return BackorderPolicy(self.retry_every, self.give_up_after)
        ahead = self.against_supply
        return BackorderPolicy(self.retry_every, self.give_up_after, ahead.promise_within, ahead.channels_first)


class RoutingConfig(Model):
    """The block `routing:`.

    The first strategy listed is the baseline of a comparison unless another is named.
    """

    max_parcels: Annotated[int, Between(whole, 1, 99)]
    """Most sites an order may be split over (`nearest` does not count them, `rules` say it step by step)."""
    safety_stock: dict[SiteKind, Count] = Field(default_factory=dict)
    """Units of each product that are never promised, by kind of site."""
    ring_fences: tuple[RingFence, ...] = ()
    """The same by site, category, product or channel, such as what a store keeps on show, its presentation minimum;
    where several apply the largest counts."""
    capacity: tuple[CapacityLimit, ...] = ()
    """What sites take on at most, whatever the strategy; where several limits apply each holds."""
    pools: dict[Name, Pool] = Field(default_factory=dict)
    """Parts of the stock that channels draw from."""
    channels: dict[Text, Annotated[tuple[Text, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """The pools that a channel draws from, where it does not draw from everything; of two the larger share counts."""
    backorders: Backorders | None = None
    """None: what cannot be allocated is given up at once."""
    confirm_within: PositiveMinutes | None = None
    """A promise of which nothing is heard for so long is given up at the next whole snapshot of its site. None: never;
    no site that loses no message needs it."""
    pickup: PickupBlock | None = None
    """None: nothing can be collected."""
    merge: MergeBlock | None = None
    """None: parcels are never merged on their way."""
    splits: SplitsBlock | None = None
    """What holds of all splits besides `max_parcels`."""
    returns: ReturnsBlock | None = None
    """None: nobody says where goods go back to."""
    distance: AnyDistance | None = None
    """How far sites are from shoppers, for all rules and prices that ask. None: by the great circle."""
    rates: dict[Text, AnyRate] = Field(default_factory=dict)
    """What carriers' services cost, by service, where the network's rate tables are not to count."""
    transit: TransitBlock | None = None
    """How late carriers are; None: they keep to the days they publish, and parcels tell no quantiles."""
    strategies: dict[Name, StrategyConfig] = Field(min_length=1)

    def live(self, day: date) -> tuple[str, ...]:
        """Return the strategies that may decide orders on a day: active, and in effect."""
        return tuple(n for n, s in self.strategies.items() if s.status == "active" and s.effective.on(day))

    def version(self) -> str:
        """Return a name for exactly this configuration: equal settings, however written, have equal names."""
        # what stands at its default is left out, so that a setting that is new to the tool renames nothing
        written = self.model_dump_json(exclude_defaults=True)
        plugged = [(kind, block) for kind, block in self._open_blocks() if kind.name_of(block) is not None]
        if plugged:
            from sim.routing.plug_ins.installed import version_of

            written = "\n".join([written, *(version_of(kind, block) for kind, block in plugged)])
        return hashlib.sha256(written.encode()).hexdigest()[:12]

    def _open_blocks(self) -> Iterator[tuple[Kind, object]]:
        """Yield every block that another package may have given, with what kind of block it is."""
        for strategy in self.strategies.values():
            yield STRATEGIES, strategy
            if isinstance(strategy, ByRules):
                yield from ((FILTERS, each) for each in strategy.all_filters())
                yield from ((RANK_RULES, rule) for step in strategy.steps for rule in (*step.rank, *step.weigh))
            objective: ObjectiveBlock | None = getattr(strategy, "objective", None)
            yield from ((PENALTIES, other) for other in (objective.others if objective else ()))
        yield from ((RATES, rate) for rate in self.rates.values())
        yield DISTANCES, self.distance

    @model_validator(mode="after")
    def _pools_are_drawn_from(self) -> RoutingConfig:
        for channel, names in self.channels.items():
            for name in names:
                if name not in self.pools:
                    unknown = f"unknown pool {expected_one_of(name, self.pools)}"
                    raise ValueAtError("channels", channel, names.index(name), message=unknown)
        for name in self.pools:
            if not any(name in names for names in self.channels.values()):
                raise ValueAtError("pools", name, message="expected a channel that draws from it, among channels")
        return self

    @model_validator(mode="after")
    def _what_stays_open_has_one_price(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            objective = getattr(strategy, "objective", None)
            if objective is None:
                continue
            if objective.backordered is not None and self.backorders is None:
                missing = "expected a block backorders, else nothing is kept"
                raise ValueAtError("strategies", name, "objective", "backordered", message=missing)
            if objective.cancelled is not None and self.backorders is not None:
                other = "expected backordered: there is a block backorders"
                raise ValueAtError("strategies", name, "objective", "cancelled", message=other)
        return self

    @model_validator(mode="after")
    def _backorders_are_kept_somewhere(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            if isinstance(strategy, ByRules) and strategy.backorder and self.backorders is None:
                missing = "expected a block backorders that says when to try again"
                raise ValueAtError("strategies", name, "backorder", message=missing)
        return self

    @model_validator(mode="after")
    def _chances_are_known(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            filters = strategy.all_filters() if isinstance(strategy, ByRules) else ()
            if self.transit is None and any(isinstance(f, PromisedWithin) and f.chance is not None for f in filters):
                missing = "promised_within with a chance - expected a block transit that says how late carriers are"
                raise ValueAtError("strategies", name, message=missing)
        return self
