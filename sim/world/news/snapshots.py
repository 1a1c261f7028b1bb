"""Once a day: what the router was told beside the shelves, and what stands on them.

A snapshot is taken before all else that happens at its minute, so that it is known what it has: all before, nothing of
then. So what the books say of any two of them is exact.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import simpy
from simpy.events import URGENT

from sim.network.site import SiteKind
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.news.feeds import Feeds
    from sim.world.stock.records import Records
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns


class FirstOfItsMinute(simpy.Event):
    """A timeout that comes before the usual ones of the same moment."""

    def __init__(self, env: simpy.Environment, delay: float) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, URGENT, delay)


def snapshots(
    env: simpy.Environment,
    scenario: Scenario,
    stock: Stock,
    feeds: Feeds,
    walk_ins: WalkIns,
    ledger: Ledger,
    records: Records | None,
) -> Generator[simpy.Event, None, None]:
    """Compare, once a day, what the router was last told with the shelves, and value what stands on them."""
    at = scenario.file.snapshot.at
    unit_cost = np.array([product.unit_cost_cents for product in scenario.network.products])
    ours = np.array([site.kind is not SiteKind.VENDOR for site in scenario.network.sites])
    carried = (scenario.stock_plan.order_up_to > 0) & ours
    carrying = scenario.file.carrying
    a_day = 0.0 if carrying is None else (carrying.holding + carrying.obsolescence) / 365
    yield FirstOfItsMinute(env, at.hour * 60 + at.minute)
    while True:
        walk_ins.catch_up(math.nextafter(env.now, -math.inf))
        feeds.deliver(env.now)
        either = (stock.on_hand > 0) | (feeds.told > 0)
        equal = either & (stock.on_hand == feeds.told)
        value = int(unit_cost @ (stock.on_hand if ours.all() else stock.on_hand[:, ours]).sum(axis=1))
        right = (0,) * 6 if records is None else records.accuracy()
        empty = int((carried & (stock.on_hand <= 0)).sum())
        row = (env.now, int(either.sum()), int(equal.sum()), value, *right, round(value * a_day))
        ledger.snapshots.append((*row, int(carried.sum()), empty))
        yield FirstOfItsMinute(env, MINUTES_PER_DAY)
