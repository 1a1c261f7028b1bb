"""Stock news on its way to the router: by event, by poll, by nightly batch, each after its latency.

News carries changed cells only, with the count on the site's record at the moment of reading and the units picked for
the router's own parcels in all. Sites with the same feed are one event and one message, but a site whose messages may
be lost or late, or whose feed may go dead, speaks for itself.

A feed by event needs no event on the clock: its changes wait in a queue, and everything whose latency is over is told
just before the router is next asked anything, which is the first moment it could matter.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.contract.news import StockNews
from sim.scenario.feeds import BatchFeed, EventFeed, PollFeed, is_reliable
from sim.world.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.contract.router import Router
    from sim.scenario.load import Scenario
    from sim.world.stock import Stock
    from sim.world.walk_ins import WalkIns


@dataclass(slots=True, eq=False)
class _Group:
    """Sites that speak together.

    Parameters
    ----------
    visited
        By walk-in customers, or by mishaps.
    latency
        The usual one, minutes.
    line
        What becomes of messages; None where each arrives after `latency`.
    dead_since
        The moment from which nothing is sent; None while the feed lives.
    """

    feed: EventFeed | PollFeed | BatchFeed
    sites: NDArray[np.int64]
    visited: bool
    latency: float
    line: Line | None
    dead_since: float | None = None
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

    Parameters
    ----------
    apart
        Sites whose feed may go dead.

    Attributes
    ----------
    told
        On hand as told to the router by the news read last, shape (products, sites).
    observed_at
        Moment of the latest news told, by site, minutes.
    by_event
        Which sites tell every change at once, shape (sites,).
    """

    def __init__(
        self,
        env: simpy.Environment,
        scenario: Scenario,
        stock: Stock,
        router: Router,
        tape: Tape | None = None,
        apart: Collection[int] = (),
    ) -> None:
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
        groups: dict[tuple[EventFeed | PollFeed | BatchFeed, str, bool, int], list[int]] = {}
        for j, (site, feed) in enumerate(zip(network.sites, feeds, strict=True)):
            zone = site.time_zone if isinstance(feed, BatchFeed) else ""
            alone = -1 if is_reliable(feed) and j not in apart else j
            visited = site.walk_in_size > 0 or scenario.site_blocks[j].records is not None
            groups.setdefault((feed, zone, visited, alone), []).append(j)
        self._groups = []
        by_site = {}
        unreliable = False
        for (feed, _, visited, alone), members in groups.items():
            line = None
            if not is_reliable(feed) and tape is not None:
                line = Line(feed, tape.luck_of("messages", network.sites[alone].id))
                unreliable = True
            group = _Group(feed, np.array(members), visited, feed.latency.build().mean, line)
            self._groups.append(group)
            by_site.update(dict.fromkeys(members, group))
        self._group_of = [by_site[j] for j in range(sites)]
        # news may overtake news only where a line is unreliable
        self._told_at = np.zeros(stock.cells.size) if unreliable else None

    def start(self, walk_ins: WalkIns) -> None:
        """Tell the router the opening stock and set the feeds going."""
        if any(group.visited and isinstance(group.feed, EventFeed) for group in self._groups):
            self._catch_up = walk_ins.catch_up
        cells = np.arange(self._stock.cells.size)
        everything = StockNews(
            0.0,
            np.arange(len(self._network.sites)),
            cells,
            self._stock.told(cells, 0.0),
            np.zeros_like(self._stock.cells),
            whole=True,
        )
        self._tell(everything)
        for group in self._groups:
            if isinstance(group.feed, PollFeed):
                self._env.process(self._poll(group, group.feed, walk_ins))
            elif isinstance(group.feed, BatchFeed):
                self._env.process(self._batch(group, group.feed, walk_ins))
            if group.feed.full_every is not None:
                self._env.process(self._tell_all(group, group.feed.full_every, walk_ins))

    def die(self, site: int, walk_ins: WalkIns) -> None:
        """Let a site of `apart` say nothing from now on; what is under way arrives."""
        group = self._group_of[site]
        if group.visited:
            walk_ins.catch_up(self._env.now)
        group.dead_since = self._env.now

    def revive(self, site: int, walk_ins: WalkIns, tell: Literal["full", "delta", "nothing"]) -> None:
        """Let a site speak again, and tell at once all its counts, those that have changed, or nothing of them."""
        group = self._group_of[site]
        if group.visited:
            walk_ins.catch_up(self._env.now)
        group.dead_since = None
        if tell == "nothing":
            group.take_changed()
        else:
            self._read(group, walk_ins, whole=tell == "full")

    def picked(self, site: int, sku: int, quantity: int) -> None:
        """Note that units were taken off a shelf for one of the router's parcels."""
        cell = sku * len(self._group_of) + site
        self._picked[cell] += quantity
        self.changed(site, cell)

    def changed(self, site: int, cell: int) -> None:
        """Note that one count changed just now."""
        group = self._group_of[site]
        if isinstance(group.feed, EventFeed):
            self._send_event(self._env.now, group, cell)
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
            self._send_event(at, group, cell)
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
        """Return how old the news of a site is, minutes; silence of a living event feed means nothing has changed."""
        group = self._group_of[site]
        if isinstance(group.feed, EventFeed):
            return group.latency if group.dead_since is None else now - group.dead_since + group.latency
        return now - float(self.observed_at[site])

    def _send_event(self, at: float, group: _Group, cell: int) -> None:
        if group.dead_since is not None:
            group.changed.append(cell)
            return
        picked = int(self._picked[cell])
        on_hand = max(int(self._stock.record_cells[cell]), 0)
        if group.line is None:
            self._put_in_queue((at + group.latency, at, cell, on_hand, picked))
        else:
            for arrives in group.line.arrivals(at):
                self._put_in_queue((arrives, at, cell, on_hand, picked))

    def _put_in_queue(self, message: tuple[float, float, int, int, int]) -> None:
        arrives = message[0]
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
            self._read(group, walk_ins, whole=feed.snapshot == "full")

    def _batch(self, group: _Group, feed: BatchFeed, walk_ins: WalkIns) -> Generator[simpy.Event, None, None]:
        zone = self._network.sites[int(group.sites[0])].time_zone
        day = -1
        while True:
            at = self._network.clock.minute(day, feed.at, zone)
            day += 1
            if at > self._env.now:
                yield self._env.timeout(at - self._env.now)
                self._read(group, walk_ins, whole=feed.snapshot == "full")

    def _tell_all(self, group: _Group, every: float, walk_ins: WalkIns) -> Generator[simpy.Event, None, None]:
        while True:
            yield self._env.timeout(every)
            self._read(group, walk_ins, whole=True)

    def _read(self, group: _Group, walk_ins: WalkIns, whole: bool = False) -> None:
        """Read the books of a group and send what has changed since the last reading, or the `whole` of it."""
        if group.dead_since is not None:
            return
        now = self._env.now
        if group.visited:
            walk_ins.catch_up(now)
        cells = group.take_changed()
        if whole:
            sites = len(self._group_of)
            cells = (np.arange(self._stock.cells.size // sites)[:, None] * sites + group.sites).reshape(-1)
        news = StockNews(now, group.sites, cells, self._stock.told(cells, now), self._picked[cells], whole)
        if group.line is not None:
            for arrives in group.line.arrivals(now):
                self._tell_after(arrives - now, news)
        elif group.latency > 0:
            self._tell_after(group.latency, news)
        else:
            self._tell(news)

    def _tell_after(self, minutes: float, news: StockNews) -> None:
        self._env.timeout(minutes, news).callbacks.append(lambda event: self._tell(event.value))

    def _tell(self, news: StockNews) -> None:
        cells, on_hand = news.cells, news.on_hand
        if self._told_at is not None:
            newer = news.observed_at >= self._told_at[cells]
            cells, on_hand = cells[newer], on_hand[newer]
            self._told_at[cells] = news.observed_at
        self.told.reshape(-1)[cells] = on_hand
        self.observed_at[news.sites] = np.maximum(self.observed_at[news.sites], news.observed_at)
        self._router.observe(news)
