"""What a shopper may be shown who asks where an order could be collected."""

from __future__ import annotations

from typing import NamedTuple

from sim.contract.messages import Line  # noqa: TC001  the wire reads annotations at run time


class PickupOption(NamedTuple):
    """A site where a shopper could collect an order placed now. Nothing is reserved, so it may not last.

    Parameters
    ----------
    distance_km
        From `Order.place`; None where nobody knows.
    ready_at
        The minute at which the last of it is ready there.
    on_shelf, brought, unfilled
        What is there, what other sites would send there, and what could not be had.
    price_cents
        Expected cost of all parcels.
    """

    site: int
    distance_km: float | None
    ready_at: float
    on_shelf: tuple[Line, ...]
    price_cents: float
    brought: tuple[Line, ...] = ()
    unfilled: tuple[Line, ...] = ()
