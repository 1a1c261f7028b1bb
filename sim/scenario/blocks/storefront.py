"""The block `storefront:` of a scenario: what shoppers are shown, channel by channel, and what they make of it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.errors import shown
from sim.fields import Between, Count, Model, Name, Period, PositiveCount, PositiveMinutes, Share, plain
from sim.scenario.blocks.laws import ConstantLaw, LawOfMinutes

AT_ONCE = ConstantLaw.model_validate({"law": "constant", "value": "0 min"})
FallsWith = Literal["nothing", "own_sales", "all_sales"]


def _days(value: Any) -> float:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", str(value)):
        raise ValueError(f"{shown(value)} - expected days such as 2 or 1.5")
    return float(str(value))


def _ascending(curve: dict[float, float]) -> dict[float, float]:
    for before, after in pairwise(curve):
        if after <= before:
            raise ValueError(f"{after:g} days stand after {before:g} - expected them in ascending order")
    return curve


PromisedDays = Annotated[float, BeforeValidator(_days)]
Factor = Annotated[float, Between(plain, 0, 100)]
ShareByDays = Annotated[dict[PromisedDays, Share], Field(min_length=1), AfterValidator(_ascending)]
FactorByDays = Annotated[dict[PromisedDays, Factor], Field(min_length=1), AfterValidator(_ascending)]


class ListingBlock(Model):
    """What one channel shows otherwise than the block `storefront:` says."""

    published_every: Period | None = None
    delay: LawOfMinutes | None = None
    buffer: Count | None = None
    opens_above: Count | None = None
    cap: PositiveCount | None = None
    falls_with: FallsWith | None = None
    own_units: bool | None = None
    cancellation_limit: Share | None = None
    """Share of a seller's orders of seven days that he may cancel; watched at the end of every day."""


class CartsBlock(Model):
    """Shoppers take their time: what lies in a cart is not shown to others until it is ordered or given up."""

    minutes: LawOfMinutes
    """From cart to checkout."""
    bought: Share
    """Carts that become orders; the others are given up at that moment."""
    kept_for: PositiveMinutes | None = None
    """How long the router, which is told of each cart, keeps what lies in it from other orders. None: it is not told,
    and may promise it."""


class StorefrontBlock(Model):
    """What shoppers are shown."""

    published_every: Period
    """How often available units are read from the router and shown."""
    share_who_wait: Share
    """Shoppers who order all the same when too little is shown; the others leave."""
    delay: LawOfMinutes = AT_ONCE
    """From reading to showing."""
    buffer: Count = 0
    """Units that are never shown: the listing says so many less than there are."""
    opens_above: Count = 0
    """A listing with so many units or fewer is closed; above, it shows all of them."""
    cap: PositiveCount | None = None
    """The most a listing shows."""
    falls_with: FallsWith = "nothing"
    """What takes units off a listing between two publications. `nothing`: it stands as it is. `own_sales`: the channel
    counts its own orders, at once. `all_sales`: every promise to whichever channel, after `delay`."""
    own_units: bool = False
    """Whether a listing shows what the router may promise to its own channel, fences and pools counted; else to any."""
    channels: dict[Name, ListingBlock] = Field(default_factory=dict)
    """What is different on some channels."""
    open_channels: tuple[Name, ...] | None = Field(default=None, min_length=1)
    """The only channels that sell; absent: all do. Shoppers of the others find nothing, or switch to the first."""
    share_who_switch: Share = 0.0
    """Shoppers of a channel that is not open who come by the first that is."""
    abandonment: ShareByDays | None = None
    """Shoppers who leave when delivery is promised only after so many days: ``{3: 0 %, 7: 30 %}``, straight between."""
    response: FactorByDays | None = None
    """How many come when delivery is promised within so many days, relative to `shoppers_per_day`, straight between:
    ``{1: 1.3, 3: 1, 7: 0.6}``. Those who stay away are no shoppers and are counted nowhere."""
    substitution: Share = 0.0
    """Shoppers who, where too little is shown of something, take another product of its category that is shown."""
    carts: CartsBlock | None = None

    @model_validator(mode="after")
    def _together(self) -> StorefrontBlock:
        if self.carts is not None and self.response is not None:
            raise ValueError("carts and response - expected one of them: who stays away has no cart")
        if self.share_who_switch and self.open_channels is None:
            raise ValueError("share_who_switch - expected open_channels as well: now there is none to leave")
        return self

    def listing(self, channel: str) -> ListingBlock:
        """Return how one channel's listing works, every key filled in (`cap` and the limit may be None)."""
        own = self.channels.get(channel, ListingBlock())
        names = ("published_every", "delay", "buffer", "opens_above", "cap", "falls_with", "own_units")
        usual = {name: getattr(self, name) for name in names}
        return own.model_copy(update={k: v for k, v in usual.items() if getattr(own, k) is None})

    @property
    def asks_quotes(self) -> bool:
        """Whether shoppers look at the promise before they order."""
        return self.abandonment is not None or self.response is not None

    @property
    def upper_rate(self) -> float:
        """The most shoppers that may come, relative to `shoppers_per_day`: the rate at which they are drawn."""
        return 1.0 if self.response is None else max(self.response.values())
