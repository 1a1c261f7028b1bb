"""The block `pick_up:` of a scenario: shoppers who collect what they order, at a store's counter or its kerb.

pick_up:
  share: 30 %
  within: 40 km
  arrives: {law: lognormal, mean: 20 h, cv: 1}
  no_show: 6 %
  hold: 3 days
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from sim import laws
from sim.errors import shown
from sim.fields import Between, Cents, Kilometres, Minutes, Model, Name, PositiveMinutes, Share, Text, plain
from sim.scenario.blocks.laws import LawOfMinutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.errors import Problem
    from sim.files import YamlFile
    from sim.network.site import Site

# Beyond it nearly all who collect would be new, and the rate at which they are drawn grows without bound
MOST_ADDED = 0.9


class Kerb(Model):
    """Shoppers who stay in their cars, and people who bring it out to them."""

    share: Share
    """Of those who collect."""
    minutes: Minutes
    """Staff time for each, on top of what a hand-over at the counter takes."""


class Extra(Model):
    """What shoppers buy besides when they come to collect."""

    share: Share
    """Of those who come."""
    value: Cents
    """Mean of what one of them spends."""
    cv: Annotated[float, Between(plain, 0, 10)] = 0.0
    """Coefficient of variation of a lognormal law round it; 0 is always the mean."""
    margin: Share
    """What is left of it."""

    def build(self) -> laws.Law:
        """Return the law of what is spent, cents."""
        return laws.Lognormal(self.value, self.cv) if self.cv and self.value else laws.Constant(self.value)


class PickUpBlock(Model):
    """Who collects, when he comes, and what it costs to have it ready for him.

    Each shopper has one store: the nearest of those that offer it. If the router can promise all of his order there he
    collects it; else some have it sent after all, and the others leave.
    """

    attribute: Text = "pickup"
    """Where shoppers may collect: sites of which this is true; a column among `network.site_attributes`."""
    within: Kilometres
    """Nobody goes farther than this to collect."""
    share: Share
    """Of the shoppers with a store in reach, those who want to collect."""
    channels: dict[Name, Share] = Field(default_factory=dict)
    """The same of some channels."""
    added: Share = 0.0
    """Of those who want to collect, the share that would not have come otherwise: they come on top."""
    ship_otherwise: Share = 1.0
    """Of those whose store cannot promise all of it, the share that has it sent; who came on top never does."""
    receive: Minutes = 0.0
    """Working time of the store between the arrival of goods from elsewhere and their being ready."""
    arrives: LawOfMinutes
    """From the notice that all is ready to the shopper's arrival; while the store is closed he waits until it opens."""
    no_show: Share = 0.0
    """Shoppers who never come."""
    hold: PositiveMinutes
    """How long after the notice it is kept for him, longer where the plan says so; then it is put back on the shelf
    and he has his money back."""
    minutes: Minutes = 0.0
    """Staff time of a hand-over at the counter."""
    put_back: Minutes = 0.0
    """Staff time for each unit that nobody came for."""
    per_hour: Cents = 0.0
    """What an hour of these people costs."""
    kerb: Kerb | None = None
    extra: Extra | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> PickUpBlock:
        if self.added > MOST_ADDED:
            raise ValueError(f"added is {self.added:.0%} - expected at most {MOST_ADDED:.0%}")
        takes_time = self.minutes or self.put_back or (self.kerb is not None and self.kerb.minutes)
        if bool(takes_time) != bool(self.per_hour):
            raise ValueError("per_hour and staff time (minutes, put_back, kerb.minutes) - expected both or neither")
        return self

    def wants(self, channel: str) -> float:
        """Return the share of a channel's shoppers that want to collect."""
        return self.channels.get(channel, self.share)

    def on_top(self, channel: str) -> float:
        """Return how many more come by a channel because they can collect, relative to those who come anyway."""
        return self.wants(channel) * self.added / (1 - self.added)


def nowhere_to_collect(source: YamlFile, block: PickUpBlock | None, sites: Sequence[Site]) -> list[Problem]:
    """Tell if no site offers what the block says."""
    if block is None or any(site.attributes.get(block.attribute) is True for site in sites):
        return []
    key = ("pick_up",) if block.attribute == "pickup" else ("pick_up", "attribute")
    message = (
        f"no site has {shown(block.attribute)}: true - expected a column of that name in the table of sites, named "
    )
    return [source.problem(key, message + "among network.site_attributes, and true at one site at least")]
