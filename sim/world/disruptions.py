"""Lets the disruptions of a run happen: to feeds, sites, suppliers and records; `Trouble` tells those of carriers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.chance.spells import Spell, spells
from sim.contract.news import Closed
from sim.ledger.movements import Why
from sim.scenario.blocks.disruptions import FeedDead, LabourShort, Miscount, SiteClosed, SupplierLate
from sim.scenario.blocks.feeds import Movement

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.supply import Supply
    from sim.chance.tape import Tape, WalkInSales
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.stock.records import Records
    from sim.world.stock.walk_ins import WalkIns

Spans = dict[int, list[tuple[float, float]]]


class Disruptions:
    """The disruptions of one run.

    Attributes
    ----------
    closures
        When sites are closed, by site, in order of time.
    announced
        Those closures of which the router is told.
    of_carriers
        What hits carriers.
    absences
        When people stay away, by site, and their share.
    """

    def __init__(self, scenario: Scenario, tape: Tape) -> None:
        self._scenario = scenario
        self._tape = tape
        self._blocks = scenario.file.disruptions
        self._spells = spells(scenario, tape) if self._blocks else []
        self.closures = self._spans_of(SiteClosed)
        self.announced = self._spans_of(SiteClosed, announced=True)
        self.of_carriers = [spell for spell in self._spells if spell.site < 0]
        self.absences: dict[int, list[tuple[float, float, float]]] = {}
        for spell in self._spells:
            block = self._blocks[spell.which]
            if isinstance(block, LabourShort):
                self.absences.setdefault(spell.site, []).append((spell.start, spell.end, block.share))
        self._late = [spell for spell in self._spells if isinstance(self._blocks[spell.which], SupplierLate)]

    def start(
        self,
        env: Agenda,
        router: Router,
        feeds: Feeds,
        walk_ins: WalkIns,
        records: Records | None,
        ledger: Ledger,
    ) -> None:
        """Set the alarms of everything that happens at a moment."""

        def at(moment: float, do: Callable[[], None]) -> None:
            env.later(moment, do)

        for spell in self._spells:
            which, j, start, end = spell[:4]
            ledger.disruptions.append((which, j, start, end))
            match self._blocks[which]:
                case FeedDead(tells=tells, system=system):
                    at(start, partial(feeds.die, j, walk_ins, system))
                    at(end, partial(feeds.revive, j, walk_ins, tells, system))
                case SiteClosed(announced=True):
                    at(start, partial(router.observe, Closed(start, j, end)))
                case Miscount() as block if records is not None:
                    at(start, partial(self._miscount, spell, block, records, feeds, walk_ins))

    def supply(self, env: Agenda, usual: Supply) -> Supply | LateSupply:
        """Return the luck of supply with suppliers late when they are."""
        if not self._late:
            return usual
        factors = {(s.which, s.site): getattr(self._blocks[s.which], "factor", 1.0) for s in self._late}
        return LateSupply(env, usual, [(spell, factors[spell.which, spell.site]) for spell in self._late])

    def visitors(self) -> Tape | ClosedDoors:
        """Return where walk-in customers come from: nobody comes to a closed site."""
        sites = len(self._scenario.network.sites)
        return ClosedDoors(self._tape, self.closures, sites) if self.closures else self._tape

    def _spans_of(self, kind: type, **told: object) -> Spans:
        found: Spans = {}
        for spell in self._spells:
            block = self._blocks[spell.which]
            if isinstance(block, kind) and all(getattr(block, name) == value for name, value in told.items()):
                found.setdefault(spell.site, []).append((spell.start, spell.end))
        return found

    def _miscount(self, spell: Spell, block: Miscount, records: Records, feeds: Feeds, walk_ins: WalkIns) -> None:
        walk_ins.catch_up(spell.start)
        site = self._scenario.network.sites[spell.site].id
        products, sites = records.on_hand.shape
        chosen, up = self._tape.uniform(f"miscount_{spell.which}", site, int(spell.start), 2 * products).reshape(2, -1)
        skus = np.flatnonzero(chosen < block.share)
        cells = skus * sites + spell.site
        error = np.where(up[skus] < 0.5, block.units, -np.minimum(records.record_cells[cells], block.units))
        cells, error = cells[error != 0], error[error != 0].astype(np.int32)
        records.move_many(spell.start, cells, Why.MISKEYED, np.zeros_like(error), error)
        feeds.changed_many(cells, Movement.CORRECTIONS)


class LateSupply:
    """The luck of supply, with what is ordered in a spell so many times as late."""

    def __init__(self, env: Agenda, usual: Supply, late: list[tuple[Spell, float]]) -> None:
        self._env = env
        self._usual = usual
        self._late = late

    def lead_days(self, site: int, day: int) -> NDArray[np.int64]:
        """Return the days to receipt of each product if ordered by a site now, on a day, shape (products,)."""
        late: NDArray[np.int64] = np.ceil(self._usual.lead_days(site, day) * self._factor(site)).astype(np.int64)
        return late

    def unfilled(self, site: int, day: int) -> NDArray[np.bool_]:
        """Return the products of which what a site orders on a day cannot be sent at once, shape (products,)."""
        return self._usual.unfilled(site, day)

    def lead_minutes(self, site: int, sku: int, count: int) -> float:
        """Return how long the `count`-th order of a product by a site takes if it is sent for now."""
        return self._usual.lead_minutes(site, sku, count) * self._factor(site)

    def _factor(self, site: int) -> float:
        now = self._env.now
        return max(
            [factor for (_, j, start, end, _state), factor in self._late if j == site and start <= now < end], default=1
        )


class ClosedDoors:
    """The walk-in customers of a tape without those who find a site closed."""

    def __init__(self, tape: Tape, closures: Spans, sites: int) -> None:
        self._tape = tape
        self._closures = closures
        self._sites = sites

    def walk_ins(self, day: int) -> WalkInSales:
        """Return what walk-in customers want on a day."""
        wants = self._tape.walk_ins(day)
        site = wants.cells % self._sites
        stay = np.ones(len(site), dtype=bool)
        for j, spans in self._closures.items():
            for start, end in spans:
                stay &= ~((site == j) & (wants.at >= start) & (wants.at < end))
        return wants if stay.all() else type(wants)(wants.at[stay], wants.cells[stay], wants.quantity[stay])
