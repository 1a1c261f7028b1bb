from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.chance.tape import LUCK_PER_PARCEL, PARCELS_WITH_LUCK, Shopper, Tape
from sim.contract.messages import COST_PARTS, Decision, Line, Order, Parcel, Plan
from sim.contract.news import News
from sim.world.simulate import simulate
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PRINTER = 3


class KeepsEverythingAnHour:
    """A router that first keeps an order, then sends it to one site after the other."""

    def __init__(self) -> None:
        self._kept: list[Order] = []
        self._wake: float | None = None

    def observe(self, news: News) -> None:
        """Hear and forget."""

    def available(self) -> NDArray[np.int64]:
        """Have plenty of everything."""
        return np.full(4, 99)

    def route(self, order: Order, now: float) -> Plan:
        """Keep what is new; send on what was refused."""
        if order.refused_by:
            return self._send(order, now)
        self._kept.append(order)
        self._wake = now + 60
        return Plan((), backordered=order.lines)

    def tick(self, now: float) -> list[Decision]:
        """Send what was kept."""
        kept, self._kept, self._wake = self._kept, [], None
        return [Decision(order, self._send(order, now)) for order in kept]

    def next_wake(self) -> float | None:
        """Ask to be woken an hour after the last order."""
        return self._wake

    @staticmethod
    def _send(order: Order, now: float) -> Plan:
        site = len(order.refused_by)
        return Plan((Parcel(site, order.lines, 0, now, now, (0.0,) * len(COST_PARTS)),))


class OneShopper(Tape):
    """A tape on which one customer wants a printer on the first measured day."""

    def _shoppers(self, day: int) -> list[Shopper]:
        luck = [0.5] * PARCELS_WITH_LUCK * LUCK_PER_PARCEL
        return [Shopper(1, 1500.0, 0, (Line(PRINTER, 1),), 0.0, luck)] if day == 1 else []


def test_units_that_were_backordered_once_stay_so_when_a_site_refuses_them_later(tmp_path: Path) -> None:
    products = [[*row[:-1], 0] if row[0] == "D" else row for row in TABLES["products.csv"]]  # no site stocks printers
    scenario = tiny(tmp_path, {"products.csv": products}, fulfilment__max_attempts=1)
    ledger = simulate(scenario, OneShopper(scenario, 1, 0), KeepsEverythingAnHour())
    parcels = ledger.parcels.columns()
    assert parcels["attempt"].tolist() == [0, 1]
    assert parcels["after_backorder"].tolist() == [1, 1]
