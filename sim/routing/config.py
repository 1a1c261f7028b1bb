"""A routing configuration as written in a file: strategies, and what holds for all of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from sim.fields import Between, Count, Minutes, Model, Name, Period, whole
from sim.network.site import SiteKind
from sim.routing.ring_fences import RingFence
from sim.routing.strategies.config import OURS, ByRules, StrategyConfig
from sim.routing.ways.config import MergeBlock, PickupBlock, ReturnsBlock, SplitsBlock

if TYPE_CHECKING:
    from datetime import date


class Backorders(Model):
    """What happens to lines that nobody is believed to have."""

    retry_every: Period
    give_up_after: Minutes


class RoutingConfig(Model):
    """The block `routing:`.

    The first strategy listed is the baseline of a comparison unless another is named.
    """

    max_parcels: Annotated[int, Between(whole, 1, 99)]
    """Most sites an order may be split over (`nearest` does not count them, `rules` say it step by step)."""
    safety_stock: dict[SiteKind, Count] = Field(default_factory=dict)
    """Units of each product that are never promised, by kind of site."""
    ring_fences: tuple[RingFence, ...] = ()
    """The same by site, category, product or channel; where several apply the largest counts."""
    backorders: Backorders | None = None
    """None: what cannot be allocated is given up at once."""
    pickup: PickupBlock | None = None
    """None: nothing can be collected."""
    merge: MergeBlock | None = None
    """None: parcels are never merged on their way."""
    splits: SplitsBlock | None = None
    """What holds of all splits besides `max_parcels`."""
    returns: ReturnsBlock | None = None
    """None: nobody says where goods go back to."""
    strategies: dict[Name, StrategyConfig] = Field(min_length=1)

    def live(self, day: date) -> tuple[str, ...]:
        """Return the strategies that may decide orders on a day: active, and in effect."""
        return tuple(n for n, s in self.strategies.items() if s.status == "active" and s.effective.on(day))

    def version(self) -> str:
        """Return a name for exactly this configuration: equal settings, however written, have equal names."""
        written = self.model_dump_json()
        plugged = [strategy for strategy in self.strategies.values() if strategy.choose not in OURS]
        if plugged:
            from sim.routing.plug_ins import version_of

            written = "\n".join([written, *map(version_of, plugged)])
        return hashlib.sha256(written.encode()).hexdigest()[:12]

    @model_validator(mode="after")
    def _backorders_are_kept_somewhere(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            if isinstance(strategy, ByRules) and strategy.backorder and self.backorders is None:
                raise ValueError(
                    f"strategies.{name}.backorder - expected a block backorders that says when to try again"
                )
        return self
