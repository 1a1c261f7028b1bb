"""Sites that take no orders for a while: as if their shelves were empty, until the minute they open again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.news import Closed

NEVER = (np.inf, -np.inf)


class Closures:
    """Until when each site is closed.

    Parameters
    ----------
    memory
        What others like it have remembered.
    """

    def __init__(self, sites: int, memory: Sequence[Sequence[float | None]] = ()) -> None:
        self._sites = sites
        self._until = {int(site or 0): np.inf if until is None else until for site, until in memory}
        self._at: dict[int, float] = {}
        self._now = -np.inf
        self._open: NDArray[np.bool_] | None = None
        self._fresh = NEVER

    def hear(self, news: Closed) -> None:
        """Take in that a site closes, or opens again; of two pieces of news of a site the later one is believed."""
        if news.at < self._at.get(news.site, -np.inf):
            return
        self._at[news.site] = news.at
        self._fresh = NEVER
        self._now = max(self._now, news.at)
        if news.until > news.at:
            self._until[news.site] = news.until
        else:
            self._until.pop(news.site, None)

    def busy(self, site: int, until: float) -> None:
        """Take in that a site has no time for orders until a minute; if it is closed for longer, that stands."""
        self._until[site] = max(until, self._until.get(site, until))
        self._fresh = NEVER

    def open(self, now: float) -> NDArray[np.bool_] | None:
        """Return the sites that are open, shape (sites,); None if all are."""
        self._now = max(self._now, now)
        if not self._fresh[0] <= now < self._fresh[1]:
            self._refresh(now)
        return self._open

    def _refresh(self, now: float) -> None:
        """Find out who is open, and for how long that holds if nothing is heard."""
        closed = {site: until for site, until in self._until.items() if now < until}
        self._fresh = now, min(closed.values(), default=np.inf)
        self._open = None
        if closed:
            self._open = np.ones(self._sites, dtype=np.bool_)
            self._open[list(closed)] = False

    def opens_at(self, site: int, now: float) -> float:
        """Return the minute from which a site takes orders: `now` if it does, infinite if nobody knows when."""
        return max(now, self._until.get(site, now))

    def serving(self, serving: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return who serves and is open, as of the latest minute that was told."""
        mask = self.open(self._now)
        return serving if mask is None else serving * mask

    def memory(self) -> list[list[float | None]]:
        """Return what is remembered, as what JSON knows; null is for ever."""
        return [[site, None if np.isinf(until) else until] for site, until in sorted(self._until.items())]
