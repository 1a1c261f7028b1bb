"""Simple supply: each site is reviewed every so many days and ordered up to its level from outside the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.supply import Opening, Supply
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.feeds import Feeds
    from sim.world.records import Records
    from sim.world.stock import Stock
    from sim.world.supply_news import SupplyNews
    from sim.world.walk_ins import WalkIns

REVIEW_MINUTE = 4 * 60.0  # of each day, on the scenario's clock


class Replenishment:
    """Reviews, orders and receives."""

    def __init__(
        self,
        env: simpy.Environment,
        scenario: Scenario,
        supply: Supply,
        opening: Opening,
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
        news: SupplyNews | None = None,
        records: Records | None = None,
    ) -> None:
        self._env = env
        self._supply = supply
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._news = news
        self._records = records
        self._plan = scenario.stock_plan
        self._sites = len(scenario.network.sites)
        rules = [block.stock for block in scenario.site_blocks]
        self._lots = np.array([rule.order == "quantity" for rule in rules])
        self._every = np.array([rule.review_every for rule in rules])
        self._on_order = np.zeros_like(stock.on_hand)
        np.add.at(self._on_order.reshape(-1), opening.cells, opening.units)
        env.process(self._reviews(opening))

    def _reviews(self, opening: Opening) -> Generator[simpy.Event, None, None]:
        yield self._env.timeout(REVIEW_MINUTE)
        self._send_for_opening(opening)
        day = 0
        while True:
            # sites of a kind take turns, so that not all stores are reviewed on the same day
            turn = (day + np.arange(self._sites)) % self._every == 0
            self._review(np.flatnonzero(turn), day)
            yield self._env.timeout(MINUTES_PER_DAY)
            day += 1

    def _send_for_opening(self, opening: Opening) -> None:
        """Let what was ordered before the start arrive when it is due."""
        site = opening.cells % self._sites
        seams = np.flatnonzero((np.diff(opening.arrives) != 0) | (np.diff(site) != 0)) + 1
        for cells, units, days in zip(
            np.split(opening.cells, seams),
            np.split(opening.units, seams),
            np.split(opening.arrives, seams),
            strict=True,
        ):
            if cells.size:
                self._ship(int(cells[0]) % self._sites, cells // self._sites, units, int(days[0]))
        if self._news is not None:
            self._news.tell(self._env.now, range(self._sites))

    def _review(self, sites: NDArray[np.int64], day: int) -> None:
        self._walk_ins.catch_up(self._env.now)
        position = self._stock.on_record[:, sites] + self._on_order[:, sites]
        level, point = self._plan.order_up_to[:, sites], self._plan.reorder_point[:, sites]
        wanted = level - position
        if (lots := self._lots[sites]).any():
            quantity = np.maximum(level - point, 1)
            wanted = np.where(lots, ((point - position) // quantity + 1) * quantity, wanted)
        order = np.where((position <= point) & (level > 0), wanted, 0).astype(np.int32)
        self._on_order[:, sites] += order
        ordering = np.flatnonzero(order.any(axis=0)).tolist()
        for k in ordering:
            self._order(int(sites[k]), order[:, k], day)
        if self._news is not None and ordering:
            self._news.tell(self._env.now, sites[ordering].tolist())

    def _order(self, site: int, units: NDArray[np.int32], day: int) -> None:
        """Send for goods; each arrives some whole days later at the hour of review."""
        skus = np.flatnonzero(units)
        days = self._supply.lead_days(site, day)[skus]
        for lead in np.unique(days).tolist():
            those = skus[days == lead]
            self._ship(site, those, units[those], lead)

    def _ship(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32], days: int) -> None:
        if self._news is not None:
            self._news.ordered(self._env.now, site, skus, units)
        arrival = self._env.timeout(days * MINUTES_PER_DAY, (site, skus, units))
        arrival.callbacks.append(lambda event: self._receive(*event.value))

    def _receive(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        now = self._env.now
        self._walk_ins.catch_up(now)
        cells = skus * self._sites + site
        count = len(skus)
        self._ledger.receipts.extend([np.full(count, now), skus, np.full(count, site), units])
        self._stock.receive(cells, units)
        if self._records is None:
            self._on_shelf(site, skus, units)
        elif after := self._records.put_away_after[site]:
            self._records.dock(now, cells, units)
            put_away = self._env.timeout(after, (site, skus, units))
            put_away.callbacks.append(lambda event: self._put_away(*event.value))
        else:
            self._records.miscount(now, site, skus, units)
            self._on_shelf(site, skus, units)

    def _put_away(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        assert self._records is not None, "only where there are records does anything wait at the dock"
        self._walk_ins.catch_up(self._env.now)
        self._records.put_away(self._env.now, skus * self._sites + site, units)
        self._records.miscount(self._env.now, site, skus, units)
        self._on_shelf(site, skus, units)

    def _on_shelf(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        self._on_order[skus, site] -= units
        self._feeds.changed_many(skus * self._sites + site)
        if self._news is not None:
            self._news.received(site, skus)
            self._news.tell(self._env.now, [site])
