"""The network as one value that both towers share: sites, places, products, services, and the lanes between them.

Messages speak of sites, places, products and services by their index here; names are for files and wires.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.network.geo import great_circle_km, zones
from sim.network.site import TOLD_IF_ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.network.calendar import Clock
    from sim.network.carrier import Service
    from sim.network.lane import Lane
    from sim.network.roads import Roads
    from sim.network.site import Place, Product, Site


@dataclass(frozen=True)
class Network:
    """What everyone knows.

    Parameters
    ----------
    zone_edges_km
        Upper edge of every carrier zone but the last.
    packing_factor
        Outer volume of a parcel over the volume of the goods in it.
    days
        First and last day (from the scenario's start) on which calendars are laid out.
    lanes
        What lies in another zone than its distance says, made one after the other.
    roads
        Ways by road; None where nobody looked them up.
    _km
        Distances measured another way, see `distance_km`; None: by the great circle.
    """

    clock: Clock
    sites: tuple[Site, ...]
    places: tuple[Place, ...]
    products: tuple[Product, ...]
    services: tuple[Service, ...]
    zone_edges_km: tuple[float, ...]
    packing_factor: float
    days: tuple[int, int]
    lanes: tuple[Lane, ...] = field(default=(), metadata=TOLD_IF_ANY)
    roads: Roads | None = field(default=None, metadata=TOLD_IF_ANY)
    _km: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)

    @property
    def distance_km(self) -> NDArray[np.float64]:
        """Distance from each site to each place, shape (places, sites), km; NaN where it is not known."""
        return self.great_circle_km if self._km is None else self._km

    @cached_property
    def drive_min(self) -> NDArray[np.float64] | None:
        """Minutes by road, in the same form; None if nobody looked them up."""
        if self.roads is None or not self.roads.minutes:
            return None
        return self.roads.minutes_between(self.places, self.sites)

    @cached_property
    def great_circle_km(self) -> NDArray[np.float64]:
        """Great-circle distance in the same form: what carriers' zones follow."""
        return great_circle_km(
            np.array([place.lat for place in self.places]),
            np.array([place.lon for place in self.places]),
            np.array([site.lat for site in self.sites]),
            np.array([site.lon for site in self.sites]),
        )

    @cached_property
    def zone(self) -> NDArray[np.uint8]:
        """Carrier zone from each site to each place, shape (places, sites); 0 where the site does not deliver."""
        return self._zones(self.great_circle_km, self.places)

    def _zones(self, km: NDArray[np.float64], ends: Sequence[Site] | Sequence[Place]) -> NDArray[np.uint8]:
        zone = zones(km, self.zone_edges_km)
        for j, site in enumerate(self.sites):
            if site.reach_km is not None:
                zone[~(km[:, j] <= site.reach_km), j] = 0  # an unknown distance is out of reach
        for lane in self.lanes:
            meant = lane.mask(self.sites, ends) & (zone == lane.instead_of)
            if lane.within_km:
                meant &= km <= lane.within_km
            zone[meant] = lane.zone
        return zone

    @property
    def zone_count(self) -> int:
        """How many zones there are: those by distance, and those that lanes have for themselves."""
        return max([len(self.zone_edges_km) + 1, *(lane.zone for lane in self.lanes)])

    @cached_property
    def zone_lists(self) -> list[list[int]]:
        """The same as lists: for one pair at a time they are four times as fast as an array."""
        zone: list[list[int]] = self.zone.tolist()
        return zone

    @cached_property
    def km_between(self) -> NDArray[np.float64]:
        """Great-circle distance between sites, shape (sites, sites), km."""
        lat, lon = (np.array([getattr(site, name) for site in self.sites]) for name in ("lat", "lon"))
        return great_circle_km(lat, lon, lat, lon)

    @cached_property
    def zone_between(self) -> list[list[int]]:
        """Carrier zone to each site from each site; 0 where the site does not deliver."""
        found: list[list[int]] = self._zones(self.km_between, self.sites).tolist()
        return found

    @cached_property
    def weight_kg(self) -> list[float]:
        """Weight of each product, kg."""
        return [product.weight_kg for product in self.products]

    @cached_property
    def packed_cm3(self) -> list[float]:
        """Volume each unit of a product takes in a parcel, cubic centimetres."""
        return [product.volume_cm3 * self.packing_factor for product in self.products]
