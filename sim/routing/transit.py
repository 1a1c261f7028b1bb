"""How late carriers are, as the engine knows it: stated by service in the routing file, never the world's truth.

A parcel takes the published transit and, with some probability, a few of the carrier's working days more:

    P(at most k days late) = 1 - share + share x P(extra days <= k)

The quantile q of its delivery is the published date put off by the least k for which that is at least q.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field, model_validator

from sim import units
from sim.errors import RoutingError, expected_one_of
from sim.fields import Between, Model, Name, Share, Shares, written
from sim.network.carrier import TIMINGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network

Chance = Annotated[float, Between(units.share, "0 %", "99.9 %", above=True), written("95 %", "string", "number")]
# Shares are sums of decimals: what misses a quantile by less than this reaches it.
ROUNDING = 1e-9


class LateBlock(Model):
    """How late one service is."""

    share: Share
    extra_days: Shares
    """Of the late parcels, the share that is 1, 2, ... working days late."""

    def extra(self, chance: float) -> int:
        """Return the working days that a parcel is put off by at most, with this probability."""
        if 1 - self.share >= chance - ROUNDING:
            return 0
        reached = 1 - self.share
        for days in sorted(self.extra_days):
            reached += self.share * self.extra_days[days]
            if reached >= chance - ROUNDING:
                return days
        return max(self.extra_days)


class TransitBlock(Model):
    """What is known of the carriers beyond the days they publish."""

    quantiles: tuple[Chance, ...] = Field(min_length=1)
    """Probabilities, ascending, for which each parcel tells by when it is delivered."""
    late: dict[Name, LateBlock]
    """By service; one that is not named is never late."""

    @model_validator(mode="after")
    def _ascending(self) -> TransitBlock:
        if any(b <= a for a, b in zip(self.quantiles, self.quantiles[1:], strict=False)):
            raise ValueError(f"quantiles: {', '.join(f'{q:.6g}' for q in self.quantiles)} - expected ascending ones")
        return self


class Lateness:
    """How late the services of a network are.

    Raises
    ------
    RoutingError
        If a service has no such name, or could take more days than promises can count.
    """

    def __init__(self, block: TransitBlock, network: Network) -> None:
        names = [service.id for service in network.services]
        for name in block.late:
            if name not in names:
                raise RoutingError(f"transit.late: {expected_one_of(name, names)}")
        self._late = [block.late.get(name) for name in names]
        self.longest = 0
        for service, late in zip(network.services, self._late, strict=True):
            longest = max(service.business_days) + (0 if late is None else max(late.extra_days))
            if longest >= TIMINGS:
                found = f"{longest} working days with those published"
                raise RoutingError(f"transit.late.{service.id}: {found} - expected at most {TIMINGS - 1}")
            self.longest = max(self.longest, longest)
        self.at_quantiles = [tuple([self._extra(late, q) for q in block.quantiles]) for late in self._late]
        self._by_chance: dict[float, NDArray[np.int64]] = {}

    def by_service(self, chance: float) -> NDArray[np.int64]:
        """Return the working days that each service is late by at most, with this probability, shape (services,)."""
        found = self._by_chance.get(chance)
        if found is None:
            found = self._by_chance[chance] = np.array([self._extra(late, chance) for late in self._late])
        return found

    @staticmethod
    def _extra(late: LateBlock | None, chance: float) -> int:
        return 0 if late is None else late.extra(chance)
