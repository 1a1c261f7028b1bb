"""Sites to which goods are brought, as places to send to: every rule and price knows them at once.

A parcel that goes to a shop to be collected, or to a warehouse to be merged with others, is sent like any other. So the
engine's own network has such sites among its places, after those where shoppers live. By the carriers they lie in the
zone of their distance; the retailer's own trucks go there from everywhere, in a zone of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sim.network.calendar import Hours
from sim.network.carrier import Service
from sim.network.network import Network
from sim.network.site import Place

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from sim.network.site import Site

EVERY_DAY = Hours(((time(0), time.max),) * 7)


@dataclass(frozen=True)
class WithArrivals(Network):
    """A network in which some sites are places too.

    Parameters
    ----------
    homes
        How many places come before them.
    by_truck
        How many of them, counted from the first, are reached by truck and not by carrier.
    """

    homes: int = 0
    by_truck: int = 0

    @cached_property
    def zone(self) -> NDArray[np.uint8]:
        """Carrier zone from each site to each place; that of the trucks is the last."""
        zone = super().zone
        zone[self.homes : self.homes + self.by_truck] = self.zone_count + 1
        return zone


def with_arrivals(
    network: Network, trucked: Collection[int], carried: Collection[int], truck_cents: float, truck_days: int
) -> tuple[WithArrivals, dict[int, int]]:
    """Return a network with sites as places, and the place that each of these sites is.

    Parameters
    ----------
    trucked, carried
        Sites that goods reach by truck, or by carrier.
    truck_cents, truck_days
        What a parcel by truck costs, and the days after its hand-over until it is there.
    """
    arriving = [*trucked, *(site for site in carried if site not in trucked)]
    homes = len(network.places)
    services = network.services
    if trucked:
        services = (*map(_not_by_truck, services), _truck(network.zone_count + 1, truck_cents, truck_days))
    values = {field.name: getattr(network, field.name) for field in fields(Network)}
    values |= {"places": (*network.places, *(_place(network.sites[j]) for j in arriving)), "services": services}
    places = {site: homes + k for k, site in enumerate(arriving)}
    return WithArrivals(**values, homes=homes, by_truck=len(trucked)), places


def _place(site: Site) -> Place:
    return Place(site.id, site.name, site.state, site.lat, site.lon, site.time_zone, 0, site.attributes)


def _not_by_truck(service: Service) -> Service:
    """Return a carrier's service that does not go where trucks go."""
    nowhere = np.full((len(service.max_lb), 1), np.inf)
    days = (*service.business_days, max(service.business_days))
    surcharges = (*service.zone_surcharge_cents, 0.0) if service.zone_surcharge_cents else ()
    prices = np.hstack([service.list_cents, nowhere])
    return replace(service, list_cents=prices, business_days=days, zone_surcharge_cents=surcharges, _cache={})


def _truck(zones: int, cents: float, days: int) -> Service:
    """Return the trucks as a service: of one price, whatever the weight, in the last zone only."""
    prices = np.full((1, zones), np.inf)
    prices[0, -1] = cents
    return Service("", (np.inf,), prices, 0.0, 0.0, 0.0, 1.0, np.inf, (days,) * zones, EVERY_DAY, True)
