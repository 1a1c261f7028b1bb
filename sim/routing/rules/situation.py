"""An order and what is known of every site at this moment, as arrays: all that a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.routing.objective.priced import OpenPrice
    from sim.routing.rules.columns import Attribute, Columns

UNLIMITED = 2**53
"""Units at a site that does not count a product: more than any order, yet the sum over many sites is still exact."""


@dataclass(slots=True)
class Situation:
    """What is asked, and what each site could do about it.

    Parameters
    ----------
    wanted
        Units asked for, by line.
    skus
        The product of each line; two lines may ask for the same one.
    available
        Units that may be promised, by line, each of shape (sites,); negative counts as none.
    recorded
        Sites that keep the line's product at all, by line; None means all do.
    backorderable
        Sites that take orders for later supply of the line's product, by line; None means none do.
    on_hand
        Units on the shelf before any deduction, by line, for rules that look at cover; None means as `available`.
    may_serve
        Sites that may be asked at all, shape (sites,); None means all.
    distance_km
        Distance from each site, shape (sites,), NaN where unknown; None if the order says nothing of where it goes.
    drive_min
        Minutes by road from each site, shape (sites,), NaN where unknown; None if nobody looked them up.
    destination
        What is known of where the order goes, e.g. its country or market.
    called_for
        Attributes that are true of any product asked for, e.g. ``hazmat`` or ``cold``.
    order_value
        Worth of what is asked, cents.
    unit_value
        Worth of one unit of each line, cents.
    groups
        Lines that must come from one site together, as positions in `wanted`.
    channel
        Where the order was placed; empty if not told.
    priority
        How urgent it is.
    preferred
        The site the order would like to be served from.
    pinned
        The only site that may serve a line, by line; -1 means any.
    rejects
        How often this order has been refused so far.
    days_since_refusal
        Days since each site last refused this order, NaN if never, shape (sites,); None if nobody has.
    usage
        What each site has taken on so far in the running hour or day, e.g. ``orders_today``.
    size
        Lines and units asked for where these are not `wanted`: a kit is one line there. None: they are.
    asked
        What the order would add to limits that have a counter of their own, by the counter's name in `usage`.
    per_week
        Units each site sells in a week, by line, NaN where unknown; None if nothing is known.
    certainty
        Probability that the count of each line's product is right, by line; None if all are.
    cost
        Returns the price of a parcel with a basket from each site, cents; None if nothing is priced.
    cost_floor
        A price that no parcel is below, where a fuller parcel may cost less than one unit; None: it does not.
    open_price
        What it costs to leave units open; None: they are served if they can be.
    arrival_day
        Returns the promised day of delivery of a basket from each site, by the published date or, if a probability is
        given, by what is known of the carriers; None if nothing is promised.
    """

    columns: Columns
    wanted: tuple[int, ...]
    skus: tuple[int, ...]
    available: Sequence[NDArray[np.integer]]
    may_serve: NDArray[np.bool_] | None = None
    distance_km: NDArray[np.float64] | None = None
    drive_min: NDArray[np.float64] | None = None
    destination: Mapping[str, Attribute] = field(default_factory=dict)
    recorded: Sequence[NDArray[np.bool_]] | None = None
    backorderable: Sequence[NDArray[np.bool_]] | None = None
    on_hand: Sequence[NDArray[np.integer]] | None = None
    called_for: frozenset[str] = frozenset()
    order_value: float = 0.0
    unit_value: tuple[float, ...] = ()
    groups: tuple[tuple[int, ...], ...] = ()
    channel: str = ""
    priority: int = 0
    preferred: int = -1
    pinned: tuple[int, ...] = ()
    rejects: int = 0
    days_since_refusal: NDArray[np.float64] | None = None
    usage: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    asked: Mapping[str, float] = field(default_factory=dict)
    per_week: Sequence[NDArray[np.float64]] | None = None
    certainty: Sequence[NDArray[np.float64]] | None = None
    cost: Callable[[tuple[int, ...]], NDArray[np.float64]] | None = None
    cost_floor: float | None = None
    open_price: OpenPrice | None = None
    arrival_day: Callable[..., NDArray[np.float64]] | None = None
    _rounded: NDArray[np.float64] | None = field(default=None, init=False, repr=False, compare=False)

    def keep(self) -> Situation:
        """Part from counters, which go on, as its request has from shelves: what is looked at later is of now."""
        self.usage = {name: counted.copy() for name, counted in self.usage.items()}
        self.asked = dict(self.asked)
        if self.per_week is not None:
            self.per_week = [row.copy() for row in self.per_week]
        return self

    def number(self, name: str) -> NDArray[np.float64]:
        """Return a number known of each site: of the running day if there is one, else the site's own attribute."""
        counted = self.usage.get(name)
        return self.columns.number(name) if counted is None else counted

    def distances(self) -> NDArray[np.float64]:
        """Return the distance from each site, km, NaN where unknown.

        To the millimetre: beyond that two equal distances differ only by how the globe's angles were added up.
        """
        rounded = self._rounded
        if rounded is None:
            km = np.full(len(self.columns), np.nan) if self.distance_km is None else self.distance_km
            rounded = self._rounded = np.round(km, 6)
        return rounded

    def by_sku(self) -> dict[int, tuple[int, int]]:
        """Return for each distinct product the first line that asks for it, and the units asked for in all lines."""
        wanted: dict[int, tuple[int, int]] = {}
        for line, (sku, quantity) in enumerate(zip(self.skus, self.wanted, strict=True)):
            first, before = wanted.get(sku, (line, 0))
            wanted[sku] = first, before + quantity
        return wanted

    def useful(self) -> NDArray[np.bool_]:
        """Return the sites that could give at least one unit, or take it as a backorder, shape (sites,)."""
        useful = np.zeros(len(self.columns), dtype=np.bool_)
        for row in self.available:
            useful |= row > 0
        for sites in self.backorderable or ():
            useful |= sites
        return useful
