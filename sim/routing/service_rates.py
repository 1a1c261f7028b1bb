"""What the engine takes a carrier's service to cost where the network's rate table is not to count: the block `rates:`.

The days a service takes, when it works and where it goes stay as the network has them.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.errors import RoutingError, expected_one_of
from sim.fields import Cents, Model, PositiveNumber, Text
from sim.network.carrier import Service
from sim.routing.objective.parcels import PositiveMass
from sim.routing.plugged import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.network.network import Network

# A sum of decimals such as 0.1 must not go over a limit that it meets exactly.
DIGITS = 9


class RateBlock(Model):
    """Prices of one service, ours or of another package; never less for more weight or volume in the same packages."""

    rate: Text

    def step(self, weight_kg: float, volume_cm3: float) -> tuple[int, int]:
        """Return how many packages a parcel goes as, and a number that all parcels of one price have in common.

        Prices are kept by this number: there should be few of them.
        """
        raise NotImplementedError

    def cents(self, step: tuple[int, int], zones: int) -> Sequence[float]:
        """Return the price by zone of a parcel of that step, the nearest zone first; infinite where it may not go."""
        raise NotImplementedError


class WeightTier(Model):
    """One price up to a weight, included."""

    up_to: PositiveMass
    price: Cents


class WeightRate(RateBlock):
    """Tiers by weight, and what holds beyond them."""

    rate: Literal["by_weight"]
    tiers: Annotated[tuple[WeightTier, ...], Field(min_length=1)]
    per_kg_beyond: Cents | None = None
    """On top of the last price, for each kilogram begun beyond its weight. None: nothing heavier is taken."""
    zones: tuple[PositiveNumber, ...] = ()
    """Factor on the price by zone, the nearest first; the last holds for all beyond. Empty: one price everywhere."""

    @model_validator(mode="after")
    def _ascending(self) -> WeightRate:
        for low, high in pairwise(self.tiers):
            if not (low.up_to < high.up_to and low.price <= high.price):
                raise ValueError("tiers - expected each heavier than the one before, and no cheaper")
        return self

    def step(self, weight_kg: float, volume_cm3: float) -> tuple[int, int]:
        """Return the tier; beyond all of them one for each kilogram."""
        over = round(weight_kg - self.tiers[-1].up_to, DIGITS)
        if over > 0:
            return 1, len(self.tiers) - 1 + math.ceil(over)
        return 1, min(bisect_left([tier.up_to for tier in self.tiers], round(weight_kg, DIGITS)), len(self.tiers) - 1)

    def cents(self, step: tuple[int, int], zones: int) -> list[float]:
        """Look the tier up."""
        over = max(0, step[1] - len(self.tiers) + 1)
        if over and self.per_kg_beyond is None:
            return [math.inf] * zones
        price = self.tiers[step[1] - over].price + over * (self.per_kg_beyond or 0.0)
        factors = self.zones or (1.0,)
        return [price * factors[min(zone, len(factors) - 1)] for zone in range(zones)]


RATES = Kind("fulfillsim.rates", "rate", "rate", ("by_weight",))
AnyRate = Annotated[WeightRate, RATES.read(), RATES.write()]


@dataclass(frozen=True, slots=True, eq=False)
class Rated(Service):
    """A service at the prices of a block."""

    block: RateBlock = field(kw_only=True)
    zones: int = field(kw_only=True)

    def step(self, weight_kg: float, volume_cm3: float) -> tuple[int, int]:
        """Ask the block."""
        return self.block.step(weight_kg, volume_cm3)

    def cents(self, step: tuple[int, int]) -> NDArray[np.float64]:
        """Return the price by zone; entry 0 means "no lane" and is infinite, as is a zone where carriers do not go."""
        found = self._cache.get(step)
        if found is None:
            given = np.asarray(self.block.cents(step, self.zones), dtype=np.float64)
            if given.shape != (self.zones,) or not (given >= 0).all():
                raise RoutingError(
                    f"rates.{self.id}: {self.block.rate} returned {given.tolist()} - expected "
                    f"{self.zones} prices of at least 0, one a zone"
                )
            found = self._cache[step] = np.full(self.list_cents.shape[1] + 1, np.inf)
            found[1 : 1 + self.zones] = given
        return found


def with_rates(network: Network, rates: Mapping[str, RateBlock]) -> Network:
    """Return a network in which some services have other prices.

    Raises
    ------
    RoutingError
        If there is no such service.
    """
    known = {service.id: service for service in network.services}
    for name in rates:
        if name not in known:
            raise RoutingError(f"rates: {expected_one_of(name, known)}")
    zones = len(network.zone_edges_km) + 1

    def rated(service: Service) -> Service:
        block = rates.get(service.id)
        if block is None:
            return service
        published = {each.name: getattr(service, each.name) for each in fields(Service) if each.name != "_cache"}
        return Rated(**published, block=block, zones=zones)

    return replace(network, services=tuple([rated(service) for service in network.services])) if rates else network
