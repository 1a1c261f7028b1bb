"""How far a site is from a shopper: the block `distance:` of a routing file.

Ranks, limits and prices by distance, and explanations, all look at what is measured here. Carriers' zones do not: they
follow the great circle, as carriers publish them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field

from sim.errors import RoutingError
from sim.fields import Model, PositiveNumber, Text
from sim.routing.plugged import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network


class DistanceBlock(Model):
    """A way to measure, ours or of another package."""

    measure: Text

    def km(self, network: Network) -> NDArray[np.float64]:
        """Return the distance from each site to each place, shape (places, sites), km; NaN where it is not known."""
        raise NotImplementedError


class GreatCircle(DistanceBlock):
    """As the crow flies, or so many times as far."""

    measure: Literal["great_circle"]
    times: PositiveNumber = 1
    """What roads make of it: 1.2 to 1.4 in most countries."""

    def km(self, network: Network) -> NDArray[np.float64]:
        """Multiply."""
        km: NDArray[np.float64] = network.great_circle_km * self.times
        return km


class ByRoad(DistanceBlock):
    """By the network's table of ways by road."""

    measure: Literal["road"]
    else_times: PositiveNumber | None = None
    """For a pair that is not in the table: so many times the great circle. None: every pair that is delivered is."""

    def km(self, network: Network) -> NDArray[np.float64]:
        """Look the table up.

        Raises
        ------
        RoutingError
            If there is none, or if it lacks a pair for which nothing else is to be taken.
        """
        if network.roads is None:
            raise RoutingError("distance: road - the network has no table of ways by road (network.roads)")
        km = network.roads.km_between(network.places, network.sites)
        missing = np.isnan(km)
        if self.else_times is not None:
            return np.where(missing, network.great_circle_km * self.else_times, km)
        lacking = np.argwhere(missing & (network.zone > 0))
        if len(lacking):
            place, site = lacking[0].tolist()
            more = f" and {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
            pair = f"from {network.sites[site].id} to {network.places[place].id}"
            raise RoutingError(f"distance: road - no way {pair}{more} - expected all in network.roads, or else_times")
        return km


DISTANCES = Kind("fulfillsim.distances", "distance", "measure", ("great_circle", "road"))
AnyDistance = Annotated[GreatCircle | ByRoad, Field(discriminator="measure"), DISTANCES.read(), DISTANCES.write()]


def with_distances(network: Network, block: DistanceBlock | None) -> Network:
    """Return a network in which distances are measured so.

    Raises
    ------
    RoutingError
        If they cannot be, or are no distances.
    """
    if block is None:
        return network
    km, shape = np.asarray(block.km(network), dtype=np.float64), (len(network.places), len(network.sites))
    if km.shape != shape:
        raise RoutingError(f"distance: {block.measure} returned shape {km.shape} - expected {shape}, places by sites")
    if (km < 0).any():
        raise RoutingError(f"distance: {block.measure} returned {km.min():g} km - expected 0 or more, or NaN")
    return replace(network, _km=km)
