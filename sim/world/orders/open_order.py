"""What the host remembers of an order until its last unit is handed over or cancelled."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from sim.contract.messages import Line, Order
from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.chance.tape import Shopper
    from sim.world.orders.pick_up import Counter


def order_of(shopper: Shopper, lines: tuple[Line, ...], channel: str, collect_at: int, cart: str = "") -> Order:
    """Return what a shopper orders, to be collected at a site or, if that is -1, sent."""
    return Order(
        shopper.id, shopper.at, shopper.place, lines, channel=channel, collect_at=collect_at, cart=cart,
        hold_until=shopper.hold_until, deliver_from=shopper.deliver_from,
    )  # fmt: skip


class OpenOrder:
    """An order on its way.

    Attributes
    ----------
    luck
        The shopper's own, parcel by parcel.
    open_units
        Neither picked nor cancelled yet.
    attempts
        Times a part of it has come back from a site.
    parcels
        Sent so far.
    sites
        Those in whose queues a part of it has stood.
    refused_by
        Sites that have refused a part of it.
    kept
        Lines the router said it would try again.
    called_off
        Whether the shopper has cancelled what can be.
    in_office
        Whether it waits to be given to the router.
    released_at
        The minute before which no site hears of it.
    counter
        What waits for its shopper where he collects it; None if it is sent.
    under_way
        Merges of its parcels that are not over.
    waiting_changes
        What its shopper wants as soon as it is decided upon.
    promised_anew
        Whether the date of the next plan takes the place of what he was told first.
    sent
        Units by product, where somebody counts them.
    """

    __slots__ = (
        "attempts", "called_off", "counter", "in_office", "kept", "luck", "open_units", "order", "parcels",
        "promised_anew", "refused_by", "released_at", "sent", "sites", "under_way", "waiting_changes",
    )  # fmt: skip

    def __init__(self, order: Order, luck: list[float], units: int) -> None:
        self.order = order
        self.luck = luck
        self.open_units = units
        self.attempts = 0
        self.parcels = self.under_way = 0
        self.refused_by: tuple[int, ...] = ()
        self.sites: tuple[int, ...] = ()
        self.kept: tuple[Line, ...] = ()
        self.called_off = self.in_office = self.promised_anew = False
        self.released_at = 0.0
        self.counter: Counter | None = None
        self.waiting_changes: tuple[Callable[[OpenOrder], None], ...] = ()
        self.sent: dict[int, int] | None = None

    def take_kept(self, lines: tuple[Line, ...]) -> Order:
        """Take lines out of what the router keeps, because it has decided about them; return them as an order.

        Raises
        ------
        RoutingError
            If it does not keep that much.
        """
        left = collections.Counter[int]()
        for sku, quantity in self.kept:
            left[sku] += quantity
        for sku, quantity in lines:
            left[sku] -= quantity
            if left[sku] < 0:
                raise RoutingError(f"order {self.order.id}: the router decides about more units than it has kept")
        self.kept = tuple([Line(sku, quantity) for sku, quantity in left.items() if quantity])
        return self.order._replace(lines=lines)


def in_all(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines with one line a product."""
    units = collections.Counter[int]()
    for sku, quantity in lines:
        units[sku] += quantity
    return tuple([Line(sku, quantity) for sku, quantity in units.items()])
