"""The luck of supply: how long suppliers take, and what a long past has left on the shelves and on the way.

Goods ordered on a day arrive some whole days later. By `vendors`: each product has its own supplier, as late to one
site as to another. By `trucks`: all that a site orders on a day comes together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from sim.scenario.owners import parted
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.laws import Law
    from sim.scenario.load import Scenario

LEAD_POINTS = 4096
ORDERS_A_BLOCK = 64
_Coming = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int32]"]
_Value = TypeVar("_Value", np.int64, np.bool_)


class Opening(NamedTuple):
    """Stock at the start.

    Parameters
    ----------
    on_hand
        Units, shape (products, sites).
    arrives, cells, units
        What is on its way, in order of day and site: the day, the cell (``sku * number_of_sites + site``), how much.
    """

    on_hand: NDArray[np.int32]
    arrives: NDArray[np.int64]
    cells: NDArray[np.int64]
    units: NDArray[np.int32]


@lru_cache
def lead_table(law: Law) -> NDArray[np.int64]:
    """Return a law's quantiles in whole days, at least 1, at `LEAD_POINTS` evenly spread probabilities."""
    probabilities = (np.arange(LEAD_POINTS) + 0.5) / LEAD_POINTS
    return np.array([max(1, round(law.quantile(u) / MINUTES_PER_DAY)) for u in probabilities.tolist()])


