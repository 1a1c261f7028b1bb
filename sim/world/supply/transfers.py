"""Rebalancing: on review days sites with a surplus send to sites that are about to run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.network.geo import great_circle_km
from sim.scenario.blocks.feeds import Movement
from sim.units import MINUTES_PER_DAY
from sim.world.supply.replenishment import REVIEW_MINUTE

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.scenario.blocks.transfers import TransfersBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.stock.open_units import OpenUnits
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns
    from sim.world.supply.goods_in import GoodsIn

Freight = dict[tuple[int, int], list[tuple[int, int]]]


class Transfers:
    """Sends goods from site to site."""

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        block: TransfersBlock,
        tape: Tape,
        stock: Stock,
        goods_in: GoodsIn,
        open_units: OpenUnits,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
    ) -> None:
        self._env = env
        self._block = block
        self._tape = tape
        self._stock = stock
        self._goods_in = goods_in
        self._open_units = open_units
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._lead = block.lead.build()
        sites = scenario.network.sites
        self._sites = len(sites)
        self._ids = [site.id for site in sites]
        self._members = np.array([j for j, site in enumerate(sites) if site.kind in block.between], dtype=np.int64)
        self._nearest = _nearest(scenario, self._members, block.within)
        self._unit_cost = np.array([product.unit_cost_cents for product in scenario.network.products])
        self._demand = scenario.stock_plan.daily_demand[:, self._members]
        env.process(self._reviews())

    def _reviews(self) -> Generator[simpy.Event, None, None]:
        yield self._env.timeout(REVIEW_MINUTE)
        day = 0
        while True:
            self._review(day)
            yield self._env.timeout(self._block.review_every * MINUTES_PER_DAY)
            day += self._block.review_every

    def _review(self, day: int) -> None:
        self._walk_ins.catch_up(self._env.now)
        for (source, site), lines in sorted(self._wanted().items()):
            if sum([units for _, units in lines]) >= self._block.least_units:
                self._send(source, site, lines, day)

    def _wanted(self) -> Freight:
        """Return what should go from where to where."""
        block, members = self._block, self._members
        free = self._stock.on_record[:, members] - self._open_units.units[:, members]
        position = free + self._goods_in.on_order[:, members]
        lacking = np.maximum(np.ceil(block.shortage_under * self._demand) - position, 0).astype(np.int64)
        spare = np.maximum(free - np.ceil(block.surplus_over * self._demand), 0).astype(np.int64)
        cover = position / np.maximum(self._demand, 1e-300)
        freight: Freight = {}
        for sku in np.flatnonzero(lacking.any(axis=1) & spare.any(axis=1)).tolist():
            there = spare[sku]
            for k in np.argsort(cover[sku], kind="stable").tolist():
                wanted = int(lacking[sku, k])
                for i in self._nearest[k] if wanted else ():
                    units = min(wanted, int(there[i]))
                    if units:
                        there[i] -= units
                        wanted -= units
                        pair = int(members[i]), int(members[k])
                        freight.setdefault(pair, []).append((sku, units))
        return freight

    def _send(self, source: int, site: int, lines: list[tuple[int, int]], day: int) -> None:
        """Take goods off a shelf, as far as they are there, and send them on their way."""
        now = self._env.now
        skus = np.array([sku for sku, _ in lines], dtype=np.int64)
        cells = skus * self._sites + source
        units = self._stock.sell(cells, np.array([units for _, units in lines], dtype=np.int32))
        self._feeds.changed_many(cells, Movement.TRANSFERS)
        skus, units = skus[units > 0], units[units > 0]
        count, total = len(skus), int(units.sum())
        if not count:
            return
        columns = [np.full(count, now), skus, np.full(count, source), np.full(count, site), units]
        self._ledger.transfers.extend(columns)
        cents = round(self._block.cost_per_transfer + self._block.cost_per_unit * total)
        value = int(self._unit_cost[skus] @ units)
        self._ledger.journeys.append((now, source, site, count, total, cents, value))
        luck = self._tape.uniform("transfers", f"{self._ids[source]}>{self._ids[site]}", day, 1)
        self._goods_in.on_order[skus, site] += units
        self._goods_in.send(site, skus, units, self._lead.quantile(float(luck[0])), source, self._lead.mean)
        self._goods_in.tell([site])


def _nearest(scenario: Scenario, members: NDArray[np.int64], within: float | None) -> list[list[int]]:
    """Return, for each member, the places of the others in `members`, the nearest first, as far as may be."""
    sites = scenario.network.sites
    lat, lon = (np.array([getattr(sites[j], name) for j in members]) for name in ("lat", "lon"))
    away = great_circle_km(lat, lon, lat, lon)
    limit = np.inf if within is None else within
    return [
        [i for i in np.argsort(row, kind="stable").tolist() if i != k and row[i] <= limit] for k, row in enumerate(away)
    ]
