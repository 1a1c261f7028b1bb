"""What becomes of shoppers, orders and parcels: the words of the ledger's tables, as numbers."""

from __future__ import annotations

from enum import IntEnum


class Fate(IntEnum):
    """How a shopper left the storefront."""

    ORDERED = 0
    TURNED_AWAY = 1
    ABANDONED = 2
    """He left when he was told the date."""
    CART_GIVEN_UP = 3


class Cancelled(IntEnum):
    """Why units of an order were cancelled."""

    NOBODY_HAS_IT = 0
    REFUSED_TOO_OFTEN = 1
    BY_SHOPPER = 2


class Goes(IntEnum):
    """Where a parcel goes from its site."""

    TO_SHOPPER = 0
    TO_COUNTER = 1
    """That of the store where its order is collected, be it the site itself."""
    TO_BE_MERGED = 2
    """To a site, be it its own, where it is merged with others of its order."""


class Arrival(IntEnum):
    """What became of a parcel on its way."""

    SOUND = 0
    LOST = 1
    DAMAGED = 2
    """It came, and what is in it is spoilt."""


class Change(IntEnum):
    """What a shopper wanted after he had ordered."""

    CALLED_OFF = 0
    MOVED = 1
