"""What a plan tells the shopper: when the last of what he ordered leaves and arrives, and how much of it has a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.contract.messages import Plan


def told(plan: Plan) -> tuple[float, float, int, int, int]:
    """Return what a plan tells the shopper.

    Returns
    -------
    ship_at, deliver_at
        Of its last parcel, that of goods still to come included; 0 where nothing has a date.
    kept, dated, lost
        Units that are backordered, those of them that are promised for a date, and units nobody has.
    """
    ship_at = deliver_at = 0.0
    for parcel in plan.parcels:
        ship_at = max(ship_at, parcel.ship_at)
        deliver_at = max(deliver_at, parcel.deliver_at)
    for leg in plan.onward:
        ship_at = max(ship_at, leg.ship_at)
    kept = dated = lost = 0
    if plan.backordered:
        kept = sum([line.quantity for line in plan.backordered])
        for line, date in zip(plan.backordered, plan.backordered_dates, strict=False):  # no dates at all: empty
            if date is not None:
                dated += line.quantity
                ship_at = max(ship_at, date.ship_at)
                deliver_at = max(deliver_at, date.deliver_at)
    if plan.unfilled:
        lost = sum([line.quantity for line in plan.unfilled])
    return ship_at, deliver_at, kept, dated, lost
