"""What a carrier is given: a parcel straight to a shopper, one from site to site, or several merged into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.chance.shopper import HOUR, LATENESS
from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.contract.messages import Line
    from sim.network.network import Network
    from sim.world.carriers.transport import Transport
    from sim.world.orders.open_order import OpenOrder
    from sim.world.sites.site import SiteAtWork

NEVER = float("inf")


class Way(NamedTuple):
    """From a site to where a parcel is brought.

    Parameters
    ----------
    lane
        The carrier's zone.
    time_zone, state
        Where it arrives.
    """

    lane: int
    time_zone: str
    state: str
    km: float


class Shipment(NamedTuple):
    """A packed parcel, and whose it is.

    Parameters
    ----------
    service, deliver_at
        As planned.
    luck
        Where its own begins in that of the order.
    contents
        The numbers of the parcels that are in it, and what is in them.
    between
        Whether it goes from site to site.
    leg
        Its number among the legs, if it was merged of several; else -1.
    """

    open_order: OpenOrder
    site: int
    service: int
    deliver_at: float
    way: Way
    weight: float
    volume: float
    luck: int
    contents: Sequence[tuple[int, tuple[Line, ...]]]
    between: bool = False
    leg: int = -1

    @property
    def lateness_and_hour(self) -> tuple[float, float]:
        """The luck of its days in transit, and of the hour at which it arrives."""
        luck, own = self.open_order.luck, self.luck
        return luck[own + LATENESS], luck[own + HOUR]


class Trip(NamedTuple):
    """How a shipment travels: infinite times where no pick-up comes any more.

    Parameters
    ----------
    missed_at
        When it is known that it was lost or spoilt on its way; None if it is neither.
    """

    service: int
    handed_at: float
    delivered_at: float
    label_cents: float
    missed_at: float | None = None


class Unwatched:
    """Carriers to whose parcels nothing happens but what is published, and now and then some days more."""

    def __init__(self, network: Network, sites: Sequence[SiteAtWork], transport: Transport) -> None:
        self._network = network
        self._sites = sites
        self._transport = transport

    def send(self, shipment: Shipment, ready_at: float) -> Trip:
        """Let the service that was planned take what is ready at a moment, at its next pick-up.

        Raises
        ------
        RoutingError
            If the service does not take such a parcel.
        """
        service, way, transport = shipment.service, shipment.way, self._transport
        label = transport.label_cents(service, way.lane, shipment.weight, shipment.volume)
        if label == NEVER:
            raise not_taken(shipment, self._network)
        collected = self._sites[shipment.site].hand_over(ready_at)
        if collected is None:
            return Trip(service, NEVER, NEVER, label)
        luck = shipment.lateness_and_hour
        return Trip(
            service, collected[0], transport.delivered_at(service, way.lane, way.time_zone, collected, *luck), label
        )


def not_taken(shipment: Shipment, network: Network) -> RoutingError:
    """Return the error of a plan that has a service carry what it does not take."""
    order, name = shipment.open_order.order.id, network.services[shipment.service].id
    return RoutingError(f"order {order}: service {name} does not take a parcel of {shipment.weight:g} kg")
