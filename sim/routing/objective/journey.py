"""Penalties that follow from the way to the shopper: too late, days on the road, distance, and a border between."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.fields import Cents, Distance, Model, Share, Text
from sim.network.carrier import TIMINGS
from sim.routing.objective.penalty import Penalty
from sim.routing.rates import DistanceTier, TieredRate
from sim.routing.rules.columns import as_word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.objective.penalty import PenaltyInputs
    from sim.routing.offers.offers import Basket, Request


class LateBlock(Model):
    """What a parcel costs that comes after the minute its order is wanted by."""

    base: Cents = 0.0
    per_day: Cents = 0.0
    """For each day begun beyond that minute."""


class HoldingBlock(Model):
    """What goods lose while they are on the road, by the published days of transit."""

    per_unit_day: Cents = 0.0
    share_per_day: Share = 0.0
    """Of what the goods cost."""


class TierBlock(Model):
    """One price for distances from one to another, both included."""

    start: Distance
    end: Distance
    price: Cents

    @model_validator(mode="after")
    def _in_order(self) -> TierBlock:
        if self.end < self.start:
            raise ValueError(f"end {self.end:g} km - expected no nearer than start {self.start:g} km")
        return self


class RoadBlock(Model):
    """A price by distance that needs no rate table; the first tier that holds the distance counts."""

    tiers: Annotated[tuple[TierBlock, ...], Field(min_length=1)]
    beyond: Cents
    """Price of a distance that no tier holds, and of an unknown one."""


class DutyBlock(Model):
    """Share of the goods' price that falls due where site and shopper are on two sides of a border.

    An end of which nothing is known is on no side.
    """

    attribute: Text = "country"
    """Attribute of sites and places that tells the sides apart."""
    share: Share = 0.0
    to: dict[Text, Share] = Field(default_factory=dict)
    """The share by destination, where it is not `share`."""
    free_up_to: Cents = 0.0
    """Worth of a parcel up to which nothing falls due."""


class Late(Penalty):
    """Too late, by whole days: promises are days, as carriers make them."""

    name = "late"

    def __init__(self, block: LateBlock, made_with: PenaltyInputs) -> None:
        self._block, self._costs, self._promises = block, made_with.costs, made_with.promises

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64] | float:
        """Count the days from the last day in time."""
        if math.isinf(request.order.wanted_by):
            return 0.0
        timing = self._costs.rates(request, basket).timing.take(self._costs.zones(request.place))
        arrival = self._promises.arrival_of(request, timing)
        last_day = self._promises.last_day(request.place, request.order.wanted_by)
        days: NDArray[np.float64] = np.maximum(arrival - last_day, 0)
        late: NDArray[np.float64] = days * self._block.per_day
        late += np.where(days > 0, self._block.base, 0.0)
        return late


class Holding(Penalty):
    """Worth lost on the road."""

    name = "holding"

    def __init__(self, block: HoldingBlock, made_with: PenaltyInputs) -> None:
        self._costs = made_with.costs
        cost = [product.unit_cost_cents for product in made_with.network.products]
        self._a_day = [block.per_unit_day + block.share_per_day * each for each in cost]

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Multiply units, days, and worth lost a day."""
        timing = self._costs.rates(request, basket).timing.take(self._costs.zones(request.place))
        a_day = sum([quantity * self._a_day[sku] for sku, quantity in zip(request.skus, basket, strict=True)])
        lost: NDArray[np.float64] = (timing % TIMINGS).astype(np.float64)
        lost *= a_day
        return lost


class Road(Penalty):
    """A price by distance."""

    name = "road"

    def __init__(self, block: RoadBlock, made_with: PenaltyInputs) -> None:
        tiers = tuple([DistanceTier(tier.start, tier.end, tier.price) for tier in block.tiers])
        self._rate, self._distance_km = TieredRate(tiers, block.beyond), made_with.network.distance_km
        self._least = min(block.beyond, *[tier.price for tier in block.tiers])
        self._to: dict[int, NDArray[np.float64]] = {}

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Look the distances up, once for each place."""
        found = self._to.get(request.place)
        if found is None:
            km = [None if math.isnan(km) else km for km in self._distance_km[request.place].tolist()]
            found = self._to[request.place] = np.array([self._rate.price(each) for each in km])
        return found

    def least(self, request: Request, basket: Basket) -> float:
        """Return the lowest price."""
        return self._least

    def floor(self, request: Request) -> float:
        """Return the lowest price."""
        return self._least


class Duty(Penalty):
    """What falls due at a border."""

    name = "duty"

    def __init__(self, block: DutyBlock, made_with: PenaltyInputs) -> None:
        self._block, self._sides = block, made_with.columns.words(block.attribute)
        self._there = [as_word(place.attributes.get(block.attribute)) for place in made_with.network.places]
        self._price = [product.price_cents for product in made_with.network.products]
        self._to: dict[int, NDArray[np.float64]] = {}

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64] | float:
        """Take the share of what the goods are sold for."""
        worth = sum([quantity * self._price[sku] for sku, quantity in zip(request.skus, basket, strict=True)])
        return 0.0 if worth <= self._block.free_up_to else worth * self._shares(request.place)

    def _shares(self, place: int) -> NDArray[np.float64]:
        found = self._to.get(place)
        if found is None:
            there = self._there[place]
            abroad = (self._sides != "") & (self._sides != there) & (there != "")
            found = self._to[place] = np.where(abroad, self._block.to.get(there, self._block.share), 0.0)
        return found
