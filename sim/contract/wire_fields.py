"""How single fields are written, and which messages are news."""

from __future__ import annotations

from typing import NamedTuple

from sim.contract.messages import Decision, Hold, Line, OnOffer, Order, Parcel, Plan, Quote, Revision
from sim.contract.news import (
    Cancellation,
    CartHeld,
    Claim,
    Closed,
    News,
    Receipts,
    Refusal,
    Release,
    StockNews,
    TooLate,
    Unclaim,
)
from sim.contract.pickup_option import PickupOption

# Fields that are indices into the network: written as the name of that thing.
NAMED: dict[str, tuple[str, ...]] = {
    "site": ("site",),
    "refused_by": ("site",),
    "preferred": ("site",),
    "backordered_at": ("site",),
    "offered_to": ("site",),
    "pinned": ("product", "site"),
    "place": ("place",),
    "sku": ("product",),
    "short": ("product",),
    "groups": ("product",),
    "service": ("service",),
    "via": ("site",),
    "collect_at": ("site",),
}
# Those of them that may be -1, none or any, besides those whose default it is: null in JSON.
MAYBE_NONE = frozenset({"service", "backordered_at"})
# Moments on the time line: read as minutes, or as a date and time with its offset from UTC.
MOMENTS = frozenset(
    {"placed_at", "ship_at", "deliver_at", "at", "observed_at", "now", "until", "collect_until", "ready_at"}
    | {"available_at", "wanted_by", "hold_until", "deliver_from", "busy_until"}
)
# Those of what has happened: none lies after the calendar.
PAST = frozenset({"at", "observed_at"})
# Moments that may be "never" (beyond the calendar): null in JSON.
MAYBE_NEVER = frozenset({"ship_at", "deliver_at", "until", "ready_at", "wanted_by"})
MOST_LINES = 500
KINDS: dict[str, type] = {
    "stock": StockNews,
    "receipts": Receipts,
    "refusal": Refusal,
    "release": Release,
    "cancellation": Cancellation,
    "too_late": TooLate,
    "closed": Closed,
    "claim": Claim,
    "unclaim": Unclaim,
    "cart_held": CartHeld,
}


Message = Order | Parcel | Plan | Hold | Decision | Revision | OnOffer | Quote | PickupOption | News


class Unpicked(NamedTuple):
    """What is left of a parcel when its order is cancelled."""

    site: int
    lines: tuple[Line, ...]
