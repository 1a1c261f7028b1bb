"""Promises that nobody confirms: given up against the next whole snapshot, so that no unit is kept for ever.

A message to a site may be lost, or its answer: then a promise is neither picked, refused nor released, and would be
taken off every count from then on. When a site tells all its cells, as of t, what is still open of a cell beyond the
units promised within the stated time before t is given up. That is never a younger promise, and only when the older
ones are all that can be meant. Should one that was given up be heard of after all (picked, refused, released), it is
promised again first.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from sim.contract.messages import Line
from sim.contract.news import Refusal, Release, StockNews

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.contract.messages import Parcel
    from sim.contract.news import News
    from sim.routing.belief.belief import Belief


class Unconfirmed:
    """Remembers when units were promised.

    Parameters
    ----------
    within
        Minutes after which a promise should have been heard of.
    """

    def __init__(self, within: float, belief: Belief) -> None:
        self._within = within
        self._belief = belief
        self._sites = belief.available.shape[1]
        self._promised: dict[int, deque[tuple[float, int]]] = {}
        self._given_up: dict[int, int] = {}

    def note(self, parcel: Parcel, now: float) -> None:
        """Note what has just been promised."""
        for sku, quantity in parcel.lines:
            self._promised.setdefault(sku * self._sites + parcel.site, deque()).append((now, quantity))

    def before(self, news: News) -> None:
        """Promise again what some news, not heard yet, is about although it was given up."""
        if not self._given_up:
            return
        if isinstance(news, StockNews):
            for cell, units in zip(news.cells.tolist(), news.picked.tolist(), strict=True):
                self._promise_again(cell, units)
        elif isinstance(news, Refusal | Release):
            self._promise_again(news.sku * self._sites + news.site, news.quantity)

    def after(self, news: StockNews) -> Iterator[tuple[int, int]]:
        """Give up what a whole snapshot, just heard, does not confirm; yield its cells and units."""
        since = news.observed_at - self._within
        speaking = set(news.sites.tolist())
        for cell, promised in list(self._promised.items()):
            site = cell % self._sites
            if site not in speaking:
                continue
            while promised and promised[0][0] < since:
                promised.popleft()
            over = self._belief.open_promises(cell) - sum([units for _, units in promised])
            if over > 0:
                self._belief.release(site, (Line(cell // self._sites, over),))
                self._given_up[cell] = self._given_up.get(cell, 0) + over
                yield cell, over
            if not promised:
                del self._promised[cell]

    def forget(self) -> None:
        """Forget all promises."""
        self._promised.clear()
        self._given_up.clear()

    def _promise_again(self, cell: int, units: int) -> None:
        again = min(self._given_up.get(cell, 0), units)
        if again:
            self._belief.promise(cell % self._sites, (Line(cell // self._sites, again),))
            self._given_up[cell] -= again
