"""Prices of a shipment that need no carrier's rate table: tiers by distance, and a rate to fall back on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DistanceTier:
    """A price that holds for distances from `from_km` to `to_km`, both included."""

    from_km: float
    to_km: float
    price: float


@dataclass(frozen=True, slots=True)
class TieredRate:
    """A fixed price a shipment, by distance; the first tier that holds the distance counts.

    Parameters
    ----------
    default
        Price of a distance that no tier holds, such as one in a gap between two tiers; also of an unknown one.
    """

    tiers: tuple[DistanceTier, ...]
    default: float

    def price(self, distance_km: float | None) -> float:
        """Return the price of one shipment."""
        if distance_km is not None:
            for tier in self.tiers:
                if tier.from_km <= distance_km <= tier.to_km:
                    return tier.price
        return self.default


@dataclass(frozen=True, slots=True)
class FallbackRate:
    """What a shipment is taken to cost while the carrier does not answer: a base, and more above a weight."""

    base: float
    per_weight: float
    free_weight: float

    def price(self, weight: float) -> float:
        """Return the price of one shipment."""
        return self.base + self.per_weight * max(0.0, weight - self.free_weight)
