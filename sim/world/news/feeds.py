"""Stock news on its way to the router: by event, by poll, by nightly batch, each after its latency.

News carries changed cells only, with the count on the site's record at the moment of reading and the units picked for
the router's own parcels in all. Sites with the same feed are read at one event and make one message of all that arrives
at one moment; a site whose feed may go dead speaks for itself.

A feed by event needs no event on the clock: its changes wait in a queue, and everything whose latency is over is told
just before the router is next asked anything, which is the first moment it could matter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.contract.news import StockNews
from sim.scenario.blocks.feeds import EventFeed, Movement
from sim.world.news.speakers import groups_of, keep_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.contract.router import Router
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.speakers import Group
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns


class Feeds:
    """Carries the stock news of all sites.

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
        env: Agenda,
        scenario: Scenario,
        stock: Stock,
        router: Router,
        tape: Tape | None = None,
    ) -> None:
        self._env = env
        network = self._network = scenario.network
        self._stock = stock
        self._router = router
        sites = len(network.sites)
        self._picked = np.zeros_like(stock.cells)
        self.told = np.zeros_like(stock.on_hand)
        self._told_cells = self.told.reshape(-1)
        self._alone = [np.array([j]) for j in range(sites)]
        self.observed_at = np.zeros(sites)
        self.by_event = np.array([isinstance(block.feed, EventFeed) for block in scenario.site_blocks])
        self._queue: deque[tuple[float, float, int, int, int]] = deque()
        self._catch_up: Callable[[float], None] | None = None
        self._groups = groups_of(scenario, tape)
        by_site = {j: group for group in self._groups for j in group.sites.tolist()}
        self._group_of = [by_site[j] for j in range(sites)]
        # news may overtake news only where a line is unreliable
        unreliable = any(group.lines for group in self._groups)
        self._told_at = np.zeros(stock.cells.size) if unreliable else None

    def start(self, walk_ins: WalkIns) -> None:
        """Tell the router the opening stock and set the feeds going."""
        told_at_once = {what for group in self._groups if group.visited and group.by_event for what in group.tells}
        if Movement.SALES in told_at_once:
            self._catch_up = walk_ins.catch_up
        elif Movement.CORRECTIONS in told_at_once:
            self._catch_up = walk_ins.catch_up_corrections
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
            keep_time(self._env, self._network, group, partial(self._read, walk_ins))

    def die(self, site: int, walk_ins: WalkIns, system: str = "") -> None:
        """Let a site, or one of its systems, say nothing from now on; what is under way arrives."""
        group = self._group_of[site]
        if group.visited:
            walk_ins.catch_up(self._env.now)
        group.dead_since[site] = self._env.now

    def revive(self, site: int, walk_ins: WalkIns, tell: Literal["full", "delta", "nothing"], system: str = "") -> None:
        """Let a site speak again, and tell at once all its counts, those that have changed, or nothing of them."""
        group = self._group_of[site]
        if group.visited:
            walk_ins.catch_up(self._env.now)
        self._revive(site, walk_ins, group, tell)

    def _revive(self, site: int, walk_ins: WalkIns, group: Group, tell: Literal["full", "delta", "nothing"]) -> None:
        del group.dead_since[site]
        alone = np.array([site])
        if tell == "nothing":
            self._take_changed(group, alone)
        else:
            self._send(walk_ins, group, alone, tell == "full")

    def picked(self, site: int, sku: int, quantity: int) -> None:
        """Note that units were taken off a shelf for one of the router's parcels."""
        cell = sku * len(self._group_of) + site
        self._picked[cell] += quantity
        self._change(self._env.now, site, cell)

    def changed(self, site: int, cell: int, what: Movement) -> None:
        """Note that one count changed just now, and by what."""
        self._change(self._env.now, site, cell)

    def changed_many(self, cells: NDArray[np.int64], what: Movement) -> None:
        """Note that many counts changed just now, each named once, and by what."""
        site = cells % len(self._group_of)
        by_event = self.by_event[site]
        if by_event.any():
            for cell in cells[by_event].tolist():
                self.changed(cell % len(self._group_of), cell, what)
            cells, site = cells[~by_event], site[~by_event]
        if cells.size == 0:
            return
        group = self._group_of[int(site[0])]
        if all(self._group_of[j] is group for j in np.unique(site).tolist()):
            group.changed_blocks.append(cells)
        else:
            for j, cell in zip(site.tolist(), cells.tolist(), strict=True):
                self._group_of[j].changed.append(cell)

    def sold(self, at: float, site: int, cell: int, what: Movement = Movement.SALES) -> None:
        """Note one walk-in sale, or what else goes on unseen, that happened at `at`, now or earlier."""
        self._change(at, site, cell)

    def _change(self, at: float, site: int, cell: int) -> None:
        group = self._group_of[site]
        if group.by_event:
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
            self._tell_one(observed_at, cell % len(self._group_of), cell, on_hand, picked)

    def age_of(self, site: int, now: float) -> float:
        """Return how old the news of a site is, minutes; silence of a living event feed means nothing has changed."""
        group = self._group_of[site]
        if group.by_event:
            return now - group.dead_since.get(site, now) + group.latency
        return now - self.observed_at.item(site)

    def _send_event(self, at: float, group: Group, cell: int) -> None:
        if group.dead_since and cell % len(self._group_of) in group.dead_since:
            group.changed.append(cell)
            return
        picked = self._picked.item(cell)
        on_hand = max(self._stock.record_cells.item(cell), 0)
        if not group.lines:
            put_in_order(self._queue, (at + group.latency, at, cell, on_hand, picked))
        else:
            for arrives in group.arrivals(at, cell % len(self._group_of)):
                put_in_order(self._queue, (arrives, at, cell, on_hand, picked))

    def _read(self, walk_ins: WalkIns, group: Group, whole: bool) -> None:
        """Read the books of those of a group that speak, and send what has changed since, or the `whole` of it."""
        sites = group.alive()
        if sites.size:
            self._send(walk_ins, group, sites, whole)

    def _send(self, walk_ins: WalkIns, group: Group, sites: NDArray[np.int64], whole: bool) -> None:
        now = self._env.now
        if group.visited:
            walk_ins.catch_up(now)
        cells = self._take_changed(group, sites)
        if whole:
            every = len(self._group_of)
            cells = (np.arange(self._stock.cells.size // every)[:, None] * every + sites).reshape(-1)
        if group.lines:
            for arrives, members in group.together(now, sites):
                those = np.array(members)
                self._after(arrives - now, self._message(group, those, now, self._of(those, cells), whole))
        elif group.latency > 0:
            self._after(group.latency, self._message(group, sites, now, cells, whole))
        else:
            self._message(group, sites, now, cells, whole)()

    def _take_changed(self, group: Group, sites: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what has changed at some sites of a group since they were last asked."""
        cells = group.take_changed()
        if sites.size == group.sites.size:
            return cells
        there = self._are_of(sites, cells)
        group.changed_blocks.append(cells[~there])
        return cells[there]

    def _of(self, sites: NDArray[np.int64], cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return those of some cells that are at some sites."""
        return cells[self._are_of(sites, cells)]

    def _are_of(self, sites: NDArray[np.int64], cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        there = np.zeros(len(self._group_of), dtype=bool)
        there[sites] = True
        return there[cells % len(self._group_of)]

    def _message(
        self, group: Group, sites: NDArray[np.int64], now: float, cells: NDArray[np.int64], whole: bool
    ) -> Callable[[], None]:
        """Return what happens when a message of what has just been read at some sites of a group arrives."""
        return partial(
            self._tell, StockNews(now, sites, cells, self._stock.told(cells, now), self._picked[cells], whole)
        )

    def _after(self, minutes: float, message: Callable[[], None]) -> None:
        self._env.later(minutes, message)

    def _tell(self, news: StockNews) -> None:
        cells, on_hand = news.cells, news.on_hand
        if self._told_at is not None:
            newer = news.observed_at >= self._told_at[cells]
            cells, on_hand = cells[newer], on_hand[newer]
            self._told_at[cells] = news.observed_at
        self._told_cells[cells] = on_hand
        self.observed_at[news.sites] = np.maximum(self.observed_at[news.sites], news.observed_at)
        self._router.observe(news)

    def _tell_one(self, at: float, site: int, cell: int, on_hand: int, picked: int) -> None:
        """Do so of one cell: an event, and most of all news."""
        if self._told_at is None or at >= self._told_at.item(cell):
            self._told_cells[cell] = on_hand
            if self._told_at is not None:
                self._told_at[cell] = at
        if at > self.observed_at.item(site):
            self.observed_at[site] = at
        counts = np.array((on_hand, picked), dtype=np.int32)
        self._router.observe(StockNews(at, self._alone[site], np.array((cell,)), counts[:1], counts[1:]))


_arrival = itemgetter(0)


def put_in_order(queue: deque[Any], message: tuple[Any, ...]) -> None:
    """Put a message into a queue of such, the first to arrive first; its arrival is its first column."""
    arrives = message[0]
    if not queue or queue[-1][0] <= arrives:
        queue.append(message)
        return
    queue.insert(bisect_right(queue, arrives, key=_arrival), message)
