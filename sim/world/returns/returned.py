"""A unit that comes back, and the parcel of them that a shopper sends or brings together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.ledger.returned import State, Way

if TYPE_CHECKING:
    from sim.chance.returns import Unit

NOT_YET = float("nan")
NOWHERE = -1


class Returned:
    """A unit that comes back.

    Attributes
    ----------
    luck
        What its luck goes by.
    site
        Where it is handed in or received.
    shelf
        Where it is on sale again.
    """

    __slots__ = (
        "delivered_at", "grade", "handed_at", "handling_cents", "inspected_at", "label_cents", "loss_cents", "luck",
        "parcel", "reason", "received_at", "refund_cents", "refunded_at", "settled_at", "shelf", "site", "state",
        "till_cents", "till_margin_cents", "way", "work_cents",
    )  # fmt: skip

    def __init__(self, luck: Unit, parcel: int, reason: int, delivered_at: float) -> None:
        self.luck = luck
        self.parcel = parcel
        self.reason = reason
        self.delivered_at = delivered_at
        self.handed_at = self.received_at = self.inspected_at = self.settled_at = self.refunded_at = NOT_YET
        self.way, self.state = Way.BY_MAIL, State.WITH_SHOPPER
        self.grade = self.site = self.shelf = NOWHERE
        self.refund_cents = self.label_cents = self.handling_cents = self.work_cents = self.loss_cents = 0
        self.till_cents = self.till_margin_cents = 0

    def row(self) -> tuple[Any, ...]:
        """Return it as a row of the ledger."""
        return (
            self.luck.order, self.parcel, self.luck.sku, self.luck.number, self.way, self.reason, self.grade,
            self.state, self.site, self.shelf, self.delivered_at, self.handed_at, self.received_at, self.inspected_at,
            self.settled_at, self.refunded_at, self.refund_cents, self.label_cents, self.handling_cents,
            self.work_cents, self.loss_cents, self.till_cents, self.till_margin_cents,
        )  # fmt: skip


class Trip:
    """The units of a parcel that come back together.

    Attributes
    ----------
    place
        Where the shopper lives.
    store
        Where he brings them; -1 if he sends them.
    """

    __slots__ = ("channel", "measured", "place", "store", "units")

    def __init__(self, place: int, channel: str, measured: bool, store: int, units: list[Returned]) -> None:
        self.place = place
        self.channel = channel
        self.measured = measured
        self.store = store
        self.units = units

    @property
    def first(self) -> Unit:
        """The unit whose luck is that of the trip."""
        return self.units[0].luck
