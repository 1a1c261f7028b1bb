"""A routing configuration as written in a file: strategies, and what holds for all of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from sim.fields import Between, Count, Minutes, Model, Name, Period, whole
from sim.network.site import SiteKind
from sim.routing.ring_fences import RingFence
from sim.routing.strategies.config import ByRules, StrategyConfig

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
    strategies: dict[Name, StrategyConfig] = Field(min_length=1)

    def live(self, day: date) -> tuple[str, ...]:
        """Return the strategies that may decide orders on a day: active, and in effect."""
        return tuple(n for n, s in self.strategies.items() if s.status == "active" and s.effective.on(day))

    def version(self) -> str:
        """Return a name for exactly this configuration: equal settings, however written, have equal names."""
        # what stands at its default is left out, so that a setting that is new to the tool renames nothing
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:12]

    @model_validator(mode="after")
    def _what_stays_open_has_one_price(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            objective = getattr(strategy, "objective", None)
            if objective is None:
                continue
            if objective.backordered is not None and self.backorders is None:
                raise ValueError(
                    f"strategies.{name}.objective.backordered - expected a block backorders, else nothing is kept"
                )
            if objective.cancelled is not None and self.backorders is not None:
                raise ValueError(
                    f"strategies.{name}.objective.cancelled - expected backordered: there is a block backorders"
                )
        return self

    @model_validator(mode="after")
    def _backorders_are_kept_somewhere(self) -> RoutingConfig:
        for name, strategy in self.strategies.items():
            if isinstance(strategy, ByRules) and strategy.backorder and self.backorders is None:
                raise ValueError(
                    f"strategies.{name}.backorder - expected a block backorders that says when to try again"
                )
        return self
