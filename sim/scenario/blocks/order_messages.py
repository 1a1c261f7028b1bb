"""What may happen to an order between the shopper and the parcel: holds, second thoughts, labels that fail."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sim.fields import Model, Share
from sim.scenario.blocks.laws import LawOfMinutes


class HoldBlock(Model):
    """Orders that wait for a payment or a check against fraud."""

    share: Share
    takes: LawOfMinutes
    before: Literal["routing", "release"] = "routing"
    """`routing`: nobody decides upon the order, and nothing is reserved, until it is over. `release`: the order is
    decided upon and reserved at once, and its sites hear of it when the hold is over."""


class SecondThoughts(Model):
    """Shoppers who want something else some time after they ordered; too late for what is being picked by then."""

    share: Share
    after: LawOfMinutes


class MovedBlock(SecondThoughts):
    """Shoppers who change the address."""

    promise: Literal["first", "anew"] = "first"
    """What the order is held to. `first`: the date told for the old address, as with any later change of plan; the move
    is our risk. `anew`: the shopper is told the date of the new address, and that counts."""


class LabelBlock(Model):
    """Calls of the carrier's label service that fail. Each try fails by itself."""

    fail: Share
    retry_after: LawOfMinutes

    @model_validator(mode="after")
    def _sometimes_works(self) -> LabelBlock:
        if self.fail > MOST_FAILING:
            raise ValueError(f"fail is {self.fail:.0%} - expected at most {MOST_FAILING:.0%}, or no parcel ever leaves")
        return self


MOST_FAILING = 0.99


class OrderMessagesBlock(Model):
    """What is left out does not happen."""

    hold: HoldBlock | None = None
    called_off: SecondThoughts | None = None
    """Shoppers who cancel. What is not being picked yet is called off; the rest is sent."""
    moved: MovedBlock | None = None
    """Shoppers who change the address, to that of another place drawn by population. The order is withdrawn whole and
    decided upon anew; if any of it is being picked, it goes to the old address."""
    labels: LabelBlock | None = None
