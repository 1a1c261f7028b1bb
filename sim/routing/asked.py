"""What every engine looks at first: whether an order asks for what there is, at a place and on dates that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.messages import Hold
from sim.errors import NotOfferedError
from sim.routing.promise import ANY_TIME

if TYPE_CHECKING:
    from sim.contract.messages import Order
    from sim.network.network import Network


def hold_of(order: Order, now: float) -> Hold | None:
    """Return the hold of an order that is not to be decided yet; None if it may be."""
    return Hold(order.hold_until) if now < order.hold_until else None


def check_asked(order: Order, network: Network) -> None:
    """Pass an order that asks for units of known products, and goes to a place of the network.

    Raises
    ------
    NotOfferedError
        If it asks for anything else, or for nothing.
    """
    products = len(network.products)
    if not 0 <= order.place < len(network.places):
        expected = f"expected one of 0 to {len(network.places) - 1}"
        raise NotOfferedError(f"order {order.id}: goes to place {order.place} - {expected}")
    if order.deliver_from != ANY_TIME:
        check_dates(order)
    for sku, quantity in order.lines:
        if not (quantity > 0 and 0 <= sku < products):
            expected = f"expected at least 1, of one of 0 to {products - 1}"
            raise NotOfferedError(f"order {order.id}: {quantity} units of product {sku} - {expected}")
    if not order.lines:
        raise NotOfferedError(f"order {order.id}: no lines - expected at least one")


def check_dates(order: Order) -> None:
    """Pass an order whose dates can be kept together with all else that it asks for.

    Raises
    ------
    NotOfferedError
        If it is wanted before it may be delivered; or if it is collected or merged, where nobody waits with a parcel
        for a day.
    """
    if order.deliver_from == ANY_TIME:
        return
    if order.wanted_by < order.deliver_from:
        found = f"wanted_by {order.wanted_by:g} is before deliver_from {order.deliver_from:g}"
        raise NotOfferedError(f"order {order.id}: {found} - expected it not to be")
    if order.collect_at >= 0 or order.deliver_together:
        found = "deliver_from with collect_at or deliver_together"
        raise NotOfferedError(f"order {order.id}: {found} - expected hold_until, which every order can have")
