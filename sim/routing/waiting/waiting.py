"""Lines that wait at a site for goods on their way: who is served when they come, and whose date no longer holds.

Who was promised the earlier date goes first, so that no promise is broken for another; among those of one date the
channel decides if some are served first, then who ordered first. What has come of a product is kept for those at the
head of the queue even while one of their other products is missing: nobody overtakes.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, NamedTuple

from sim.routing.belief.expected import first_minute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.contract.messages import Order
    from sim.routing.belief.expected import Expected

    Free = Callable[[int, int], int]
    Held = Callable[[str, int, int], int]


class Waiting(NamedTuple):
    """Lines of one order that wait at one site, in the order of the queue.

    Parameters
    ----------
    available_at
        The minute at which the last of them should be there, as promised.
    rank
        Place of the order's channel among those served first.
    order
        The order with these lines only.
    deadline
        Minute from which they are given up.
    """

    available_at: float
    rank: int
    placed_at: float
    number: int
    site: int
    order: Order
    deadline: float


class Queue:
    """Everybody who waits.

    Parameters
    ----------
    free
        Returns the units of a product at a site that may be promised beyond all that is promised and waited for.
    held
        Returns the units of a product at a site that are held back from a channel.
    """

    def __init__(self, free: Free, held: Held) -> None:
        self.waiting: list[Waiting] = []
        self._units: dict[tuple[int, int], int] = {}
        self._free, self._held = free, held

    def join(self, one: Waiting) -> None:
        """Let somebody wait."""
        insort(self.waiting, one)
        self._count(one, 1)

    def units(self, sku: int, site: int) -> int:
        """Return the units of a product that are waited for at a site."""
        return self._units.get((sku, site), 0)

    def served(self) -> list[Waiting]:
        """Take out those whose every line is on the shelf."""
        return self._take_out([one for one, lefts in self._shelves() if all(left >= 0 for _, left in lefts)])

    def late(self, expected: Expected, before: float) -> list[Waiting]:
        """Take out those who cannot be served by their date any more.

        Goods that have come leave the picture of what is on its way before a count of the shelf shows them: for a while
        they are in neither.

        Parameters
        ----------
        before
            So long ago that counts have caught up with what was due, or pictured, by then.
        """

        def in_time(one: Waiting, sku: int, left: int) -> bool:
            if expected.taken_at(one.site) > before and one.available_at > before:
                return True  # too early to tell
            minute = first_minute(left, expected.on_time(sku, one.site, before), 0)
            return minute is not None and minute <= one.available_at

        late = [one for one, lefts in self._shelves() if not all(in_time(one, sku, left) for sku, left in lefts)]
        return self._take_out(late)

    def drop(self, number: int) -> list[Waiting]:
        """Take out all that waits of an order."""
        return self._take_out([one for one in self.waiting if one.number == number])

    def clear(self) -> None:
        """Forget everybody."""
        self.waiting = []
        self._units = {}

    def _shelves(self) -> Iterator[tuple[Waiting, list[tuple[int, int]]]]:
        """Yield what each would leave on the shelf of every product he waits for, below zero if it is not there yet."""
        shelves: dict[tuple[int, int], int] = {}
        for one in self.waiting:
            lefts = []
            for sku, quantity in one.order.lines:
                cell = sku, one.site
                before = shelves[cell] if cell in shelves else self._free(*cell) + self.units(*cell)
                shelves[cell] = before - quantity
                lefts.append((sku, shelves[cell] - self._held(one.order.channel, *cell)))
            yield one, lefts

    def _take_out(self, leaving: list[Waiting]) -> list[Waiting]:
        if leaving:
            gone = set(map(id, leaving))
            self.waiting = [one for one in self.waiting if id(one) not in gone]
            for one in leaving:
                self._count(one, -1)
        return leaving

    def _count(self, one: Waiting, sign: int) -> None:
        for sku, quantity in one.order.lines:
            units = self.units(sku, one.site) + sign * quantity
            self._units[sku, one.site] = units
