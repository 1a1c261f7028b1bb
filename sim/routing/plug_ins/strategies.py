"""What a plugged-in strategy is made of, and what it may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from sim.routing.strategies.least_score import LeastScore

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.offers.offers import Basket, Objective, Request, Share
    from sim.routing.strategies.config import Choice
    from sim.routing.strategies.strategy import Strategy


class Costs(Protocol):
    """What parcels cost, in cents."""

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return what one parcel with a basket costs from each site, shape (sites,); infinite where it cannot be."""
        ...

    def floor(self, place: int) -> float:
        """Return a price below which no parcel to `place` can be had."""
        ...

    def bound(self, request: Request, basket: Basket) -> float:
        """Return a price below which no parcel with a basket can be had from anywhere."""
        ...


class Dates(Protocol):
    """What can be promised, in minutes and days since the network's start."""

    def ship_at(self, now: float) -> NDArray[np.float64]:
        """Return the minute at which each site can hand over an order placed now, shape (sites,)."""
        ...

    def earliest_day(self, now: float) -> int:
        """Return a day before which no order placed now can be delivered from anywhere."""
        ...


class Surroundings(NamedTuple):
    """What a strategy is built from: to look at, not to change.

    Parameters
    ----------
    may_serve
        Sites that may serve, shape (sites,): the routing file's `only`.
    max_parcels
        Most sites an order may be split over.
    """

    network: Network
    costs: Costs
    promises: Dates
    may_serve: NDArray[np.bool_]
    max_parcels: int


@runtime_checkable
class _Chooses(Protocol):
    def choose(self, request: Request) -> list[Share]: ...


@dataclass(frozen=True, slots=True)
class PlugIn:
    """What an entry point leads to.

    Parameters
    ----------
    config
        A subclass of `Choice` with a field ``choose: Literal["<the entry point's name>"]`` and settings of its own.
    build
        Makes of such settings a `Strategy`, which must be a pure function of the request, or an `Objective`, which
        the engine then minimises over all splits, exactly.
    """

    config: type[Choice]
    build: Callable[[Any, Surroundings], Strategy | Objective]

    def strategy(self, chosen: Choice, surroundings: Surroundings) -> Strategy:
        """Return the strategy that some settings describe."""
        built = self.build(chosen, surroundings)
        return built if isinstance(built, _Chooses) else LeastScore(built, surroundings.max_parcels)
