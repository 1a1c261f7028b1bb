"""Places goods leave from, places they go to, and the goods."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from sim.network.calendar import Hours


# A network file leaves such a field out while it is empty.
TOLD_IF_ANY = {"told": "if any"}


class SiteKind(StrEnum):
    """What sort of site it is; the value is the name used in scenarios."""

    DC = "dc"
    THIRD_PARTY = "third_party"
    STORE = "store"
    VENDOR = "vendor"
    """Sends its own goods straight to our shoppers (drop-ship): its stock is not ours, its handling is its fees."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What a site charges to get a parcel ready, cents."""

    pick_per_line: float
    pick_per_unit: float
    pack_per_parcel: float
    packaging_per_parcel: float
    fee_per_parcel: float
    fee_per_unit: float


@dataclass(frozen=True, slots=True)
class Site:
    """A DC, a store, a third party's warehouse or a vendor, as everyone knows it.

    Parameters
    ----------
    hours
        When orders are worked on, local time.
    pick_up_at
        When the carrier collects, local time, on each day of `pick_up_days`.
    lead_min
        Working minutes the site asks for between order and ready parcel: what a promise rests on.
    reach_km
        Farthest delivery; None means anywhere.
    walk_in_size
        How many walk-in customers come, relative to an average store; 0 where none do.
    attributes
        Anything else that routing rules may look at, such as ``country``, ``market``, ``priority``, ``groups``
        (``"outlet|north"``), ``enabled``, ``backorderable``, ``pickup`` or a ``daily_order_limit``.
    """

    id: str
    name: str
    kind: SiteKind
    state: str
    lat: float  # NaN where unknown: such a site is never near anything
    lon: float
    time_zone: str
    hours: Hours
    pick_up_at: time
    pick_up_days: Hours
    lead_min: float
    reach_km: float | None
    handling: Handling
    walk_in_size: float = 0.0
    attributes: Mapping[str, str | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where shoppers live: a demand point such as a three-digit ZIP area."""

    id: str
    name: str
    state: str
    lat: float
    lon: float
    time_zone: str
    population: int
    attributes: Mapping[str, str | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """Something sold, with the box it comes in.

    Parameters
    ----------
    unit_step
        What one counts for outside: quantities inside are whole multiples of it (cable by the half metre is 0.5).
        Weight, volume and money are those of one step.
    attributes
        Anything else that routing may look at, such as ``hazmat``, ``cold``, ``gift_wrap`` or a ``markdown_credit``.
    """

    id: str
    name: str
    category: str
    weight_kg: float
    volume_cm3: float
    price_cents: int
    unit_cost_cents: int
    unit_step: float = 1.0
    attributes: Mapping[str, str | float | bool | None] = field(default_factory=dict, metadata=TOLD_IF_ANY)
