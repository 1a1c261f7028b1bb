"""Penalties that follow from who sends: commission and rent, priority, how busy a site is, how often it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from sim.fields import Between, Model, Text, written
from sim.routing.capacity.limit import CapacityLimit
from sim.routing.objective.penalty import CENTS_PER_USD, Penalty
from sim.units import cents, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.belief.doubt import Doubt
    from sim.routing.objective.penalty import PenaltyInputs
    from sim.routing.offers.offers import Basket, Request

PositiveCents = Annotated[float, Between(cents, "0 USD", "1000000 USD", above=True), written("4.95 USD")]
BelowAll = Annotated[float, Between(share, "0 %", "99 %"), written("50 %", "string", "number")]


class PriorityBlock(Model):
    """Ranks of sites as money: rank 1 costs nothing, each rank behind it a step more."""

    per_step: PositiveCents
    attribute: Text = "priority"


class BusyBlock(CapacityLimit):
    """A price that grows as a site comes near its limit, before anything shuts it out.

    It is 0 up to a share of the limit and grows evenly to `at_limit` where the parcel would reach the limit, and on
    beyond it. For an order that passes a full site it is 0.
    """

    start: BelowAll = 0.5
    """Share of the limit from which a site counts as busy."""
    at_limit: PositiveCents


class SiteCharge(Penalty):
    """What a site asks for each order it serves, in one of its attributes, USD; unknown is nothing."""

    def __init__(self, name: str, attribute: str, made_with: PenaltyInputs) -> None:
        self.name = name
        self._cents = np.nan_to_num(made_with.columns.number(attribute)) * CENTS_PER_USD
        self._least = float(self._cents.min())

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Look it up."""
        return self._cents

    def least(self, request: Request, basket: Basket) -> float:
        """Return the least of all; below 0 where a site pays to be given orders."""
        return self._least

    def floor(self, request: Request) -> float:
        """Return the least of all."""
        return self._least


class Priority(Penalty):
    """The rank of a site as money; one whose rank is unknown stands a step behind the last."""

    name = "priority"

    def __init__(self, block: PriorityBlock, made_with: PenaltyInputs) -> None:
        ranks = made_with.columns.number(block.attribute)
        behind = np.nanmax(ranks) + 1 if not np.isnan(ranks).all() else 1.0
        steps = np.maximum(np.where(np.isnan(ranks), behind, ranks) - 1, 0)
        self._cents: NDArray[np.float64] = steps * block.per_step

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Look it up."""
        return self._cents


class Busy(Penalty):
    """The price of coming near a limit."""

    name = "busy"

    def __init__(self, block: BusyBlock, made_with: PenaltyInputs) -> None:
        self._room = np.nan_to_num(block.most(made_with.columns), nan=np.inf)  # 0 takes nothing
        self._block, self._usage = block, made_with.counters.usage

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64] | float:
        """Price the share of the limit that would be used."""
        block, order = self._block, request.order
        if not block.holds_back(order.channel, order.priority):
            return 0.0
        lines = [(sku, n) for sku, n in zip(request.skus, basket, strict=True) if n]
        would_be = self._usage.taken(block, request.now) + self._usage.work(block, lines)
        with np.errstate(divide="ignore"):
            used = would_be / self._room
        over: NDArray[np.float64] = np.maximum(used - block.start, 0)
        return over * (block.at_limit / (1 - block.start))


class RefusalRisk(Penalty):
    """What a refusal costs times the probability of one, from the age of the news and the site's history."""

    name = "refusal"

    def __init__(self, doubt: Doubt, made_with: PenaltyInputs) -> None:
        self._doubt, self._counters = doubt, made_with.counters

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Ask the track record."""
        counters = self._counters
        sure = counters.record.certainty(self._doubt, request.now - counters.observed_at)
        return (1 - sure) * self._doubt.refusal_cost
