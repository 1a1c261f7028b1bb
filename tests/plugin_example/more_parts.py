"""A filter, a rank, a penalty, a rate and a distance as a package's own: each is one class, its fields the settings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from sim.fields import Cents, Number, PositiveNumber, Text
from sim.routing.distances import DistanceBlock
from sim.routing.objective.others import PenaltyBlock
from sim.routing.objective.penalty import Penalty
from sim.routing.rules.filter import Filter
from sim.routing.rules.ranks import Rank, RankBy
from sim.routing.service_rates import RateBlock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.objective.penalty import PenaltyInputs
    from sim.routing.offers.offers import Basket, Request
    from sim.routing.rules.situation import Situation


class SpelledLike(Filter):
    """Filter: sites whose id begins so."""

    keep: Literal["spelled_like"]
    start: Text

    def stands_still(self) -> bool:
        """Return True: names do not change."""
        return True

    def passes(self, situation: Situation) -> NDArray[np.bool_]:
        """Compare names."""
        return np.array([site.startswith(self.start) for site in situation.columns.ids], dtype=np.bool_)


def _letters(situation: Situation, rule: FewestLetters) -> NDArray[np.float64]:
    return np.array([max(0.0, len(site) - rule.free) for site in situation.columns.ids])


class FewestLetters(RankBy):
    """Rank: short names first."""

    theirs: ClassVar[Rank] = Rank(_letters, still=True)
    by: Literal["fewest_letters"]
    free: Number = 0
    """Letters that do not count."""


class CarbonBlock(PenaltyBlock):
    """Penalty: a price of the way times the weight."""

    penalty: Literal["carbon"]
    per_kg_1000_km: Cents

    def build(self, made_with: PenaltyInputs) -> Carbon:
        """Return it."""
        return Carbon(self, made_with)


class Carbon(Penalty):
    """The price of the way."""

    name = "carbon"

    def __init__(self, block: CarbonBlock, made_with: PenaltyInputs) -> None:
        self._weight_kg = made_with.network.weight_kg
        self._per_kg = np.nan_to_num(made_with.network.distance_km) / 1000 * block.per_kg_1000_km

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Weigh, and multiply with the price of the way from each site."""
        weight = sum([quantity * self._weight_kg[sku] for sku, quantity in zip(request.skus, basket, strict=True)])
        cents: NDArray[np.float64] = weight * self._per_kg[request.place]
        return cents


class PerKilogram(RateBlock):
    """Rate: so much for each kilogram begun, wherever it goes."""

    rate: Literal["per_kilogram"]
    per_kg: Cents

    def step(self, weight_kg: float, volume_cm3: float) -> tuple[int, int]:
        """Return one package, and the kilograms begun."""
        return 1, max(1, math.ceil(round(weight_kg, 9)))

    def cents(self, step: tuple[int, int], zones: int) -> list[float]:
        """Multiply."""
        return [step[1] * self.per_kg] * zones


class Manhattan(DistanceBlock):
    """Distance: along streets that run north and east."""

    measure: Literal["manhattan"]
    km_per_degree: PositiveNumber = 111

    def km(self, network: Network) -> NDArray[np.float64]:
        """Add what is gone each way; a degree east is shorter the farther north."""
        (lat, lon), (there_lat, there_lon) = (
            np.radians([[end.lat for end in ends], [end.lon for end in ends]])
            for ends in (network.places, network.sites)
        )
        east = (there_lon[None, :] - lon[:, None] + np.pi) % (2 * np.pi) - np.pi
        north = np.abs(there_lat[None, :] - lat[:, None])
        km: NDArray[np.float64] = np.degrees(north + np.abs(east) * np.cos(lat)[:, None]) * self.km_per_degree
        return km
