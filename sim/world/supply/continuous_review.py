"""Sites that order the moment a stock position falls to its reorder point."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.blocks.ordering import to_order

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.supply import Supply
    from sim.chance.tape import Tape
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.disruptions import LateSupply
    from sim.world.stock.records import Records
    from sim.world.stock.walk_ins import WalkIns
    from sim.world.supply.replenishment import Replenishment


class ContinuousReview:
    """Looks at a shelf whenever something is promised or taken from it.

    Walk-in customers are met one by one at such sites: the review must not wait for the next look at the shelf.
    """

    def __init__(
        self, env: Agenda, scenario: Scenario, supply: Supply | LateSupply, replenishment: Replenishment
    ) -> None:
        self._env = env
        self._supply = supply
        self._replenishment = replenishment
        self._plan = scenario.stock_plan
        self._rules = [block.stock for block in scenario.site_blocks]
        self._sites = len(self._rules)
        self._continuous = np.array([rule.review == "continuous" for rule in self._rules])
        self._ordered = Counter[tuple[int, int]]()

    def start(self, tape: Tape, walk_ins: WalkIns, records: Records | None) -> None:
        """Bring every shelf up to its level's order, and meet the walk-in customers of these sites one by one.

        Where records are put right or go wrong by themselves, that is a reason to look too.
        """
        if records is not None:
            records.after_change = self._fallen
        for site in np.flatnonzero(self._continuous).tolist():
            for sku in np.flatnonzero(self._plan.order_up_to[:, site]).tolist():
                self.changed(sku, site)
        walk_ins.after_sale = self._fallen
        self._env.process(self._visits(tape, walk_ins))

    def changed(self, sku: int, site: int) -> None:
        """Review one shelf."""
        if not self._continuous[site]:
            return
        one = np.array([sku])
        point, level = self._plan.reorder_point[one, site], self._plan.order_up_to[one, site]
        units = to_order(self._rules[site], self._replenishment.position(one, site), point, level)
        if units[0]:
            count = self._ordered[sku, site]
            self._ordered[sku, site] += 1
            self._replenishment.send_for(site, one, units, self._supply.lead_minutes(site, sku, count))

    def _fallen(self, cells: NDArray[np.int64]) -> None:
        for cell in cells[self._continuous[cells % self._sites]].tolist():
            self.changed(*divmod(cell, self._sites))

    def _visits(self, tape: Tape, walk_ins: WalkIns) -> Generator[simpy.Event, None, None]:
        day = 0
        while True:
            at, cells, _ = tape.walk_ins(day)
            for minute in np.unique(at[self._continuous[cells % self._sites]]).tolist():
                yield self._env.timeout(max(0.0, minute - self._env.now))
                walk_ins.catch_up(minute)
            day += 1
            yield self._env.timeout(max(0.0, day * 1440.0 - self._env.now))
