"""Which orders a step of rules is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from sim.fields import Cents, Model, Text
from sim.routing.capacity.limit import Priority
from sim.routing.rules.columns import as_word

if TYPE_CHECKING:
    from sim.routing.rules.situation import Situation


class When(Model):
    """Conditions on an order: it meets each that is given."""

    channels: tuple[Text, ...] = ()
    """It was placed on one of these."""
    to: dict[Text, tuple[Text, ...]] = Field(default_factory=dict)
    """It goes where each attribute named has one of its values, such as `state: [AK, HI]`."""
    calls_for: tuple[Text, ...] = ()
    """One of these attributes, such as `hazmat`, is true of one of its products."""
    worth_at_least: Cents | None = None
    worth_below: Cents | None = None
    priority_at_least: Priority | None = None

    @model_validator(mode="after")
    def _somebody_can(self) -> When:
        if not self.model_dump(exclude_defaults=True):
            raise ValueError("an empty block - expected at least one condition, or to leave the block out")
        if None not in (self.worth_at_least, self.worth_below) and self.worth_at_least >= self.worth_below:  # type: ignore[operator]
            raise ValueError("worth_below - expected more than worth_at_least: no order is worth both")
        return self

    def holds(self, situation: Situation) -> bool:
        """Return whether an order meets them."""
        return (
            (not self.channels or situation.channel in self.channels)
            and all(as_word(situation.destination.get(name)) in words for name, words in self.to.items())
            and (not self.calls_for or not situation.called_for.isdisjoint(self.calls_for))
            and (self.worth_at_least is None or situation.order_value >= self.worth_at_least)
            and (self.worth_below is None or situation.order_value < self.worth_below)
            and (self.priority_at_least is None or situation.priority >= self.priority_at_least)
        )
