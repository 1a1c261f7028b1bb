"""What a way to fulfil an order needs of the engine: the usual choice, and the prices and dates of parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.contract.messages import Line, Parcel, Plan
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Request, Share
    from sim.routing.promise import Promises


class Means(NamedTuple):
    """What the engine lends.

    Parameters
    ----------
    choose
        Returns the strategy's plan for a request.
    parcel
        Returns what one site gives as a parcel with dates and prices.
    opens_at
        Returns the minute from which a site takes orders, given the time; infinite if nobody knows when.
    """

    choose: Callable[[Request], Plan]
    parcel: Callable[[Request, Share, tuple[Line, ...]], Parcel]
    costs: ParcelCosts
    promises: Promises
    opens_at: Callable[[int, float], float]
