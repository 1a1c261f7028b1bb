"""What passes between a routing engine and its host: orders and plans one way, news the other.

Sites, places, products and services are indices into the shared `Network`. Every message is immutable. Messages of
the hot loop are NamedTuples, which cost a third of a frozen dataclass to build.
"""

from __future__ import annotations

import math
from typing import NamedTuple


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
        Sites that have refused any part of this order: they are not asked again, unless the router's own rules say
        that a refusal is over.
    channel
        Where it was placed, e.g. ``web`` or ``marketplace``; empty if nobody asks.
    preferred
        The site it would like to be served from; -1 means none. A wish, which rules `by: preferred_location` look at.
    pinned
        Pairs of a product and the only site it may come from.
    groups
        Products that must come from one site together.
    collect_at
        The site where the shopper collects it; -1 means it is sent to `place`.
    kits
        Products that belong together, with the units of each in one kit: a site gives whole kits only.
    ship_together
        Whether all of it comes from one site at once, or nothing does.
    deliver_together
        Whether the shopper gets all of it as one parcel, wherever it comes from.
    max_packages
        Most packages it may be sent in; None means as many as it takes. Who sends a part of it again counts off those
        that are under way.
    priority
        Of orders that are decided together those with a higher one choose first.
    wanted_by
        Minute after which a delivery is late; infinite where nobody waits.
    hold_until
        Minute before which it is not given to any site: who can holds it and decides then, all else is promised from
        then on.
    deliver_from
        Minute before which it is not to be delivered: it is decided at once, and handed over so much later.
    cart
        The cart it comes from, whose units were kept for it (see `sim.contract.news.CartHeld`); empty if none were.
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
    collect_at: int = -1
    kits: tuple[tuple[Line, ...], ...] = ()
    ship_together: bool = False
    deliver_together: bool = False
    max_packages: int | None = None
    priority: int = 0
    wanted_by: float = math.inf
    cart: str = ""
    hold_until: float = -math.inf
    deliver_from: float = -math.inf

    def moment(self, now: float) -> float:
        """Return the minute from which it may be given to a site: now, or when its hold is over."""
        return max(now, self.hold_until)


class Parcel(NamedTuple):
    """One site's share of a plan.

    Parameters
    ----------
    service
        The carrier's service; -1 if no carrier moves it: it is handed over at the site's own counter, or goes to `via`
        by the retailer's own truck or not at all.
    ship_at, deliver_at
        Promised minutes of hand-over to the carrier and of delivery. What is collected is delivered when it is ready.
    cents
        Expected cost by part, in the order of `COST_PARTS`.
    via
        The site it goes to first: where the shopper collects it, or where it is merged with others (see
        `Plan.onward`); -1 means it goes straight to the shopper.
    deliver_quantiles
        Minutes by which it is delivered with the probabilities that the engine was asked for; empty if for none.
    penalties
        What steered the choice besides money, by name, cents: told and never booked; a credit is negative.
    """

    site: int
    lines: tuple[Line, ...]
    service: int
    ship_at: float
    deliver_at: float
    cents: tuple[float, ...]
    via: int = -1
    deliver_quantiles: tuple[float, ...] = ()
    penalties: tuple[tuple[str, float], ...] = ()


class Leg(NamedTuple):
    """What leaves a site as one parcel, once all parcels that go `via` that site are there.

    Parameters
    ----------
    ship_at, deliver_at
        Promised minutes of hand-over to the carrier and of delivery.
    cents
        Expected cost by part, beside that of the parcels it is made of.
    """

    site: int
    service: int
    ship_at: float
    deliver_at: float
    cents: tuple[float, ...]


COST_PARTS = ("picking", "packing", "packaging", "label", "fees")


class Later(NamedTuple):
    """When backordered units should come in, be handed over to the carrier, and be delivered, minutes."""

    available_at: float
    ship_at: float
    deliver_at: float


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
    onward
        What leaves the sites where parcels are merged.
    collect_until
        Until when it is kept for the shopper who collects it: what is still there then is released by the host. None
        means for ever, or that nothing is collected.
    backordered_dates
        What is promised of each backordered line, line by line: reserved against a receipt at its site of
        `backordered_at`; None: no date. Empty: none has one.
    """

    parcels: tuple[Parcel, ...]
    backordered: tuple[Line, ...] = ()
    unfilled: tuple[Line, ...] = ()
    reason: str = ""
    backordered_at: tuple[int, ...] = ()
    queue: str = ""
    short: tuple[int, ...] = ()
    limited: bool = False
    onward: tuple[Leg, ...] = ()
    collect_until: float | None = None
    backordered_dates: tuple[Later | None, ...] = ()


class Hold(NamedTuple):
    """The engine will decide later, together with other orders: the host gets a `Decision` from `Router.tick`.

    Parameters
    ----------
    until
        The latest minute at which that will be, if `tick` is called when due.
    offered_to
        Sites that may have the order: the first whose `Claim` is heard gets it. Empty: it is not on offer.
    """

    until: float
    offered_to: tuple[int, ...] = ()


class OnOffer(NamedTuple):
    """An order that is held is now on offer to other sites: those asked before have not claimed it.

    Parameters
    ----------
    offered_to
        As in `Hold`: empty if it is only held longer than was said before.
    until
        The latest minute at which it is decided.
    """

    order: int
    offered_to: tuple[int, ...]
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
        Promised minutes of the last parcel, those of goods still to come included.
    price_cents
        Expected cost of all parcels that could be sent now.
    unfilled
        Lines that could neither be served now nor be given a date.
    """

    ship_at: float
    deliver_at: float
    price_cents: float
    unfilled: tuple[Line, ...] = ()
