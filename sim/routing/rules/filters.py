"""Who may be asked at all. A filter is hard, or soft with its turn to be given up when an order cannot be filled.

Each filter is a block of a routing file and one line of arithmetic over all sites. What is unknown never passes: a
site without coordinates is not near, and one without an attribute does not have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

import numpy as np
from pydantic import Field

from sim.fields import Count, Distance, PositiveMinutes, SignedNumber, Text
from sim.routing.capacity.usage import COUNTERS
from sim.routing.plugged import Kind
from sim.routing.rules.capacity import Capacity
from sim.routing.rules.columns import Attribute, as_word
from sim.routing.rules.filter import Filter
from sim.routing.rules.reasons import Reason
from sim.routing.rules.stock_filters import StockAtLeast, SureStock, WeeksOfSupply
from sim.routing.transit import Chance
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.rules.situation import Situation


class MaxDistance(Filter):
    """Sites no farther from the shopper than `limit`; exactly as far still passes."""

    keep: Literal["max_distance"]
    limit: Distance
    reason = Reason.TOO_FAR

    def stands_still(self) -> bool:
        """Return True."""
        return True

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Compare distances; NaN compares false."""
        near: NDArray[np.bool_] = situation.distances() <= round(self.limit, 6)
        return near

    def why(self, situation: Situation, site: int) -> Reason:
        """Tell unknown from far."""
        return Reason.DISTANCE_UNKNOWN if np.isnan(situation.distances()[site]) else self.reason


class HasAttribute(Filter):
    """Sites whose attribute has one of some values, lies in a range, lists a word, or equals the destination's."""

    keep: Literal["attribute"]
    name: Text
    one_of: tuple[str | float | bool, ...] | None = None
    at_least: SignedNumber | None = None
    at_most: SignedNumber | None = None
    lists: Text | None = None
    """The attribute is a list such as ``"outlet|north"``, and this is one of its words."""
    same_as_destination: bool = False
    reason = Reason.WRONG_ATTRIBUTE

    def stands_still(self) -> bool:
        """Return whether the attribute is no counter."""
        return self.name not in COUNTERS

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Apply every condition given."""
        words, numbers = situation.columns.words(self.name), situation.number(self.name)
        passes = np.ones(len(words), dtype=np.bool_)
        if self.one_of is not None:
            passes &= np.isin(words, [as_word(value) for value in self.one_of])
        if self.at_least is not None:
            passes &= numbers >= self.at_least
        if self.at_most is not None:
            passes &= numbers <= self.at_most
        if self.lists is not None:
            passes &= np.array([self.lists in word.split("|") for word in words.tolist()], dtype=np.bool_)
        if self.same_as_destination:
            passes &= _same_as_destination(situation, self.name)
        return passes

    def why(self, situation: Situation, site: int) -> Reason:
        """Tell unknown from wrong."""
        return self.reason if situation.columns.words(self.name)[site] else Reason.ATTRIBUTE_UNKNOWN


class CanHandle(Filter):
    """Sites that have what the goods call for: of each attribute named that is true of any product of the order."""

    keep: Literal["can_handle"]
    attributes: tuple[Text, ...] = Field(min_length=1)
    """Such as `hazmat`, `cold`, `gift_wrap` or a licence: true of a product, and of a site that may handle it."""
    reason = Reason.CANNOT_HANDLE

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Apply those that are called for."""
        passes = np.ones(len(situation.columns), dtype=np.bool_)
        for name in situation.called_for.intersection(self.attributes):
            passes &= situation.columns.number(name) == 1
        return passes


class SellsOn(Filter):
    """Sites whose attribute `channels` lists the order's channel; a site without the attribute serves every channel."""

    keep: Literal["channel"]
    reason = Reason.WRONG_CHANNEL

    def stands_still(self) -> bool:
        """Return True."""
        return True

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Look the channel up in each site's list."""
        lists = situation.columns.words("channels").tolist()
        return np.array([not listed or situation.channel in listed.split("|") for listed in lists], dtype=np.bool_)


