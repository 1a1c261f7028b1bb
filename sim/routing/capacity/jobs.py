"""Parcels that sites have taken on, as long as some of their work may still be given back or carried over."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.contract.messages import Line, Order
    from sim.contract.news import Refusal, Release


NOT_HEARD: dict[int, int] = {}


class Job:
    """One parcel at its site.

    Attributes
    ----------
    at
        When it was promised.
    kept
        Units by product that have not been refused or released.
    open
        Those of them that are not known to be picked; none where nobody hears of picks.
    """

    __slots__ = ("at", "channel", "kept", "open")

    def __init__(self, at: float, channel: str, lines: tuple[Line, ...], hears_picks: bool) -> None:
        self.at, self.channel = at, channel
        self.kept: dict[int, int] = dict(lines)
        self.open = dict(lines) if hears_picks else NOT_HEARD


class Jobs:
    """Finds jobs by their order and site and, for picks, the oldest of a product at a site.

    Parameters
    ----------
    hears_picks
        Whether picks are looked at.

    Attributes
    ----------
    reports
        Which sites have ever reported a pick, shape (sites,).
    """

    def __init__(self, sites: int, hears_picks: bool) -> None:
        self._sites, self.hears_picks = sites, hears_picks
        self._jobs: dict[tuple[int, int], list[Job]] = {}
        self._queues: dict[int, deque[Job]] = {}
        self.reports = np.zeros(sites, dtype=np.bool_)

    def add(self, order: Order, site: int, lines: tuple[Line, ...], now: float) -> Job:
        """Note a parcel."""
        job = Job(now, order.channel, lines, self.hears_picks)
        self._jobs.setdefault((order.id, site), []).append(job)
        if self.hears_picks:
            for sku in job.kept:
                self._queues.setdefault(sku * self._sites + site, deque()).append(job)
        return job

    def given_back(self, news: Refusal | Release) -> Iterator[tuple[Job, dict[int, int], dict[int, int]]]:
        """Yield each job that loses units, with what it had kept before, and what of that was open."""
        left = news.quantity
        for job in reversed(self._jobs.get((news.order, news.site), [])):
            units = min(left, job.kept.get(news.sku, 0))
            if units:
                before = dict(job.kept), dict(job.open)
                _take(job.kept, news.sku, units)
                _take(job.open, news.sku, units)
                left -= units
                yield job, *before

    def done(self, cell: int, units: int) -> Iterator[tuple[int, Job, dict[int, int]]]:
        """Yield the site and each job whose units of a cell are done, the oldest first, with what was open before."""
        sku, site = divmod(cell, self._sites)
        queue = self._queues.get(cell)
        while units and queue:
            job = queue[0]
            some = min(units, job.open.get(sku, 0))
            if some:
                before = dict(job.open)
                _take(job.open, sku, some)
                units -= some
                yield site, job, before
            if sku not in job.open:
                queue.popleft()

    def drop(self, over: Callable[[int, Job], bool]) -> None:
        """Drop the jobs that are over."""
        for key, jobs in list(self._jobs.items()):
            kept = [job for job in jobs if not over(key[1], job)]
            for job in jobs:
                if job not in kept:
                    job.open.clear()
            if kept:
                self._jobs[key] = kept
            else:
                del self._jobs[key]
        for cell, queue in list(self._queues.items()):
            left = deque([job for job in queue if cell // self._sites in job.open])
            if left:
                self._queues[cell] = left
            else:
                del self._queues[cell]

    def __iter__(self) -> Iterator[tuple[int, Job]]:
        """Yield each job with its site."""
        for (_, site), jobs in self._jobs.items():
            for job in jobs:
                yield site, job

    def forget(self) -> None:
        """Forget all of them."""
        self._jobs, self._queues = {}, {}
        self.reports[:] = False


def _take(units: dict[int, int], sku: int, quantity: int) -> None:
    left = units.get(sku, 0) - quantity
    if left > 0:
        units[sku] = left
    else:
        units.pop(sku, None)
