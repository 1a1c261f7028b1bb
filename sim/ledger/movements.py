"""Why a shelf or its record changed although nobody bought, sent for or received anything."""

from __future__ import annotations

from enum import IntEnum


class Why(IntEnum):
    """Why units left or reached the shelf, or the record of it, out of turn."""

    SALE = 0
    """Not a mishap: what a walk-in customer wants, in the row of such wants."""
    LOST = 1
    STOLEN = 2
    MISPLACED = 3
    """Still in the house, where nobody looks for it."""
    DAMAGED = 4
    """Cannot be sold; it is noticed after a while."""
    SPOILT = 5
    """Cannot be sold, and nobody notices before it is counted."""
    DAMAGE_NOTICED = 6
    """Put into quarantine and struck off the record."""
    MISKEYED = 7
    """The record alone is changed by one."""
    MIS_SCANNED = 8
    """The till booked a sale on the record of another product."""
    MIS_SHIPPED = 9
    """A unit of another product was taken, and sent."""
    MISCOUNTED = 10
    """Not as many came in as were booked."""
    RECEIVED = 11
    """Came in, and waits to be put away."""
    PUT_AWAY = 12
    SHORT_PICK = 13
    """A shelf found empty was booked empty."""
    COUNTED = 14
    FOUND = 15
    """Misplaced units that a count brought back to the shelf."""


ASIDE = {
    ("misplaced",): (Why.MISPLACED, Why.FOUND),
    ("damaged", "spoilt", "quarantined"): (Why.DAMAGED, Why.SPOILT),
    ("receiving",): (Why.RECEIVED, Why.PUT_AWAY),
}
"""States of units that are in the house but on no shelf, and the movements that bring them there and back."""
