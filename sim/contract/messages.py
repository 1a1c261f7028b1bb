"""What passes between a routing engine and its host: orders and plans one way, news the other.

Sites, places, products and services are indices into the shared `Network`. Every message is immutable. Messages of
the hot loop are NamedTuples, which cost a third of a frozen dataclass to build.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Line(NamedTuple):
    """Units of one product."""

    sku: int
    quantity: int


class Order(NamedTuple):
    """What a shopper wants, or what is left of it when it comes back.

    Parameters
    ----------
    id
        The host's number for the order; stays the same when the order comes back.
    placed_at
        Minute at which the shopper ordered.
    place
        Where it goes.
    lines
        One line a product.
    refused_by
        Sites that have refused any part of this order: they are not asked again.
    channel
        Where it was placed, e.g. ``web`` or ``marketplace``; empty if nobody asks.
    preferred
        The site it would like to be served from; -1 means none.
    pinned
        Pairs of a product and the only site it may come from.
    groups
        Products that must come from one site together.
    wanted_by
        Minute after which a delivery is late; infinite where nobody waits.
    """

    id: int
    placed_at: float
    place: int
    lines: tuple[Line, ...]
    refused_by: tuple[int, ...] = ()
    channel: str = ""
    preferred: int = -1
    pinned: tuple[tuple[int, int], ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    wanted_by: float = math.inf


class Parcel(NamedTuple):
    """One site's share of a plan.

    Parameters
    ----------
    ship_at, deliver_at
        Promised minutes of hand-over to the carrier and of delivery.
    cents
        Expected cost by part, in the order of `COST_PARTS`.
    penalties
        What steered the choice besides money, by name, cents: told and never booked; a credit is negative.
    """

    site: int
    lines: tuple[Line, ...]
    service: int
    ship_at: float
    deliver_at: float
    cents: tuple[float, ...]
    penalties: tuple[tuple[str, float], ...] = ()


COST_PARTS = ("picking", "packing", "packaging", "label", "fees")


class Plan(NamedTuple):
    """The engine's answer. Per product, parcels + backordered + unfilled = what was asked.

    Parameters
    ----------
    backordered
        Lines that the engine keeps and will try again (see `Router.tick`).
    unfilled
        Lines it gives up.
    reason
        One word for how the plan came about.
    backordered_at
        The site whose later supply each backordered line waits for, line by line; -1 means any. Empty: all are -1.
    queue
        Where people find what is unfilled; empty if nowhere.
    short
        Products of which there was not enough, if the order was refused for it.
    limited
        Whether the search was cut short by a limit of wall-clock time: the best found by then, not repeatable.
    """

    parcels: tuple[Parcel, ...]
    backordered: tuple[Line, ...] = ()
    unfilled: tuple[Line, ...] = ()
    reason: str = ""
    backordered_at: tuple[int, ...] = ()
    queue: str = ""
    short: tuple[int, ...] = ()
    limited: bool = False


class Hold(NamedTuple):
    """The engine will decide later, together with other orders: the host gets a `Decision` from `Router.tick`.

    Parameters
    ----------
    until
        The latest minute at which that will be, if `tick` is called when due.
    """

    until: float


class Decision(NamedTuple):
    """A plan made when the engine was given its turn, for an order it had held or lines it had kept.

    Parameters
    ----------
    order
        What was decided upon, exactly as it was held or backordered.
    """

    order: Order
    plan: Plan


class Revision(NamedTuple):
    """Another plan for parcels whose pick has not begun. The host carries it out whole, or refuses it whole.

    Parameters
    ----------
    withdrawn
        Parcels as the engine sent them; equal parcels of an order are alike, whichever is meant.
    plan
        What replaces them: the same units in all.
    """

    order: int
    withdrawn: tuple[Parcel, ...]
    plan: Plan


class Quote(NamedTuple):
    """What an order placed now would be promised. Nothing is reserved, so it may not last.

    Parameters
    ----------
    ship_at, deliver_at
        Promised minutes of the last parcel.
    price_cents
        Expected cost of all parcels.
    unfilled
        Lines that could not be served now.
    """

    ship_at: float
    deliver_at: float
    price_cents: float
    unfilled: tuple[Line, ...] = ()


class StockNews(NamedTuple):
    """What the systems of some sites say of their stock, as of a moment.

    Parameters
    ----------
    observed_at
        The minute the counts were read (not the minute the news arrives).
    sites
        The sites that speak; what they do not mention has not changed.
    cells
        Changed cells as ``sku * number_of_sites + site``, each at most once.
    on_hand
        Units on the site's books in each cell at `observed_at`.
    picked
        Units picked there for the engine's own parcels since the last news of that cell: promises that are over.
    """

    observed_at: float
    sites: NDArray[np.int64]
    cells: NDArray[np.int64]
    on_hand: NDArray[np.int32]
    picked: NDArray[np.int32]


class Refusal(NamedTuple):
    """A site could not give what was promised from it: its shelf was empty of that product.

    Parameters
    ----------
    at
        The minute the shelf was found empty (not the minute the refusal arrives).
    """

    at: float
    order: int
    site: int
    sku: int
    quantity: int


class TooLate(NamedTuple):
    """A revision was not carried out: a pick had begun. What it withdrew stands, what it sent instead does not."""

    at: float
    revision: Revision


class Release(NamedTuple):
    """Units promised from a site, and not picked, are no longer wanted: they may be promised again."""

    at: float
    order: int
    site: int
    sku: int
    quantity: int


class Cancellation(NamedTuple):
    """Lines kept of an order are no longer wanted. Its parcels are released one by one: only the host knows which."""

    at: float
    order: int


News = StockNews | Refusal | Release | Cancellation | TooLate
