"""Simple supply: each site is reviewed every so many days and ordered up to its level from outside the network.

Unless the scenario names its opening stock, it is drawn as if this had been going on for long: the position lies evenly
between reorder point and order-up-to level, and what was ordered within the last lead time is still on its way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.laws import Law
    from sim.ledger.ledger import Ledger
    from sim.network.site import SiteKind
    from sim.scenario.load import Scenario
    from sim.world.feeds import Feeds
    from sim.world.stock import Stock
    from sim.world.walk_ins import WalkIns

REVIEW_MINUTE = 4 * 60.0  # of each day, on the scenario's clock


def opening_stock(scenario: Scenario, tape: Tape) -> tuple[NDArray[np.int32], list[NDArray[np.int32]]]:
    """Return units on hand (products, sites), and what is on its way: entry k arrives on day k, same shape."""
    if scenario.opening_stock is not None:
        return scenario.opening_stock, [np.zeros_like(scenario.opening_stock)]
    plan, network = scenario.stock_plan, scenario.network
    laws = [scenario.file.site_kinds[site.kind].stock.supply_lead.build() for site in network.sites]
    lead_days = [max(1, round(law.mean / MINUTES_PER_DAY)) for law in laws]
    on_hand = np.zeros_like(plan.order_up_to)
    on_the_way = [np.zeros_like(on_hand) for _ in range(max(lead_days))]
    for j, site in enumerate(network.sites):
        size = len(network.products)
        point, level = plan.reorder_point[:, j], plan.order_up_to[:, j]
        luck = tape.uniform("opening_position", site.id, 0, size)
        position = point + np.ceil(luck * (level - point)).astype(np.int32)
        recent = plan.daily_demand[:, j] * lead_days[j]
        # a product's recent orders: its demand over the lead time, rounded up or down by chance
        ordered = np.floor(recent + tape.uniform("opening_orders", site.id, 0, size)).astype(np.int32)
        ordered = np.minimum(ordered, position)
        on_hand[:, j] = position - ordered
        day = (tape.uniform("opening_arrival", site.id, 0, size) * lead_days[j]).astype(int)
        for k in range(lead_days[j]):
            on_the_way[k][:, j] = np.where(day == k, ordered, 0)
    return on_hand, on_the_way


def _whole_days(law: Law, luck: float) -> int:
    return max(1, round(law.quantile(luck) / MINUTES_PER_DAY))


class Replenishment:
    """Reviews, orders and receives."""

    def __init__(
        self,
        env: simpy.Environment,
        scenario: Scenario,
        tape: Tape,
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
        on_the_way: list[NDArray[np.int32]],
    ) -> None:
        self._env = env
        self._tape = tape
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._plan = scenario.stock_plan
        self._sites = scenario.network.sites
        rules = [scenario.file.site_kinds[site.kind].stock for site in self._sites]
        self._every = np.array([rule.review_every for rule in rules])
        self._laws = [rule.supply_lead.build() for rule in rules]
        self._by_vendor = [rule.supplied_by == "vendors" for rule in rules]
        self._leads: dict[SiteKind, tuple[int, NDArray[np.int64]]] = {}
        self._on_order: NDArray[np.int32] = np.sum(on_the_way, axis=0, dtype=np.int32)
        env.process(self._reviews(on_the_way))

    def _reviews(self, on_the_way: list[NDArray[np.int32]]) -> Generator[simpy.Event, None, None]:
        yield self._env.timeout(REVIEW_MINUTE)
        for days, units in enumerate(on_the_way):
            for j in np.flatnonzero(units.any(axis=0)).tolist():
                self._ship(j, units[:, j], days)
        day = 0
        while True:
            # sites of a kind take turns, so that not all stores are reviewed on the same day
            turn = (day + np.arange(len(self._sites))) % self._every == 0
            self._review(np.flatnonzero(turn), day)
            yield self._env.timeout(MINUTES_PER_DAY)
            day += 1

    def _review(self, sites: NDArray[np.int64], day: int) -> None:
        self._walk_ins.catch_up(self._env.now)
        position = self._stock.on_hand[:, sites] + self._on_order[:, sites]
        level, point = self._plan.order_up_to[:, sites], self._plan.reorder_point[:, sites]
        order = np.where(position <= point, level - position, 0).astype(np.int32)
        self._on_order[:, sites] += order
        for k in np.flatnonzero(order.any(axis=0)).tolist():
            self._order(int(sites[k]), order[:, k], day)

    def _order(self, site: int, units: NDArray[np.int32], day: int) -> None:
        """Send for goods; each arrives some whole days later at the hour of review."""
        if not self._by_vendor[site]:
            luck = max(float(self._tape.uniform("supply_lead", self._sites[site].id, day, 1)[0]), 2.0**-53)
            self._ship(site, units, _whole_days(self._laws[site], luck))
            return
        days = self._vendor_days(self._sites[site].kind, self._laws[site], day)
        for lead in np.unique(days[units > 0]).tolist():
            self._ship(site, np.where(days == lead, units, 0), lead)

    def _vendor_days(self, kind: SiteKind, law: Law, day: int) -> NDArray[np.int64]:
        """Return each vendor's lead time for what is ordered on a day; all sites of a kind share it."""
        found = self._leads.get(kind)
        if found is None or found[0] != day:
            luck = np.maximum(self._tape.uniform("vendor_lead", "", day, len(self._stock.on_hand)), 2.0**-53)
            found = self._leads[kind] = day, np.array([_whole_days(law, u) for u in luck.tolist()])
        return found[1]

    def _ship(self, site: int, units: NDArray[np.int32], days: int) -> None:
        skus = np.flatnonzero(units)
        message = site, skus, units[skus]
        self._env.timeout(days * MINUTES_PER_DAY, message).callbacks.append(lambda event: self._receive(*event.value))

    def _receive(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        now = self._env.now
        self._walk_ins.catch_up(now)
        cells = skus * len(self._sites) + site
        self._stock.receive(cells, units)
        self._on_order[skus, site] -= units
        self._feeds.changed_many(cells)
        count = len(skus)
        self._ledger.receipts.extend([np.full(count, now), skus, np.full(count, site), units])
