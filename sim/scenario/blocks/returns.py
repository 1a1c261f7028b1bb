"""What comes back: the block `returns:`, such as this one.

rate: 12 %
categories: {laptops: {rate: 9 %}}
after: {law: exponential, mean: 9 days}
window: 30 days
grades:
  A: {share: 80 %, then: restock}
  B: {share: 12 %, then: refurbish, cost: 6 USD, takes: 3 days}
  C: {share: 8 %, then: liquidate, recovers: 25 %}
by_mail: {to: dc_plainfield, service: ground, inspection: {takes: 2 days, cost_per_unit: 3 USD}}
in_store: {share: 40 %, to_shelf: 4 h, not_kept: {then: to_dc, cost: 1.50 USD, takes: 5 days}}
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.fields import Between, Cents, Kilometres, Model, Name, Number, PositiveCount, Share, Text, plain
from sim.scenario.blocks.laws import ConstantLaw, LawOfMinutes
from sim.scenario.blocks.values import PositiveDays

ROUTER = "router"
AT_ONCE = ConstantLaw(law="constant", value="0 min")


def _whole(shares: dict[str, float]) -> dict[str, float]:
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares add up to {100 * sum(shares.values()):.6g} % - expected 100 %")
    return shares


GradeShares = Annotated[dict[Name, Share], AfterValidator(_whole)]


class Grade(Model):
    """What state a unit is in when it comes back, and what is done with it."""

    share: Share
    then: Literal["restock", "refurbish", "liquidate", "destroy"]
    """`restock` and `refurbish` end on a shelf, at full value; what is liquidated or destroyed is gone."""
    at: Text | None = None
    """The site on whose shelf it ends. Absent: where it was graded."""
    takes: LawOfMinutes = AT_ONCE
    """From the grade to the shelf."""
    cost: Cents = 0.0
    """Of what is done, for each unit."""
    recovers: Share | None = None
    """Share of what the unit has cost that a liquidator pays."""

    @property
    def ends_on_shelf(self) -> bool:
        """Whether it will be sold again."""
        return self.then in ("restock", "refurbish")

    @model_validator(mode="after")
    def _of_its_kind(self) -> Grade:
        if (self.then == "liquidate") != (self.recovers is not None):
            raise ValueError("recovers is what a liquidator pays - expected it with then: liquidate, and only there")
        for name in ("at", "takes"):
            if name in self.model_fields_set and not self.ends_on_shelf:
                raise ValueError(f"{name} with then: {self.then} - expected restock or refurbish: it ends on no shelf")
        return self


class OfCategory(Model):
    """What is different for the products of a category."""

    rate: Share | None = None
    grades: GradeShares | None = None


class Reason(Model):
    """Why a unit comes back."""

    share: Share
    grades: GradeShares | None = None
    """How such units are. Absent: as those of the product's category."""


class Inspection(Model):
    """What is done with a unit that has come by mail before anybody knows what it is worth."""

    takes: LawOfMinutes
    """With `people`: of one of them, in the site's working hours. Without: from receipt to result."""
    people: PositiveCount | None = None
    """Who inspect at each site, one unit after the other. Absent: nobody has to wait for them."""
    per_hour: Cents = 0.0
    cost_per_unit: Cents = 0.0
    """Receipt, handling, or what a third party asks for."""

    @model_validator(mode="after")
    def _somebody_to_pay(self) -> Inspection:
        if self.per_hour and self.people is None:
            raise ValueError("per_hour without people - expected people, who are paid by the hour")
        return self


class ByMail(Model):
    """Parcels that shoppers send back."""

    to: Text
    """A site, or `router`: where its own block `returns:` says, among the sites with `takes_returns: true`."""
    service: Name
    """The carrier's."""
    rate: Annotated[float, Between(plain, 0, 10)] = 1.0
    """Price of the label, relative to one for the way out."""
    transit: LawOfMinutes | None = None
    """Absent: as long as the service takes for the way out."""
    inspection: Inspection
    refund: Literal["inspected", "received"] = "inspected"
    """When the refund is made."""
    refund_takes: LawOfMinutes = AT_ONCE
    """From then until the shopper has his money."""
    kept_back: Cents = 0.0
    """Of the refund of each unit."""


class NotKept(Model):
    """What happens to a unit brought to a store that does not keep the product, or cannot refurbish it."""

    then: Literal["to_dc", "liquidate"]
    """`to_dc`: the nearest puts it on its shelf."""
    takes: LawOfMinutes = AT_ONCE
    cost: Cents = 0.0
    recovers: Share | None = None

    @model_validator(mode="after")
    def _of_its_kind(self) -> NotKept:
        if (self.then == "liquidate") != (self.recovers is not None):
            raise ValueError("recovers is what a liquidator pays - expected it with then: liquidate, and only there")
        if "takes" in self.model_fields_set and self.then == "liquidate":
            raise ValueError("takes with then: liquidate - expected to_dc")
        return self


class TillPurchase(Model):
    """What some buy while they are in the store."""

    share: Share
    """Of those who bring something back."""
    value: Cents
    margin: Share
    """Of the value."""


class InStore(Model):
    """Returns brought to a store: the till finds the order and refunds at once."""

    share: Share
    """Of the returns of those who live beside a store."""
    halves_every: Kilometres | None = None
    """Distance to the nearest store that takes returns over which the share falls by half. Absent: it does not."""
    within: Kilometres | None = None
    """Nobody goes farther than that. Absent: whatever the distance."""
    till_cost: Cents = 0.0
    """Of each unit."""
    to_shelf: LawOfMinutes
    """From the till to the shelf, of a unit that can be sold as it is."""
    not_kept: NotKept
    till_purchase: TillPurchase | None = None


class ReturnsBlock(Model):
    """Delivered units that come back, and what becomes of them."""

    rate: Share
    """Chance that a unit comes back."""
    categories: dict[Text, OfCategory] = Field(default_factory=dict)
    channels: dict[Name, Number] = Field(default_factory=dict)
    """How many times as often units come back that were ordered there."""
    after: LawOfMinutes
    """From delivery to the shopper's way to the post or the store; a parcel's units go together."""
    window: PositiveDays | None = None
    """Who would come later keeps it. Absent: there is no limit."""
    reasons: dict[Name, Reason] = Field(default_factory=dict)
    grades: dict[Name, Grade] = Field(min_length=1)
    by_mail: ByMail
    in_store: InStore | None = None
    """Absent: stores take nothing back."""

    @model_validator(mode="after")
    def _shares_of_all(self) -> ReturnsBlock:
        shares = {key: {name: each.share for name, each in getattr(self, key).items()} for key in ("grades", "reasons")}
        for key, those in shares.items():
            try:
                _whole(those or {"any": 1.0})
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from None
        most = max([self.rate, *(c.rate for c in self.categories.values() if c.rate is not None)])
        for channel, times in self.channels.items():
            if times * most > 1:
                raise ValueError(f"channels.{channel}: {times:g} times {most:.3g} - expected a chance of at most 1")
        return self
