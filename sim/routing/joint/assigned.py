"""Parcels sent and not yet known to be picked: what a re-evaluation may still change.

The engine learns of picks from stock news, which counts the units picked of a product at a site, not whose they were.
A site picks in the order in which parcels reach it, so the units are those of the oldest parcels.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.contract.messages import Order, Parcel
    from sim.contract.news import Refusal, Release, StockNews


class Sent(NamedTuple):
    """A parcel and what it is for.

    Parameters
    ----------
    order
        As it was when the parcel was sent.
    due
        Minute by which the shopper was told to have all that was decided with it.
    ship_by
        Minute by which all of that was said to be handed to the carrier.
    """

    order: Order
    parcel: Parcel
    due: float
    ship_by: float


class _OpenLine:
    """Units of one line of a parcel not reported as picked."""

    __slots__ = ("number", "order", "units")

    def __init__(self, number: int, order: int, units: int) -> None:
        self.number = number
        self.order = order
        self.units = units


class Assigned:
    """The parcels that may still be changed, oldest first."""

    def __init__(self, sites: int) -> None:
        self._sites = sites
        self._numbers = 0
        self._free: dict[int, Sent] = {}
        self._lines: dict[int, deque[_OpenLine]] = {}

    def free(self) -> list[Sent]:
        """Return all parcels of which nothing is known to be picked."""
        return list(self._free.values())

    def send(self, sent: Sent) -> None:
        """Note a parcel."""
        self._numbers += 1
        self._free[self._numbers] = sent
        for cell, line in self._open_lines(self._numbers, sent):
            self._lines.setdefault(cell, deque()).append(line)

    def withdraw(self, order: int, parcels: Iterable[Parcel]) -> list[Sent]:
        """Forget parcels that will not be picked, and return them."""
        withdrawn = []
        for parcel in parcels:
            number = next(n for n, sent in self._free.items() if sent.order.id == order and sent.parcel == parcel)
            withdrawn.append(self._free.pop(number))
            for sku, _ in parcel.lines:
                lines = self._lines[sku * self._sites + parcel.site]
                lines.remove(next(line for line in lines if line.number == number))
        return withdrawn

    def begun(self, order: int, parcels: Iterable[Parcel]) -> None:
        """Note parcels again that were withdrawn too late: picked before all others, or being picked."""
        for parcel in parcels:
            self._numbers += 1
            for sku, quantity in parcel.lines:
                line = _OpenLine(self._numbers, order, quantity)
                self._lines.setdefault(sku * self._sites + parcel.site, deque()).appendleft(line)

    def hear(self, news: StockNews) -> None:
        """Let those parcels go whose units have been picked."""
        for k in np.flatnonzero(news.picked).tolist():
            lines = self._lines.get(int(news.cells[k]))
            units = int(news.picked[k])
            while lines and units:
                line = lines[0]
                picked = min(line.units, units)
                units -= picked
                line.units -= picked
                self._free.pop(line.number, None)
                if line.units == 0:
                    lines.popleft()

    def given_up(self, news: Refusal | Release) -> None:
        """Let the parcel go whose pick came to an empty shelf, or whose units are not wanted any more."""
        lines = self._lines.get(news.sku * self._sites + news.site, deque())
        for line in lines:
            if line.order == news.order:
                self._free.pop(line.number, None)
                line.units -= news.quantity
                if line.units <= 0:
                    lines.remove(line)
                return

    def _open_lines(self, number: int, sent: Sent) -> Iterable[tuple[int, _OpenLine]]:
        for sku, quantity in sent.parcel.lines:
            yield sku * self._sites + sent.parcel.site, _OpenLine(number, sent.order.id, quantity)
