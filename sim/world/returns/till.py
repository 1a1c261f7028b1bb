"""Returns brought to a store: the till finds the order, refunds at once, and the unit is soon on that store's shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.returned import State, Way
from sim.network.geo import great_circle_km
from sim.network.site import SiteKind
from sim.units import round_cents

if TYPE_CHECKING:
    from sim.chance.returns import ReturnLuck
    from sim.scenario.blocks.returns import InStore
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.returns.disposal import Disposal
    from sim.world.returns.returned import Returned, Trip


class Till:
    """Takes back what shoppers bring."""

    def __init__(self, env: Agenda, scenario: Scenario, block: InStore, luck: ReturnLuck, disposal: Disposal) -> None:
        self._env = env
        self._block = block
        self._luck = luck
        self._disposal = disposal
        self._products = scenario.network.products
        self._kept = scenario.stock_plan.order_up_to > 0
        self._to_shelf = block.to_shelf.build()
        self._sent_on = block.not_kept.takes.build()
        self._dc = _nearest_dc(scenario) if block.not_kept.then == "to_dc" else []

    def take_back(self, trip: Trip) -> None:
        """Refund what a shopper brings, and sell him something else perhaps."""
        bought = self._block.till_purchase
        if bought is not None and self._luck.buys(trip.first, bought.share):
            trip.units[0].till_cents = round_cents(bought.value)
            trip.units[0].till_margin_cents = round_cents(bought.value * bought.margin)
        for unit in trip.units:
            unit.way, unit.site, unit.state = Way.IN_STORE, trip.store, State.WAITING
            unit.received_at = unit.inspected_at = unit.refunded_at = self._env.now
            unit.refund_cents = self._products[unit.luck.sku].price_cents
            unit.handling_cents = round_cents(self._block.till_cost)
            unit.grade = self._luck.grade(unit.luck, unit.reason)
            self._put(unit, trip.store)

    def _put(self, unit: Returned, store: int) -> None:
        """Put a unit on the shelf, or where it can be dealt with."""
        grade, rest = self._disposal.grades[unit.grade], self._block.not_kept
        if not grade.ends_on_shelf:
            self._disposal.graded(unit, store)
        elif grade.then == "restock" and grade.at is None and self._kept[unit.luck.sku, store]:
            unit.work_cents += round_cents(grade.cost)
            self._disposal.to_shelf(unit, store, self._luck.minutes("to_shelf", self._to_shelf, unit.luck))
        elif rest.recovers is not None:
            unit.work_cents += round_cents(rest.cost)
            self._disposal.liquidate(unit, rest.recovers)
        else:
            unit.work_cents += round_cents(rest.cost)
            unit.state = State.IN_WORK
            minutes = self._luck.minutes("transit", self._sent_on, unit.luck)
            self._env.later(minutes, self._disposal.graded, unit, self._dc[store])


def _nearest_dc(scenario: Scenario) -> list[int]:
    """Return the nearest DC of each site."""
    sites = scenario.network.sites
    dcs = [j for j, each in enumerate(sites) if each.kind is SiteKind.DC]
    lat, lon = (np.array([getattr(site, name) for site in sites]) for name in ("lat", "lon"))
    away = np.nan_to_num(great_circle_km(lat, lon, lat[dcs], lon[dcs]), nan=np.inf)
    return [dcs[k] for k in away.argmin(axis=1).tolist()]
