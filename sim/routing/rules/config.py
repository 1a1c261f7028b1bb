"""The blocks of a routing file that make up a rule-based strategy."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from sim.fields import Cents, Count, Day, Model, PositiveCount, Text
from sim.routing.belief.doubt import Doubt
from sim.routing.belief.velocity import VelocityBlock
from sim.routing.capacity.usage import COUNTED
from sim.routing.rules.capacity import Capacity
from sim.routing.rules.filters import AllOf, AnyFilter, AnyOf, HasAttribute, NoneOf
from sim.routing.rules.ranks import AnyRank
from sim.routing.rules.when import When

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


class Step(Model):
    """One rule: whom to ask, in what order, for how much, and what outcome is allowed.

    Steps are tried from first to last, each on what is still open; a step whose outcome is not allowed gives nothing.
    """

    name: Text = ""
    when: When | None = None
    """Orders it is for; other orders pass it by. None: all."""
    filters: tuple[AnyFilter, ...] = ()
    rank: tuple[AnyRank, ...] = ()
    """Rules applied one after the other, each among the equals of those before."""
    weigh: tuple[AnyRank, ...] = ()
    """Rules applied together, each by its weight, instead of `rank`."""
    allocate: Literal["greedy", "one_site", "whole_lines", "fewest_sites", "least_cost"] = "greedy"
    oversell: bool = False
    """For `whole_lines`: what nobody has whole goes, beyond stock, to the first site that keeps the product."""
    max_sites: PositiveCount | None = None
    """Most sites an order may be split over."""
    max_sites_per_line: PositiveCount | None = None
    """Most sites one line may be split over, for `greedy`."""
    shipment_threshold: Cents | None = None
    """Least worth of every site's part, and of the remainder that nobody gives."""
    no_split_below: Cents | None = None
    """Orders worth less than this come from one site or from none."""

    @model_validator(mode="after")
    def _one_way_to_rank(self) -> Step:
        if self.rank and self.weigh:
            raise ValueError("rank and weigh - expected one of the two: rules one after the other, or together")
        if self.oversell and self.allocate != "whole_lines":
            raise ValueError(f"oversell with allocate: {self.allocate} - expected allocate: whole_lines")
        return self

    @cached_property
    def passes(self) -> tuple[int, ...]:
        """The turns of soft filters given up, pass by pass: none first, then one after the other."""
        return 0, *sorted({each.soft for each in self.filters if each.soft is not None})


class Effective(Model):
    """First and last day of a strategy."""

    first: Day | None = None
    last: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Effective:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"last {self.last} - expected no earlier than first {self.first}")
        return self

    def on(self, day: date) -> bool:
        """Return whether a day lies between the two, both included."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


class Rules(Model):
    """What a rule-based strategy does with one order."""

    steps: tuple[Step, ...] = Field(min_length=1)
    together: tuple[tuple[Text, ...], ...] = ()
    """Products that come from one site if an order has several of them: kits, matched sets."""
    unsplit_categories: tuple[Text, ...] = ()
    """Categories of which one line comes from one site."""
    backorder: bool = False
    """What is still open is promised from later supply by the first site, in the last step's order, that takes such
    orders."""
    when_incomplete: Literal["keep_part", "place_nothing", "refuse"] = "keep_part"
    """What to do if a part stays open: keep the part that was found, place nothing, or refuse the order by name."""
    max_rejects: Count | None = None
    """An order refused so often is given to people."""
    doubt: Doubt | None = None
    """How far stock counts are trusted; None: fully."""
    velocity: VelocityBlock | None = None
    """How sales are learnt where `weeks_of_supply` or `sales_velocity` look at them; None: by the usual memory."""
    queue: Text | None = None
    """Where what is left over goes."""
    destination_required: bool = False
    """Refuse an order that does not say where it goes: it names no place, or one without coordinates."""

    @model_validator(mode="after")
    def _velocity_is_looked_at(self) -> Rules:
        if self.velocity is not None and not self.looks_at_sales():
            raise ValueError("velocity - expected weeks_of_supply or sales_velocity among filters or rules")
        return self

    def looks_at_sales(self) -> bool:
        """Return whether anything depends on how fast sites sell."""
        ranks = [rank.by for step in self.steps for rank in (*step.rank, *step.weigh)]
        named = {*ranks, *(each.keep for each in self.all_filters())}
        return bool(named & {"weeks_of_supply", "sales_velocity"})

    def capacity_limits(self) -> list[Capacity]:
        """Return the limits that filters and rules look at."""
        filters = [each for each in self.all_filters() if isinstance(each, Capacity)]
        ranks = [rank.capacity for step in self.steps for rank in (*step.rank, *step.weigh)]
        return filters + [each for each in ranks if each is not None]

    def looks_at_counters(self) -> bool:
        """Return whether anything depends on what sites have taken on."""
        ranks = {rank.attribute for step in self.steps for rank in (*step.rank, *step.weigh)}
        named = ranks | {each.name for each in self.all_filters() if isinstance(each, HasAttribute)}
        return bool(self.capacity_limits() or named & COUNTED)

    def all_filters(self) -> Iterator[AnyFilter]:
        """Yield the filters of all steps and those within them."""
        found = [each for step in self.steps for each in step.filters]
        for each in found:
            yield each
            if isinstance(each, AllOf | AnyOf | NoneOf):
                found += each.of
