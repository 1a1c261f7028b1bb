"""What an explanation tells: sites, their shelves, parcels real or imagined, and passes of rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.network.site import TOLD_IF_ANY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.routing.capacity.capacities import Full
    from sim.routing.explain.verdicts import Verdict
    from sim.routing.rules.reasons import Reason


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a site is believed to hold of one line's product: believed = on hand - promised - held back."""

    product: str
    wanted: int
    believed: int
    on_hand: int
    promised: int
    held_back: int

    @property
    def lacks(self) -> int:
        """Return the units that are missing."""
        return max(0, self.wanted - max(0, self.believed))


@dataclass(frozen=True, slots=True)
class Sending:
    """One parcel, real or imagined.

    Parameters
    ----------
    cents
        Cost by part, as in `sim.contract.messages.COST_PARTS`.
    service
        None if no carrier moves it.
    ship_at, deliver_at
        Promised minutes; None if not within the calendar.
    via
        The site it goes to first; None if it goes straight to the shopper.
    penalties
        What steered besides cost, by name, cents.
    """

    site: str
    lines: Mapping[str, int]
    service: str | None
    ship_at: float | None
    deliver_at: float | None
    cents: Mapping[str, float]
    via: str | None = field(default=None, metadata=TOLD_IF_ANY)
    penalties: Mapping[str, float] = field(default_factory=dict, metadata=TOLD_IF_ANY)

    @property
    def total_cents(self) -> float:
        """Return the sum of the parts."""
        return sum(self.cents.values())


@dataclass(frozen=True, slots=True)
class SiteView:
    """One site, as the decision saw it.

    Parameters
    ----------
    news_age_min
        How old the last news of its stock was.
    alone
        The whole order from here in one parcel, whether it has the stock or not; None if it cannot be sent from here.
    score
        What the strategy minimises, for that parcel; None if it has no such number.
    ranks
        Its rank by each rule or measure, 1 is best, among the sites that were compared by it.
    full
        The limits of capacity that the order would take it over.
    """

    site: str
    name: str
    kind: str
    verdict: Verdict
    reason: Reason
    has_all: bool
    shelves: tuple[Shelf, ...]
    news_age_min: float
    distance_km: float | None
    zone: int
    alone: Sending | None
    score: float | None
    ranks: Mapping[str, int]
    full: tuple[Full, ...] = field(default=(), metadata=TOLD_IF_ANY)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of one rule.

    Parameters
    ----------
    given_up
        Soft filters that no longer counted.
    refused
        Why each site that was not asked was not.
    asked
        The sites that were asked, in order.
    failed
        Why the outcome was not allowed, if it was not.
    """

    step: str
    given_up: tuple[str, ...]
    refused: Mapping[str, Reason]
    asked: tuple[str, ...]
    failed: Reason | None
