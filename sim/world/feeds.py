"""Stock news on its way to the router: by event, by poll, by nightly batch, each after its latency.

News carries changed cells only, with the count on the site's record at the moment of reading and the units picked for
the router's own parcels since the last news of that cell. Sites with the same feed are one event and one message.

A feed by event needs no event on the clock: its changes wait in a queue, and everything whose latency is over is told
just before the router is next asked anything, which is the first moment it could matter.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import StockNews
from sim.scenario.schema import BatchFeed, EventFeed, PollFeed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy
    from numpy.typing import NDArray

    from sim.contract.router import Router
    from sim.scenario.load import Scenario
    from sim.world.stock import Stock
    from sim.world.walk_ins import WalkIns


@dataclass(slots=True, eq=False)
class _Group:
    """Sites that speak together; `visited` by walk-in customers or not."""

    feed: EventFeed | PollFeed | BatchFeed
    sites: NDArray[np.int64]
    visited: bool
    changed: list[int] = field(default_factory=list)
    changed_blocks: list[NDArray[np.int64]] = field(default_factory=list)

    def take_changed(self) -> NDArray[np.int64]:
        """Return the cells changed since the last call, each once."""
        few, blocks = self.changed, self.changed_blocks
        self.changed, self.changed_blocks = [], []
        if not blocks:  # the common case at a warehouse: a handful of picks
            return np.array(sorted(set(few)), dtype=np.int64)
        return np.unique(np.concatenate([*blocks, np.array(few, dtype=np.int64)]))


class Feeds:
    """Carries the stock news of all sites.

    Attributes
    ----------
    told
        On hand as last told to the router, shape (products, sites).
    observed_at
        Moment of the news last told, by site, minutes.
    by_event
        Which sites tell every change at once, shape (sites,).
    """

    def __init__(self, env: simpy.Environment, scenario: Scenario, stock: Stock, router: Router) -> None:
        self._env = env
        network = self._network = scenario.network
        feeds = [block.feed for block in scenario.site_blocks]
        self._stock = stock
        self._router = router
        sites = len(network.sites)
        self._picked = np.zeros_like(stock.cells)
        self.told = np.zeros_like(stock.on_hand)
        self.observed_at = np.zeros(sites)
        self.by_event = np.array([isinstance(feed, EventFeed) for feed in feeds])
        self._queue: deque[tuple[float, float, int, int, int]] = deque()
        self._catch_up: Callable[[float], None] | None = None
        groups: dict[tuple[EventFeed | PollFeed | BatchFeed, str, bool], list[int]] = {}
        for j, (site, feed) in enumerate(zip(network.sites, feeds, strict=True)):
            zone = site.time_zone if isinstance(feed, BatchFeed) else ""
            groups.setdefault((feed, zone, site.walk_in_size > 0), []).append(j)
        self._groups = []
        by_site = {}
        for (feed, _, visited), members in groups.items():
            group = _Group(feed, np.array(members), visited)
            self._groups.append(group)
            by_site.update(dict.fromkeys(members, group))
        self._group_of = [by_site[j] for j in range(sites)]

    def start(self, walk_ins: WalkIns) -> None:
        """Tell the router the opening stock and set the feeds going."""
        if any(group.visited and isinstance(group.feed, EventFeed) for group in self._groups):
            self._catch_up = walk_ins.catch_up
        cells = np.arange(self._stock.cells.size)
        everything = StockNews(
            0.0,
            np.arange(len(self._network.sites)),
            cells,
            self._stock.told(cells),
            np.zeros_like(self._stock.cells),
        )
        self._tell(everything)
        for group in self._groups:
            if isinstance(group.feed, PollFeed):
                self._env.process(self._poll(group, group.feed, walk_ins))
            elif isinstance(group.feed, BatchFeed):
                self._env.process(self._batch(group, group.feed, walk_ins))

    def picked(self, site: int, sku: int, quantity: int) -> None:
        """Note that units were taken off a shelf for one of the router's parcels."""
        cell = sku * len(self._group_of) + site
        self._picked[cell] += quantity
        self.changed(site, cell)

    def changed(self, site: int, cell: int) -> None:
        """Note that one count changed just now."""
        group = self._group_of[site]
        if isinstance(group.feed, EventFeed):
            self._send_event(self._env.now, group.feed, cell, site)
        else:
            group.changed.append(cell)

    def changed_many(self, cells: NDArray[np.int64]) -> None:
        """Note that many counts changed just now, each named once."""
        site = cells % len(self._group_of)
        by_event = self.by_event[site]
        if by_event.any():
            for cell in cells[by_event].tolist():
                self.changed(cell % len(self._group_of), cell)
            cells, site = cells[~by_event], site[~by_event]
        if cells.size == 0:
            return
        group = self._group_of[int(site[0])]
        if all(self._group_of[j] is group for j in np.unique(site).tolist()):
            group.changed_blocks.append(cells)
        else:
            for j, cell in zip(site.tolist(), cells.tolist(), strict=True):
                self._group_of[j].changed.append(cell)

    def sold(self, at: float, site: int, cell: int) -> None:
        """Note one walk-in sale that happened at `at`, now or earlier."""
        group = self._group_of[site]
        if isinstance(group.feed, EventFeed):
            self._send_event(at, group.feed, cell, site)
        else:
            group.changed.append(cell)

    def deliver(self, now: float) -> None:
        """Tell the router all event news whose latency is over."""
        if self._catch_up is not None:
            self._catch_up(now)
        queue = self._queue
        while queue and queue[0][0] <= now:
            _, observed_at, cell, on_hand, picked = queue.popleft()
            site = cell % len(self._group_of)
            self._tell(
                StockNews(
                    observed_at,
                    np.array([site]),
                    np.array([cell]),
                    np.array([on_hand], dtype=np.int32),
                    np.array([picked], dtype=np.int32),
                )
            )

    def age_of(self, site: int, now: float) -> float:
        """Return how old the news of a site is, minutes; silence of an event feed means nothing has changed."""
        feed = self._group_of[site].feed
        return feed.latency if isinstance(feed, EventFeed) else now - float(self.observed_at[site])

    def _send_event(self, at: float, feed: EventFeed, cell: int, site: int) -> None:
        picked = int(self._picked[cell])
        self._picked[cell] = 0
        arrives = at + feed.latency
        message = (arrives, at, cell, max(int(self._stock.record_cells[cell]), 0), picked)
        queue = self._queue
        if not queue or queue[-1][0] <= arrives:
            queue.append(message)
            return
        later = []
        while queue and queue[-1][0] > arrives:
            later.append(queue.pop())
        queue.append(message)
        queue.extend(reversed(later))

    def _poll(self, group: _Group, feed: PollFeed, walk_ins: WalkIns) -> Generator[simpy.Event, None, None]:
        while True:
            yield self._env.timeout(feed.every)
            self._read(group, feed.latency, walk_ins)

    def _batch(self, group: _Group, feed: BatchFeed, walk_ins: WalkIns) -> Generator[simpy.Event, None, None]:
        zone = self._network.sites[int(group.sites[0])].time_zone
        day = -1
        while True:
            at = self._network.clock.minute(day, feed.at, zone)
            day += 1
            if at > self._env.now:
                yield self._env.timeout(at - self._env.now)
                self._read(group, feed.latency, walk_ins)

    def _read(self, group: _Group, latency: float, walk_ins: WalkIns) -> None:
        """Read the books of a group and send what has changed since the last reading."""
        now = self._env.now
        if group.visited:
            walk_ins.catch_up(now)
        cells = group.take_changed()
        news = StockNews(now, group.sites, cells, self._stock.told(cells), self._picked[cells])
        self._picked[cells] = 0
        if latency > 0:
            self._env.timeout(latency, news).callbacks.append(lambda event: self._tell(event.value))
        else:
            self._tell(news)

    def _tell(self, news: StockNews) -> None:
        self.told.reshape(-1)[news.cells] = news.on_hand
        self.observed_at[news.sites] = news.observed_at
        self._router.observe(news)
