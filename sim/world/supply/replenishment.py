"""Supply: sites are reviewed, and order by their rule, or by the forecast alone, from suppliers or from a DC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.chance.forecast_orders import ForecastOrders
from sim.network.geo import great_circle_km
from sim.network.site import SiteKind
from sim.scenario.blocks.feeds import Movement
from sim.scenario.blocks.ordering import Reviews, to_order
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.supply import Opening, Supply
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.disruptions import LateSupply
    from sim.world.news.feeds import Feeds
    from sim.world.stock.open_units import OpenUnits
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns
    from sim.world.supply.goods_in import GoodsIn

REVIEW_MINUTE = 4 * 60.0  # of each day, on the scenario's clock


class Replenishment:
    """Reviews and orders.

    Parameters
    ----------
    open_units
        What is owed from each shelf; None where nobody looks at it.
    """

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        supply: Supply | LateSupply,
        opening: Opening,
        stock: Stock,
        goods_in: GoodsIn,
        feeds: Feeds,
        walk_ins: WalkIns,
        open_units: OpenUnits | None,
        ledger: Ledger,
    ) -> None:
        self._env = env
        self._supply = supply
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._goods_in = goods_in
        self._plan = scenario.stock_plan
        self._sites = len(scenario.network.sites)
        self._rules = [block.stock for block in scenario.site_blocks]
        self._ours = [site.kind is not SiteKind.VENDOR for site in scenario.network.sites]
        self._due = Reviews(scenario)
        by_forecast = scenario.file.replenishment == "forecast"
        self._forecast = ForecastOrders(scenario, opening) if by_forecast else None
        # sites with one rule and no debts are reviewed together, as one block
        self._alike = len({(r.policy, r.minimum_order, r.multiple, r.net_of_orders) for r in self._rules}) == 1
        self._open_units = open_units
        self._source = [_nearest_dc(scenario, j) if r.supplied_by == "dc" else -1 for j, r in enumerate(self._rules)]
        self._unit_cost = np.array([product.unit_cost_cents for product in scenario.network.products])
        self._on_order = goods_in.on_order
        env.process(self._reviews(opening))

    def position(self, skus: NDArray[np.int64] | slice | int, site: int) -> NDArray[np.int32]:
        """Return what a site has on record and on order of some products, less what it owes if that counts."""
        position: NDArray[np.int32] = self._stock.on_record[skus, site] + self._on_order[skus, site]
        if self._open_units is not None and self._rules[site].net_of_orders:
            position = position - self._open_units.units[skus, site]
        return position

    def send_for(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32], minutes: float) -> None:
        """Send for goods that are on the shelf after so many minutes; they are on order from now."""
        self._on_order[skus, site] += units
        self._book(site, len(skus), int(units.sum()), int(self._unit_cost[skus] @ units))
        self._goods_in.send(site, skus, units, minutes)
        self._goods_in.tell([site])

    def _reviews(self, opening: Opening) -> Generator[simpy.Event, None, None]:
        yield self._env.timeout(REVIEW_MINUTE)
        self._goods_in.send_for_opening(opening)
        day = 0
        while True:
            self._review(self._due.on(day), day)
            yield self._env.timeout(MINUTES_PER_DAY)
            day += 1

    def _review(self, sites: NDArray[np.int64], day: int) -> None:
        if sites.size == 0:
            return
        self._walk_ins.catch_up(self._env.now)
        if self._forecast is not None:
            wanted = self._forecast.on(day, sites)
        elif self._alike and not self._rules[0].net_of_orders:
            position = self._stock.on_record[:, sites] + self._on_order[:, sites]
            point, level = self._plan.reorder_point[:, sites], self._plan.order_up_to[:, sites]
            wanted = to_order(self._rules[0], position, point, level)
        else:
            columns = [self._wanted(j) for j in sites.tolist()]
            wanted = np.stack(columns, axis=1)
        ordering = np.flatnonzero(wanted.any(axis=0)).tolist()
        for k in ordering:
            self._order(int(sites[k]), wanted[:, k], day)
        if ordering:
            self._goods_in.tell(sites[ordering].tolist())

    def _wanted(self, site: int) -> NDArray[np.int32]:
        point, level = self._plan.reorder_point[:, site], self._plan.order_up_to[:, site]
        return to_order(self._rules[site], self.position(slice(None), site), point, level)

    def _order(self, site: int, wanted: NDArray[np.int32], day: int) -> None:
        """Send for goods; each arrives some whole days later at the hour of review."""
        source = self._source[site]
        if source >= 0:
            wanted = self._taken_from(source, site, wanted)
        skus = np.flatnonzero(wanted)
        if skus.size == 0:
            return
        units = wanted[skus]
        self._on_order[skus, site] += units
        self._book(site, len(skus), int(units.sum()), int(self._unit_cost[skus] @ units))
        days = self._supply.lead_days(site, day)[skus]
        if self._rules[site].supplier_fill < 1:
            days = days * np.where(self._supply.unfilled(site, day)[skus], 2, 1)
        for lead in np.unique(days).tolist():
            those = days == lead
            self._goods_in.send(site, skus[those], units[those], lead * MINUTES_PER_DAY, source)

    def _taken_from(self, source: int, site: int, wanted: NDArray[np.int32]) -> NDArray[np.int32]:
        """Take goods off a DC's shelves, as far as they go, and return what was taken."""
        skus = np.flatnonzero(wanted)
        cells = skus * self._sites + source
        taken = np.zeros_like(wanted)
        taken[skus] = self._stock.sell(cells, wanted[skus])
        self._feeds.changed_many(cells, Movement.TRANSFERS)
        some = np.flatnonzero(taken)
        count = len(some)
        columns = [np.full(count, self._env.now), some, np.full(count, source), np.full(count, site), taken[some]]
        self._ledger.transfers.extend(columns)
        return taken

    def _book(self, site: int, lines: int, units: int, value: int) -> None:
        if not self._ours[site]:  # a vendor restocks for himself
            return
        rule = self._rules[site]
        cents = round(rule.cost_per_order + rule.cost_per_unit * units)
        self._ledger.supply_orders.append((self._env.now, site, lines, units, cents, value))


def _nearest_dc(scenario: Scenario, site: int) -> int:
    sites = scenario.network.sites
    dcs = [j for j, each in enumerate(sites) if each.kind is SiteKind.DC]
    lat, lon = (np.array([getattr(sites[j], name) for j in dcs]) for name in ("lat", "lon"))
    here = sites[site]
    away = great_circle_km(np.array([here.lat]), np.array([here.lon]), lat, lon)[0]
    return dcs[int(away.argmin())]
