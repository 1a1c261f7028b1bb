"""A row of the tape: a shopper with what he wants and, hidden, the luck he was born with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.contract.messages import Line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.chance.collectors import Collects

# Luck per parcel.
LUCK_PER_PARCEL = 4
PICK_TIME, PACK_TIME, LATENESS, HOUR = range(LUCK_PER_PARCEL)
# Parcels of one order whose luck is laid out; a later one (rare: many refusals) uses the columns again.
PARCELS_WITH_LUCK = 4
# Order numbers are (local day + 100) * 10^6 + number within the day: stable whatever else happens.
DAY_OFFSET, PER_DAY = 100, 1_000_000
# Uniforms by which he chooses at the storefront: to leave, to come at all, another product or channel, his cart.
CHOICES = 6
LEAVES, COMES, TAKES_ANOTHER, SWITCHES, CART_MINUTES, BUYS = range(CHOICES)


class Shopper(NamedTuple):
    """One row of the tape.

    Parameters
    ----------
    patience
        By which he waits for what is not shown, or does not.
    luck
        His order's, parcel by parcel.
    channel
        By which he comes, as its number in the scenario.
    choices
        Uniforms by which he chooses at the storefront; empty where there is nothing to choose.
    collects
        Where and how he wants to collect his order; None if it is to be sent.
    hold_until, deliver_from
        What he asks for his order, see `sim.contract.messages.Order`.
    """

    id: int
    at: float
    place: int
    lines: tuple[Line, ...]
    patience: float
    luck: list[float]
    channel: int = 0
    choices: list[float] | tuple[()] = ()
    collects: Collects | None = None
    hold_until: float = -math.inf
    deliver_from: float = -math.inf


def number_of(day: int, within: int) -> int:
    """Return the number of a day's order."""
    return (day + DAY_OFFSET) * PER_DAY + within


def order_luck(draw: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Draw the luck of many orders, shape (orders, columns); never zero, so that every law has a quantile there."""
    return np.maximum(draw.random((count, PARCELS_WITH_LUCK * LUCK_PER_PARCEL)), 2.0**-53)


def baskets(lines: list[int], skus: list[int], units: list[int]) -> list[tuple[Line, ...]]:
    """Group flat lines into orders; a product drawn twice becomes one line."""
    found: list[tuple[Line, ...]] = []
    k = 0
    for count in lines:
        if count == 1:
            found.append((Line(skus[k], units[k]),))
        else:
            found.append(merged(zip(skus[k : k + count], units[k : k + count], strict=True)))
        k += count
    return found


def merged(lines: Iterable[tuple[int, int]]) -> tuple[Line, ...]:
    """Return lines with one a product."""
    wanted: dict[int, int] = {}
    for sku, quantity in lines:
        wanted[sku] = wanted.get(sku, 0) + quantity
    return tuple([Line(sku, quantity) for sku, quantity in wanted.items()])
