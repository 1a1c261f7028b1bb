"""What an order says of who may give what: products pinned to a site, and products that come from one site together.

Rules look at both themselves. To every other strategy a site has nothing of what is pinned elsewhere, and products that
come together are a kit that is wanted once.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import NotOfferedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.contract.messages import Line, Order
    from sim.routing.offers.offers import Request


def check_stated(order: Order) -> None:
    """Pass an order that does not contradict itself.

    Raises
    ------
    NotOfferedError
        If a product is pinned to two sites, to another than the one where it is collected, or stands in two groups or
        in a group and a kit.
    """
    pins = dict(order.pinned)
    if len(set(order.pinned)) > len(pins):
        raise NotOfferedError(f"order {order.id}: pinned: a product to two sites - expected one site a product")
    if order.collect_at >= 0 and set(pins.values()) - {order.collect_at}:
        raise NotOfferedError(f"order {order.id}: pinned to another site than it is collected at - expected that one")
    parts = [sku for group in order.groups for sku in set(group)]
    parts += {sku for kit in order.kits for sku, _ in kit} if parts else ()
    if len(set(parts)) < len(parts):
        raise NotOfferedError(f"order {order.id}: a product stands in two groups or kits - expected it in one")


def as_stated(request: Request) -> Request:
    """Return a request as a strategy may choose upon that looks at neither pins nor groups."""
    asked, order = copy(request), request.order
    pins = dict(order.pinned)
    asked.rows = [_only_at(row, pins.get(sku)) for sku, row in zip(request.skus, request.rows, strict=True)]
    if order.groups:
        asked.order = order._replace(kits=_together(order))
    return asked


def _only_at(row: NDArray[np.int32], site: int | None) -> NDArray[np.int32]:
    if site is None:
        return row
    only = np.minimum(row, 0)
    only[site] = row[site]
    return only


def _together(order: Order) -> tuple[tuple[Line, ...], ...]:
    """Return the kits of an order, and its groups as kits; a kit that has a product of a group is part of it."""
    kits = list(order.kits)
    for group in order.groups:
        members = set(group)
        touching = [kit for kit in kits if members & {sku for sku, _ in kit}]
        members = members.union(*[{sku for sku, _ in kit} for kit in touching])
        kits = [kit for kit in kits if kit not in touching]
        kits.append(tuple([line for line in order.lines if line[0] in members]))
    return tuple([kit for kit in kits if kit])