class NotRefusedWithin(Filter):
    """Sites that have not refused this order within a period; exactly as long ago passes."""

    keep: Literal["not_refused_within"]
    period: PositiveMinutes
    reason = Reason.REFUSED_RECENTLY

    def rests(self, situation: Situation) -> bool:
        """Return whether nobody has refused this order."""
        return situation.days_since_refusal is None

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Compare the age of each refusal; a site that never refused has none."""
        days = situation.days_since_refusal
        if days is None:
            return np.ones(len(situation.columns), dtype=np.bool_)
        return np.isnan(days) | (days >= self.period / MINUTES_PER_DAY)


class PromisedWithin(Filter):
    """Sites from which the whole order would arrive within so many days of now, as the engine promises it."""

    keep: Literal["promised_within"]
    days: Count
    chance: Chance | None = None
    """With this probability, as `transit:` says how late carriers are. None: by the published date."""
    reason = Reason.TOO_LATE

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Compare days; an engine without promises lets everyone pass."""
        if situation.arrival_day is None:
            return np.ones(len(situation.columns), dtype=np.bool_)
        chance = () if self.chance is None else (self.chance,)
        in_time: NDArray[np.bool_] = situation.arrival_day(situation.wanted, *chance) <= self.days
        return in_time


class AllOf(Filter):
    """Sites that pass each of several filters: one condition among others of `any_of` or `none_of`."""

    keep: Literal["all_of"]
    of: tuple[AnyFilter, ...] = Field(min_length=1)
    reason = Reason.NO_CONDITION_MET

    def stands_still(self) -> bool:
        """Return whether all of them do."""
        return all(each.stands_still() for each in self.of)

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Take what passes all."""
        passes = np.ones(len(situation.columns), dtype=np.bool_)
        for each in self.of:
            passes &= each.passes(situation)
        return passes

    def why(self, situation: Situation, site: int) -> Reason:
        """Tell why of the first that it does not pass."""
        failed = next((each for each in self.of if not each.passes(situation)[site]), None)
        return self.reason if failed is None else failed.why(situation, site)


class AnyOf(Filter):
    """Sites that pass at least one of several filters."""

    keep: Literal["any_of"]
    of: tuple[AnyFilter, ...] = Field(min_length=1)
    reason = Reason.NO_CONDITION_MET

    def stands_still(self) -> bool:
        """Return whether all of them do."""
        return all(each.stands_still() for each in self.of)

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Take them together."""
        passes = np.zeros(len(situation.columns), dtype=np.bool_)
        for each in self.of:
            passes |= each.passes(situation)
        return passes


class NoneOf(Filter):
    """Sites that pass none of several filters."""

    keep: Literal["none_of"]
    of: tuple[AnyFilter, ...] = Field(min_length=1)
    reason = Reason.FORBIDDEN_CONDITION_MET

    def stands_still(self) -> bool:
        """Return whether all of them do."""
        return all(each.stands_still() for each in self.of)

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Take each away."""
        passes = np.ones(len(situation.columns), dtype=np.bool_)
        for each in self.of:
            passes &= ~each.passes(situation)
        return passes


AnyOfOurs = (
    MaxDistance
    | HasAttribute
    | CanHandle
    | SellsOn
    | Capacity
    | NotRefusedWithin
    | StockAtLeast
    | WeeksOfSupply
    | PromisedWithin
    | SureStock
    | AllOf
    | AnyOf
    | NoneOf
)
FILTERS = Kind(
    "fulfillsim.filters", "filter", "keep",
    tuple([get_args(each.model_fields["keep"].annotation)[0] for each in get_args(AnyOfOurs)]),
)  # fmt: skip
AnyFilter = Annotated[AnyOfOurs, Field(discriminator="keep"), FILTERS.read(), FILTERS.write()]
AllOf.model_rebuild()
AnyOf.model_rebuild()
NoneOf.model_rebuild()


def _same_as_destination(situation: Situation, name: str) -> NDArray[np.bool_]:
    there: Attribute = situation.destination.get(name)
    if there is None:
        return np.zeros(len(situation.columns), dtype=np.bool_)
    same: NDArray[np.bool_] = situation.columns.words(name) == as_word(there)
    return same
