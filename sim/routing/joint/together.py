"""A joint decision as a pure function: what is asked, what there is, and what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.routing.joint.entry import Entry
from sim.routing.joint.standing import standing_of
from sim.routing.offers.lines import merged
from sim.routing.offers.offers import Request

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.contract.messages import Order, Plan, Revision
    from sim.routing.belief.pools import HeldNow
    from sim.routing.joint.assigned import Sent
    from sim.routing.joint.room import Room
    from sim.routing.joint.standing import Standing, Terms


class Batch(NamedTuple):
    """What is decided together.

    Parameters
    ----------
    orders
        Orders held, and lines kept.
    sent
        Parcels that may still be changed, oldest first.
    """

    orders: tuple[Order, ...]
    sent: tuple[Sent, ...] = ()

    @property
    def numbers(self) -> set[int]:
        """The numbers of all orders that it is about."""
        return {order.id for order in self.orders} | {one.order.id for one in self.sent}

    @property
    def some_order(self) -> Order:
        """One of the orders that it is about."""
        return self.orders[0] if self.orders else self.sent[0].order

    @property
    def skus(self) -> list[int]:
        """Every product that the decision can be about."""
        lines = [line for order in self.orders for line in order.lines]
        lines += [line for one in self.sent for line in one.parcel.lines]
        return sorted({sku for sku, _ in lines})


class Together(NamedTuple):
    """What was decided: a plan for each order, in their order, and what changes of what was sent."""

    plans: tuple[Plan, ...]
    revisions: tuple[Revision, ...] = ()


class Table(NamedTuple):
    """A batch laid out: who stands and who asks before which stock.

    Parameters
    ----------
    entries
        Those of what stands first, then those of the orders.
    stock
        Units that may be taken, what stands included, shape (products, sites).
    """

    standing: list[Standing]
    entries: list[Entry]
    stock: NDArray[np.int32]


def lay_out(
    batch: Batch,
    available: NDArray[np.int32],
    held_from: HeldNow,
    terms: Terms,
    now: float,
    room: Room,
) -> Table:
    """Return a batch as entries.

    Parameters
    ----------
    available
        Units that may be promised, shape (products, sites).
    held_from
        Units that are held back from a channel, each of shape (products, sites).
    room
        Which sites are full.
    """
    standing = standing_of(batch.sent)
    stock = available.copy()
    for one in batch.sent:
        for sku, quantity in one.parcel.lines:
            stock[sku, one.parcel.site] += quantity
    entries = [
        one.entry(stock, now, terms, held_from.get(one.order.channel), room.shut(one.order, True)) for one in standing
    ]
    for order in batch.orders:
        request, held = Request(merged(order), stock, now), held_from.get(order.channel)
        shut = room.shut(request.order, False)
        entries.append(Entry(request, terms.objective, terms.max_parcels, terms.unserved_cents, held=held, shut=shut))
    return Table(standing, entries, stock)
