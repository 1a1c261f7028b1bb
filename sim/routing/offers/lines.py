"""Small arithmetic on the lines of orders and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Line, Quote
from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Plan
    from sim.routing.rules.decide import Answer


def lines_of(skus: Sequence[int], units: Sequence[int]) -> tuple[Line, ...]:
    """Return the lines of some quantities, those of nothing left out."""
    return tuple([Line(sku, n) for sku, n in zip(skus, units, strict=True) if n])


def have_all(rows: Iterable[NDArray[np.integer]], wanted: Iterable[int]) -> NDArray[np.bool_]:
    """Return the sites that have as much as is wanted of each of some rows, shape (sites,); at least one row."""
    able: NDArray[np.bool_] | None = None
    for row, units in zip(rows, wanted, strict=True):
        enough = row >= units
        able = enough if able is None else np.logical_and(able, enough, able)
    assert able is not None  # an order asks for something
    return able


def merged(order: Order) -> Order:
    """Return an order with one line a product: two lines of the same product ask for the same shelf."""
    if len(order.lines) == 1 or len({sku for sku, _ in order.lines}) == len(order.lines):
        return order
    wanted: dict[int, int] = {}
    for sku, quantity in order.lines:
        wanted[sku] = wanted.get(sku, 0) + quantity
    return order._replace(lines=tuple([Line(sku, quantity) for sku, quantity in wanted.items()]))


def as_answered(plan: Plan, answer: Answer, skus: Sequence[int]) -> Plan:
    """Return a plan of what sites give now, with all else that rules answered."""
    if answer.reason is Reason.WHOLE and answer.gives and not answer.later:
        return plan  # of one parcel with everything: nothing else is to tell
    later = [
        (site, Line(sku, units))
        for site, basket in answer.later.items()
        for sku, units in zip(skus, basket, strict=True)
        if units
    ]
    return plan._replace(
        backordered=tuple([line for _, line in later]),
        backordered_at=tuple([site for site, _ in later]),
        unfilled=lines_of(skus, answer.unfilled),
        reason=answer.reason.value,
        queue=answer.queue or "",
        short=answer.short,
    )


def cents_of(plan: Plan) -> float:
    """Return the expected cost of a plan."""
    return sum([sum(parcel.cents) for parcel in plan.parcels]) + sum([sum(leg.cents) for leg in plan.onward])


def all_kept(plan: Plan) -> Plan:
    """Return a plan that keeps what it had given up; such lines wait for any site, unless a site was named."""
    at = plan.backordered_at or (-1,) * len(plan.backordered)
    anywhere = at + (-1,) * len(plan.unfilled) if plan.backordered else ()
    dates = plan.backordered_dates + (None,) * len(plan.unfilled) if plan.backordered_dates else ()
    kept = plan.backordered + plan.unfilled
    return plan._replace(backordered=kept, backordered_at=anywhere, backordered_dates=dates, unfilled=(), queue="")


def all_given_up(plan: Plan) -> Plan:
    """Return a plan that gives up what it had kept."""
    unfilled = plan.backordered + plan.unfilled
    return plan._replace(backordered=(), backordered_at=(), backordered_dates=(), unfilled=unfilled)


def quoted(plan: Plan) -> Quote:
    """Return dates and price of a plan."""
    dates = plan.backordered_dates or (None,) * len(plan.backordered)
    undated = tuple([line for line, date in zip(plan.backordered, dates, strict=True) if date is None])
    later = [date for date in dates if date is not None]
    shipped = [leg.ship_at for leg in plan.onward] or [parcel.ship_at for parcel in plan.parcels]
    shipped += [date.ship_at for date in later]
    delivered = [parcel.deliver_at for parcel in plan.parcels] + [date.deliver_at for date in later]
    never = float("inf")
    price = cents_of(plan)
    return Quote(max(shipped, default=never), max(delivered, default=never), price, undated + plan.unfilled)
