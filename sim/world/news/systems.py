"""Several systems that speak for one site: what the order system makes of them.

Each system tells, of each of its own movements, the units so moved in all since the start, as of the moment t at which
it read its books. The order system keeps of every movement of a cell what was observed last, and

    on hand = opening stock + picks + receipts + transfers + sales + corrections, each as last observed.

So what a snapshot of all movements, taken at t, means for news of another system is this:

- it has everything that happened until t: news observed before t that comes later adds nothing;
- it knows nothing of what happened after t: news of a movement observed after t stands, whenever the snapshot comes,
  and the snapshot sets only the movements of which nothing later is known;
- nothing is counted twice and nothing that was lost stays lost: of each movement the next news, or snapshot, tells all.

Promises follow the same rule as with one system (`routing/belief/belief.py`): the units picked in all are those of the
system that tells of picks, so a promise is over when that system has told of its pick, not when the till has spoken.
What is put together is as old as its oldest part: of each movement the freshest system counts, of the movements the
one known longest ago. A shelf that was found empty is believed to be so until all movements are known beyond that.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.contract.news import StockNews
from sim.scenario.blocks.feeds import Movement, SystemsFeed
from sim.world.news.feeds import Feeds, put_in_order

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

NOTHING = np.zeros(0, dtype=np.int32)


class Systems(Feeds):
    """Carries the stock news of all sites where several systems speak for some of them."""

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        stock: Stock,
        router: Router,
        tape: Tape | None = None,
    ) -> None:
        super().__init__(env, scenario, stock, router, tape)
        sites = len(scenario.network.sites)
        self._several = np.array([isinstance(block.feed, SystemsFeed) for block in scenario.site_blocks])
        self._speaking: list[list[Group]] = [[] for _ in range(sites)]
        for group in self._groups:
            for j in group.sites.tolist():
                self._speaking[j].append(group)
        # who tells of a movement, by site
        self._tellers = [
            [tuple([group for group in groups if what in group.tells]) for what in Movement]
            for groups in self._speaking
        ]
        several = np.flatnonzero(self._several).tolist()
        companies = [{self._tellers[j][what] for j in several} for what in Movement]
        # mostly sites speak together, and a block of changes is theirs as it is
        self._only_company = [found.pop() if len(found) == 1 else None for found in companies]
        for j in several:
            self.by_event[j] = any(group.by_event for group in self._tellers[j][Movement.SALES])
        self._opening = stock.record_cells.copy()
        self._seen = stock.record_cells.copy()
        # by movement, each of shape (products * sites,)
        self._moved = [np.zeros_like(stock.cells) for _ in Movement]
        self._heard = [np.zeros_like(stock.cells) for _ in Movement]
        self._heard_in_all = np.zeros_like(stock.cells)
        self._heard_at = [np.zeros(stock.cells.size) for _ in Movement]
        self._read_at = {group: np.zeros(sites) for group in self._groups}
        self._parts: deque[tuple[float, float, Group, int, tuple[int, ...]]] = deque()
        self._chains = [self._chains_of(scenario, j) for j in range(sites)]
        self._kinds = list(dict.fromkeys(self._chains))
        number = {chains: k for k, chains in enumerate(self._kinds)}
        self._kind_of = np.array([number[chains] for chains in self._chains])

    def _chains_of(self, scenario: Scenario, site: int) -> tuple[tuple[Group, ...], ...]:
        """Return who tells of each movement that can happen at a site, each such company once."""
        drifts = scenario.site_blocks[site].records is not None
        known = [self._tellers[site][what] for what in Movement if what is not Movement.CORRECTIONS or drifts]
        return tuple(dict.fromkeys(known))

    def die(self, site: int, walk_ins: WalkIns, system: str = "") -> None:
        """Let a site, or one of its systems, say nothing from now on; what is under way arrives."""
        walk_ins.catch_up(self._env.now)
        for group in self._named(site, system):
            group.dead_since[site] = self._env.now

    def revive(self, site: int, walk_ins: WalkIns, tell: Literal["full", "delta", "nothing"], system: str = "") -> None:
        """Let them speak again, and tell at once all their counts, those that have changed, or nothing of them."""
        walk_ins.catch_up(self._env.now)
        for group in self._named(site, system):
            self._revive(site, walk_ins, group, tell)

    def _named(self, site: int, system: str) -> list[Group]:
        return [group for group in self._speaking[site] if system in ("", group.system)]

    def picked(self, site: int, sku: int, quantity: int) -> None:
        """Note that units were taken off a shelf for one of the router's parcels."""
        if not self._several[site]:
            super().picked(site, sku, quantity)
            return
        cell = sku * len(self._several) + site
        self._moved[Movement.PICKS][cell] -= quantity
        self._seen[cell] -= quantity
        self._pass_on(self._env.now, site, cell, Movement.PICKS)

    def changed(self, site: int, cell: int, what: Movement) -> None:
        """Note that one count changed just now, and by what."""
        if self._several[site]:
            self._note(self._env.now, site, cell, what)
        else:
            super().changed(site, cell, what)

    def sold(self, at: float, site: int, cell: int, what: Movement = Movement.SALES) -> None:
        """Note one walk-in sale, or what else goes on unseen, that happened at `at`, now or earlier."""
        if self._several[site]:
            self._note(at, site, cell, what)
        else:
            super().sold(at, site, cell, what)

    def changed_many(self, cells: NDArray[np.int64], what: Movement) -> None:
        """Note that many counts changed just now, each named once, and by what."""
        site = cells % len(self._several)
        several = self._several[site]
        if not several.all():
            super().changed_many(cells[~several], what)
            cells, site = cells[several], site[several]
        if not cells.size:
            return
        records = self._stock.record_cells[cells]
        self._moved[what][cells] += records - self._seen[cells]
        self._seen[cells] = records
        company = self._only_company[what]
        if company is not None and not any([group.by_event for group in company]):
            for group in company:
                group.changed_blocks.append(cells)
            return
        now, tellers = self._env.now, self._tellers
        for j, cell in zip(site.tolist(), cells.tolist(), strict=True):
            for group in tellers[j][what]:
                if group.by_event:
                    self._send_part(now, group, cell)
                else:
                    group.changed.append(cell)

    def deliver(self, now: float) -> None:
        """Tell the router all event news whose latency is over."""
        super().deliver(now)
        self._hear_events(now)

    def age_of(self, site: int, now: float) -> float:
        """Return how old what is known of a site is, minutes: as old as its oldest part."""
        return now - self._known_until(site, now) if self._several[site] else super().age_of(site, now)

    def _known_until(self, site: int, now: float) -> float:
        return min([max([self._heard_until(group, site, now) for group in known]) for known in self._chains[site]])

    def _all_known_until(self, sites: NDArray[np.int64], now: float) -> NDArray[np.float64]:
        """Return the same for many sites: those of which the same groups speak are reckoned as one block."""
        until, kinds = np.empty(len(sites)), self._kind_of[sites]
        for kind in np.unique(kinds).tolist():
            those = kinds == kind
            members = sites[those]
            until[those] = np.minimum.reduce([
                np.maximum.reduce([self._all_heard_until(group, members, now) for group in known])
                for known in self._kinds[kind]
            ])  # fmt: skip
        return until

    def _all_heard_until(self, group: Group, sites: NDArray[np.int64], now: float) -> NDArray[np.float64]:
        if not group.by_event:
            return self._read_at[group][sites]
        if group.dead_since:
            return np.array([self._heard_until(group, site, now) for site in sites.tolist()])
        return np.full(len(sites), max(now - group.latency, 0.0))

    def _heard_until(self, group: Group, site: int, now: float) -> float:
        if group.by_event:  # silence means that nothing has changed
            return max(group.dead_since.get(site, now) - group.latency, 0.0)
        return self._read_at[group].item(site)

    def _note(self, at: float, site: int, cell: int, what: Movement) -> None:
        record = self._stock.record_cells.item(cell)
        self._moved[what][cell] += record - self._seen.item(cell)
        self._seen[cell] = record
        self._pass_on(at, site, cell, what)

    def _pass_on(self, at: float, site: int, cell: int, what: Movement) -> None:
        for group in self._tellers[site][what]:
            if group.by_event:
                self._send_part(at, group, cell)
            else:
                group.changed.append(cell)

    def _send_part(self, at: float, group: Group, cell: int) -> None:
        if group.dead_since and cell % len(self._several) in group.dead_since:
            group.changed.append(cell)
            return
        totals = tuple([self._moved[what].item(cell) for what in group.tells])
        for arrives in group.arrivals(at, cell % len(self._several)):
            put_in_order(self._parts, (arrives, at, group, cell, totals))

    def _hear_events(self, now: float) -> None:
        parts = self._parts
        while parts and parts[0][0] <= now:
            _, at, group, cell, totals = parts.popleft()
            for what, total in zip(group.tells, totals, strict=True):
                if at >= self._heard_at[what].item(cell):
                    self._heard_at[what][cell] = at
                    if total != (known := self._heard[what].item(cell)):
                        self._heard[what][cell] = total
                        self._heard_in_all[cell] += total - known
            site = cell % len(self._several)
            on_hand = max(self._opening.item(cell) + self._heard_in_all.item(cell), 0)
            picked = -self._heard[Movement.PICKS].item(cell)
            self._tell_one(self._known_until(site, now), site, cell, on_hand, picked)

    def _message(
        self, group: Group, sites: NDArray[np.int64], now: float, cells: NDArray[np.int64], whole: bool
    ) -> Callable[[], None]:
        """Return what happens when a message of what has just been read at some sites of a group arrives."""
        if not group.system:
            return super()._message(group, sites, now, cells, whole)
        totals = [self._moved[what][cells] for what in group.tells] if cells.size else []
        return partial(self._hear, group, sites, now, cells, totals, whole)

    def _hear(
        self,
        group: Group,
        sites: NDArray[np.int64],
        at: float,
        cells: NDArray[np.int64],
        totals: list[NDArray[np.int32]],
        whole: bool,
    ) -> None:
        now = self._env.now
        self._hear_events(now)
        for what, total in zip(group.tells, totals, strict=False):  # nothing may have changed
            heard_at, heard, fresh, moved = self._heard_at[what], self._heard[what], cells, total
            newer = heard_at[cells] <= at
            if not newer.all():
                fresh, moved = cells[newer], total[newer]
            heard_at[fresh] = at
            by = moved - heard[fresh]
            some = np.flatnonzero(by)  # of a whole file, hardly any
            self._heard_in_all[fresh[some]] += by[some]
            heard[fresh[some]] = moved[some]
        read_at = self._read_at[group]
        read_at[sites] = np.maximum(read_at[sites], at)
        self._tell_together(sites, cells, now, whole)

    def _tell_together(
        self, sites: NDArray[np.int64], cells: NDArray[np.int64], now: float, whole: bool = False
    ) -> None:
        """Tell the router what is now believed of some cells, as of the moment until which all of it is known."""
        if cells.size:
            on_hand = np.maximum(self._opening[cells] + self._heard_in_all[cells], 0)
            picked = -self._heard[Movement.PICKS][cells]
        else:
            on_hand = picked = NOTHING
        if sites.size == 1:
            self._tell(StockNews(self._known_until(int(sites[0]), now), sites, cells, on_hand, picked, whole))
            return
        stamps = self._all_known_until(sites, now)
        for stamp in np.unique(stamps).tolist():
            those = sites[stamps == stamp]
            if those.size == sites.size:
                self._tell(StockNews(stamp, those, cells, on_hand, picked, whole))
                return
            there = np.zeros(len(self._several), dtype=bool)
            there[those] = True
            mine = there[cells % len(self._several)]
            self._tell(StockNews(stamp, those, cells[mine], on_hand[mine], picked[mine], whole))


def feeds_of(scenario: Scenario) -> type[Feeds]:
    """Return what carries the stock news of a scenario: `Feeds`, unless several systems speak for a site."""
    several = any(isinstance(block.feed, SystemsFeed) for block in scenario.site_blocks)
    return Systems if several else Feeds