class Supply:
    """Lead times of all sites.

    Parameters
    ----------
    uniform
        ``uniform(source, entity, day, size)`` of the tape.
    """

    def __init__(self, scenario: Scenario, uniform: Callable[[str, str, int, int], NDArray[np.float64]]) -> None:
        self._uniform = uniform
        self._plan = scenario.usual_plan
        self._given = scenario.opening_stock
        self._owners = len(scenario.owners)
        self._scenario = scenario
        self._ids = [site.id for site in scenario.network.sites]
        rules = [block.stock for block in scenario.site_blocks]
        self._by_vendors = np.array([rule.supplied_by == "vendors" for rule in rules])
        self._tables = [lead_table(rule.supply_lead.build()) for rule in rules]
        self._vendor_luck = lru_cache(maxsize=8)(self._vendor_points)
        self._order_luck = lru_cache(maxsize=4096)(self._block_of_orders)
        self._laws = [rule.supply_lead.build() for rule in rules]
        self._fill = [rule.supplier_fill for rule in rules]

    def lead_days(self, site: int, day: int) -> NDArray[np.int64]:
        """Return the days to receipt of each product if ordered by a site on a day, shape (products,)."""
        return self._for_owners(self._lead_days(site, day))

    def _for_owners(self, each: NDArray[_Value]) -> NDArray[_Value]:
        """Return what holds of each product for all who own stock of it."""
        return np.repeat(each, self._owners) if self._owners else each

    def _lead_days(self, site: int, day: int) -> NDArray[np.int64]:
        if self._by_vendors[site]:
            return self._tables[site][self._vendor_luck(day)]
        point = _points(self._uniform("truck_lead", self._ids[site], day, 1))
        return np.broadcast_to(self._tables[site][point], len(self._plan.order_up_to))

    def unfilled(self, site: int, day: int) -> NDArray[np.bool_]:
        """Return the products of which what a site orders on a day cannot be sent at once, shape (products,)."""
        if self._fill[site] == 1:
            return np.zeros(len(self._plan.order_up_to) * max(self._owners, 1), dtype=np.bool_)
        luck = self._uniform(
            "supplier_fill", "" if self._by_vendors[site] else self._ids[site], day, len(self._plan.order_up_to)
        )
        short: NDArray[np.bool_] = luck >= self._fill[site]
        return self._for_owners(short)

    def lead_minutes(self, site: int, sku: int, count: int) -> float:
        """Return how long the `count`-th order of a product by a site takes, where each has a luck of its own."""
        luck = self._order_luck(site, sku, count // ORDERS_A_BLOCK)[:, count % ORDERS_A_BLOCK].tolist()
        lead = self._laws[site].quantile(luck[0])
        return lead if luck[1] < self._fill[site] else lead + self._laws[site].quantile(luck[2])

    def opening(self) -> Opening:
        """Return the stock that is given, or what a long past has left; of each owner his part of it."""
        if self._given is not None:
            nothing = np.empty(0, dtype=np.int64)
            given = self._scenario.opening_receipts or (nothing, nothing, nothing.astype(np.int32))
            return Opening(self._given, *(self._parted(*given) if self._owners else given))
        usual = self._usual_opening()
        if not self._owners:
            return usual
        on_hand = parted(usual.on_hand, self._scenario.owners_parts)
        return Opening(on_hand, *self._parted(usual.arrives, usual.cells, usual.units))

    def _parted(self, day_of: NDArray[np.int64], cell_of: NDArray[np.int64], units_of: NDArray[np.int32]) -> _Coming:
        """Return of what comes each owner's part."""
        parts, shape = self._scenario.owners_parts, self._plan.order_up_to.shape
        sites = shape[1]
        arrives, cells, units = [day_of[:0]], [cell_of[:0]], [units_of[:0]]
        for day in np.unique(day_of).tolist():
            those = day_of == day
            coming = np.zeros(shape[0] * sites, dtype=np.int32)
            coming[cell_of[those]] = units_of[those]
            of_owners = parted(coming.reshape(shape), parts).reshape(-1)
            some = np.flatnonzero(of_owners)
            some = some[np.lexsort((some, some % sites))]
            arrives.append(np.full(len(some), day))
            cells.append(some)
            units.append(of_owners[some])
        return np.concatenate(arrives), np.concatenate(cells), np.concatenate(units)

    def _usual_opening(self) -> Opening:
        """Return it for all owners together.

        A product's stock position (on hand and on order) falls by its daily demand d from order-up-to level S to
        reorder point s and is then filled up again: an order of Q = S - s every Q / d days. The position at the start
        lies evenly in that cycle, which says when the last orders were placed; those whose lead time is longer than
        that are still on their way, and the rest of the position is on hand.
        """
        plan = self._plan
        products, sites = plan.order_up_to.shape
        quantity = plan.order_up_to - plan.reorder_point
        luck = np.stack([self._uniform("opening", site, 0, products) for site in self._ids], axis=1)
        position = plan.reorder_point + np.ceil(luck * quantity).astype(np.int32)
        with np.errstate(divide="ignore", invalid="ignore"):
            cycle = np.where(plan.daily_demand > 0, quantity / plan.daily_demand, np.inf)
            age = np.where(plan.daily_demand > 0, (1 - luck) * cycle, np.inf)
        longest = np.array([table.max() for table in self._tables])
        on_hand = position.copy()
        arrives, cells, units = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)], [np.empty(0, np.int32)]
        sku, site = np.nonzero(age <= longest)
        while sku.size:
            days_ago = np.maximum(np.ceil(age[sku, site]).astype(np.int64), 1)
            late = self._lead_of(sku, site, days_ago) - days_ago
            # no more can be on order than the position says
            ordered = np.where(late >= 0, np.minimum(quantity[sku, site], on_hand[sku, site]), 0)
            on_hand[sku, site] -= ordered
            some = ordered > 0
            arrives.append(late[some])
            cells.append((sku * sites + site)[some])
            units.append(ordered[some])
            age[sku, site] += cycle[sku, site]
            still = age[sku, site] <= longest[site]
            sku, site = sku[still], site[still]
        day, cell, amount = np.concatenate(arrives), np.concatenate(cells), np.concatenate(units)
        # two orders of one product may arrive together
        keys, which = np.unique(np.stack([day, cell % sites, cell]), axis=1, return_inverse=True)
        total = np.bincount(which, weights=amount).astype(np.int32)
        return Opening(on_hand, keys[0], keys[2], total)

    def _lead_of(
        self, sku: NDArray[np.int64], site: NDArray[np.int64], days_ago: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the lead time of each of many orders."""
        lead = np.empty_like(sku)
        order = np.lexsort((site, days_ago))  # the luck of vendors is drawn once a day for all sites
        together = np.flatnonzero(np.diff(site[order]) | np.diff(days_ago[order])) + 1
        for those in np.split(order, together):
            lead[those] = self._lead_days(int(site[those[0]]), -int(days_ago[those[0]]))[sku[those]]
        return lead

    def _vendor_points(self, day: int) -> NDArray[np.int64]:
        return _points(self._uniform("vendor_lead", "", day, len(self._plan.order_up_to)))

    def _block_of_orders(self, site: int, sku: int, block: int) -> NDArray[np.float64]:
        luck = self._uniform("order_lead", f"{self._ids[site]}/{sku}", block, 3 * ORDERS_A_BLOCK)
        return np.maximum(luck, 2.0**-53).reshape(3, ORDERS_A_BLOCK)


def _points(luck: NDArray[np.float64]) -> NDArray[np.int64]:
    return (luck * LEAD_POINTS).astype(np.int64)
