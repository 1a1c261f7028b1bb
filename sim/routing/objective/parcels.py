"""Penalties that follow from what is in a parcel: one more of them, cartons, weight, and minutes of work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import model_validator

from sim.fields import Between, Cents, Minutes, Model, PositiveVolume, Text, written
from sim.routing.objective.penalty import CENTS_PER_USD, Penalty
from sim.routing.rates import FallbackRate
from sim.units import kilograms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.objective.penalty import PenaltyInputs
    from sim.routing.offers.offers import Basket, Request

Mass = Annotated[float, Between(kilograms, "0 kg", "100000 kg"), written("20 kg")]
PositiveMass = Annotated[float, Between(kilograms, "0 kg", "100000 kg", above=True), written("20 kg")]

# A sum of decimals such as 0.1 must not go over a limit that it meets exactly.
DIGITS = 9


class CartonBlock(Model):
    """Handling by the carton: as many as volume or weight ask for, whichever are more."""

    each: Cents
    holds: PositiveVolume | None = None
    """Outer volume that goes into one."""
    most: PositiveMass | None = None
    """Weight that goes into one."""

    @model_validator(mode="after")
    def _limited(self) -> CartonBlock:
        if self.holds is None and self.most is None:
            raise ValueError("cartons - expected holds, most or both: how much goes into one")
        return self


class WeightBlock(Model):
    """A price by weight that needs no rate table: a base, and more above a weight that goes free."""

    base: Cents = 0.0
    per_kg: Cents = 0.0
    free: Mass = 0.0


class LabourBlock(Model):
    """Work by the minute, where amounts a line or a unit are not what is paid."""

    per_hour: Cents
    """Wage at a site that has none of its own."""
    wage: Text | None = None
    """Attribute of a site that holds its own, USD an hour."""
    parcel: Minutes = 0.0
    line: Minutes = 0.0
    unit: Minutes = 0.0


class Split(Penalty):
    """An amount for each parcel but the first.

    The search counts it for every parcel alike: one more of it changes nothing between two ways to serve an order.
    """

    name = "split"

    def __init__(self, cents: float, made_with: PenaltyInputs) -> None:
        self.cents = cents

    def by_site(self, request: Request, basket: Basket) -> float:
        """Return the amount."""
        return self.cents

    def least(self, request: Request, basket: Basket) -> float:
        """Return the amount."""
        return self.cents

    def floor(self, request: Request) -> float:
        """Return the amount."""
        return self.cents


class Cartons(Penalty):
    """Handling by the carton."""

    name = "cartons"

    def __init__(self, block: CartonBlock, made_with: PenaltyInputs) -> None:
        self._block, self._network = block, made_with.network

    def by_site(self, request: Request, basket: Basket) -> float:
        """Count cartons."""
        weight, volume = load(self._network, request, basket)
        block = self._block
        by_volume = 0.0 if block.holds is None else volume / block.holds
        by_weight = 0.0 if block.most is None else weight / block.most
        return block.each * max(1, math.ceil(round(max(by_volume, by_weight), DIGITS)))

    def least(self, request: Request, basket: Basket) -> float:
        """Return the same: all sites are alike."""
        return self.by_site(request, basket)

    def floor(self, request: Request) -> float:
        """Return the price of one."""
        return self._block.each


class ByWeight(Penalty):
    """A price by weight."""

    name = "weight"

    def __init__(self, block: WeightBlock, made_with: PenaltyInputs) -> None:
        self._rate, self._network = FallbackRate(block.base, block.per_kg, block.free), made_with.network

    def by_site(self, request: Request, basket: Basket) -> float:
        """Weigh."""
        return self._rate.price(load(self._network, request, basket)[0])

    def least(self, request: Request, basket: Basket) -> float:
        """Return the same: all sites are alike."""
        return self.by_site(request, basket)

    def floor(self, request: Request) -> float:
        """Return the base."""
        return self._rate.base


class Labour(Penalty):
    """Wage times minutes."""

    name = "labour"

    def __init__(self, block: LabourBlock, made_with: PenaltyInputs) -> None:
        per_hour = np.full(len(made_with.network.sites), block.per_hour)
        if block.wage is not None:
            own = made_with.columns.number(block.wage) * CENTS_PER_USD
            per_hour = np.where(np.isnan(own), per_hour, np.maximum(own, 0))
        self._per_minute: NDArray[np.float64] = per_hour / 60
        self._least = float(self._per_minute.min())
        self._block = block

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Pay for the minutes."""
        return self._per_minute * self._minutes(len(basket) - basket.count(0), sum(basket))

    def least(self, request: Request, basket: Basket) -> float:
        """Return the same at the lowest wage."""
        return self._least * self._minutes(len(basket) - basket.count(0), sum(basket))

    def floor(self, request: Request) -> float:
        """Return what one unit takes at the lowest wage."""
        return self._least * self._minutes(1, 1)

    def _minutes(self, lines: int, units: int) -> float:
        return self._block.parcel + lines * self._block.line + units * self._block.unit


def load(network: Network, request: Request, basket: Basket) -> tuple[float, float]:
    """Return the weight, kg, and the outer volume, cubic centimetres, of what is in a basket."""
    weight = volume = 0.0
    for sku, quantity in zip(request.skus, basket, strict=True):
        weight += quantity * network.weight_kg[sku]
        volume += quantity * network.packed_cm3[sku]
    return weight, volume
