"""What is done with a unit that has been graded: on a shelf again, at once or refurbished, liquidated or destroyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.returned import State
from sim.scenario.blocks.feeds import Movement
from sim.units import round_cents

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.chance.returns import ReturnLuck
    from sim.scenario.blocks.returns import ReturnsBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.returns.returned import Returned
    from sim.world.stock.records import Records
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns


class Disposal:
    """Ends what comes back.

    Parameters
    ----------
    settled
        Called with each unit that has come to its end.
    """

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        block: ReturnsBlock,
        luck: ReturnLuck,
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        records: Records | None,
        settled: Callable[[Returned], None],
    ) -> None:
        self._env = env
        self._luck = luck
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._records = records
        self._settled = settled
        sites = [site.id for site in scenario.network.sites]
        self._sites = len(sites)
        self._cost = [product.unit_cost_cents for product in scenario.network.products]
        self.grades = list(block.grades.values())
        self._takes = [grade.takes.build() for grade in self.grades]
        self._at = [None if grade.at is None else sites.index(grade.at) for grade in self.grades]

    def graded(self, unit: Returned, site: int) -> None:
        """Do with a unit at a site what its grade says."""
        grade = self.grades[unit.grade]
        unit.work_cents += round_cents(grade.cost)
        if grade.ends_on_shelf:
            at = self._at[unit.grade]
            minutes = self._luck.minutes("work", self._takes[unit.grade], unit.luck)
            self.to_shelf(unit, site if at is None else at, minutes)
        elif grade.recovers is None:
            self._gone(unit, State.DESTROYED, 0.0)
        else:
            self.liquidate(unit, grade.recovers)

    def liquidate(self, unit: Returned, recovers: float) -> None:
        """Sell a unit to a liquidator for a share of what it has cost."""
        self._gone(unit, State.LIQUIDATED, recovers)

    def to_shelf(self, unit: Returned, site: int, minutes: float) -> None:
        """Let a unit be on a site's shelf after so many minutes and the time that goods wait there to be put away."""
        unit.state = State.IN_WORK
        if self._records is not None:
            minutes += self._records.put_away_after[site]
        self._env.later(minutes, self._on_shelf, unit, site)

    def _on_shelf(self, unit: Returned, site: int) -> None:
        """Put a unit on a shelf, with the mistakes that are made there, and let the site's feed tell."""
        now, sku = self._env.now, unit.luck.sku
        cell, one = sku * self._sites + site, np.ones(1, dtype=np.int32)
        self._walk_ins.catch_up_cell(cell, now)
        self._stock.receive(np.array([cell]), one)
        if self._records is not None:
            self._records.handled(now, site, np.array([sku]), one)
        self._feeds.changed(site, cell, Movement.RECEIPTS)
        unit.state, unit.shelf, unit.settled_at = State.ON_SALE, site, now
        self._settled(unit)

    def _gone(self, unit: Returned, state: State, recovers: float) -> None:
        cost = self._cost[unit.luck.sku]
        unit.loss_cents = cost - round_cents(cost * recovers)
        unit.state, unit.settled_at = state, self._env.now
        self._settled(unit)
