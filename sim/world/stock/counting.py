"""Counts: people look what stands on a shelf, write it down, and cost money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.movements import Why
from sim.scenario.blocks.feeds import Movement
from sim.units import MINUTES_PER_DAY, round_cents

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.scenario.blocks.records import CountingBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.stock.records import Records
    from sim.world.stock.walk_ins import WalkIns


class Counting:
    """Counts at all sites, by their schedules and after short picks."""

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        tape: Tape,
        records: Records,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
    ) -> None:
        self._env = env
        self._scenario = scenario
        self._tape = tape
        self._records = records
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._sites = scenario.network.sites
        self._blocks = [block.counting for block in scenario.site_blocks]
        self._zero_when_short = [block is not None and block.on_short_pick == "set_to_zero" for block in records.blocks]
        self._awaited: set[int] = set()
        together: dict[tuple[object, str], list[int]] = {}
        for j, block in enumerate(self._blocks):
            if block is not None:
                together.setdefault((block.at, self._sites[j].time_zone), []).append(j)
        for members in together.values():
            env.process(self._nights(members))

    def found_short(self, site: int, sku: int, now: float) -> None:
        """React to a shelf that a picker has found empty."""
        cell = sku * len(self._sites) + site
        record = int(self._records.record_cells[cell])
        if self._zero_when_short[site] and record:
            self._records.move(now, cell, Why.SHORT_PICK, 0, -record)
            self._feeds.changed(site, cell, Movement.CORRECTIONS)
        block = self._blocks[site]
        if block is not None and block.after_short_pick is not None and cell not in self._awaited:
            self._awaited.add(cell)
            self._env.later(block.after_short_pick.after, self._count_one, site, sku, cell)

    def _count_one(self, site: int, sku: int, cell: int) -> None:
        self._awaited.discard(cell)
        self._walk_ins.catch_up_cell(cell, self._env.now)
        self._count(site, np.array([sku]))

    def _nights(self, members: list[int]) -> Generator[simpy.Event, None, None]:
        """Count at a local time of each day, at sites that count together."""
        block = self._block(members[0])
        clock, zone = self._scenario.network.clock, self._sites[members[0]].time_zone
        schedules = {j: Schedule(self._scenario, j, self._block(j)) for j in members}
        day = -1
        while True:
            at = clock.minute(day, block.at, zone)
            if at > self._env.now:
                yield self._env.timeout(at - self._env.now)
                for j, schedule in schedules.items():
                    skus, empty = schedule.due(day), schedule.walks(day)
                    if skus.size or empty:
                        self._walk_ins.catch_up(self._env.now)
                    if skus.size:
                        self._count(j, skus)
                    if empty:
                        self._walk_along(j)
            day += 1

    def _block(self, site: int) -> CountingBlock:
        block = self._blocks[site]
        assert block is not None, "only sites that count are asked"
        return block

    def _walk_along(self, site: int) -> None:
        """Count the shelves that are seen to be empty though the record says otherwise."""
        records = self._records
        self._count(site, np.flatnonzero((records.on_hand[:, site] == 0) & (records.on_record[:, site] != 0)))

    def _count(self, site: int, skus: NDArray[np.int64]) -> None:
        """Write down what stands on the shelves, after putting back what was found elsewhere."""
        if not skus.size:
            return
        now, block, records = self._env.now, self._block(site), self._records
        cells = skus * len(self._sites) + site
        found = self._put_back(site, skus, cells, block.finds)
        spoilt = cells[records.aside["spoilt"][cells] > 0]
        damaged = cells[records.aside["damaged"][cells] > 0]
        for state, seen in (("spoilt", spoilt), ("damaged", damaged)):  # a count sees that they cannot be sold
            records.aside["quarantined"][seen] += records.aside[state][seen]
            records.aside[state][seen] = 0
        written = records.cells[cells]
        if block.error:
            luck = self._luck("count_errors", site)[skus]
            slip = np.where(luck < block.error / 2, 1, np.where(luck < block.error, -1, 0)).astype(np.int32)
            written = np.maximum(written + slip, 0)
        difference = (written - records.record_cells[cells]).astype(np.int32)
        wrong = difference != 0
        changed = difference[wrong]
        if changed.size:
            records.move_many(now, cells[wrong], Why.COUNTED, np.zeros_like(changed), changed)
            self._feeds.changed_many(cells[wrong], Movement.CORRECTIONS)
        minutes = block.per_product * len(skus)
        cents = round_cents(minutes / 60 * block.per_hour)
        row = now, site, len(skus), len(changed), int(np.abs(changed).sum()), found, minutes, cents
        self._ledger.counts.append(row)

    def _put_back(self, site: int, skus: NDArray[np.int64], cells: NDArray[np.int64], share: float) -> int:
        misplaced = self._records.aside["misplaced"]
        lost = misplaced[cells]
        if not share or not lost.any():
            return 0
        # on average the share, whole units by luck
        found = np.floor(lost * share + self._luck("count_finds", site)[skus]).astype(np.int32)
        some = found > 0
        cells, found = cells[some], found[some]
        misplaced[cells] -= found
        self._records.move_many(self._env.now, cells, Why.FOUND, found, np.zeros_like(found))
        return int(found.sum())

    def _luck(self, source: str, site: int) -> NDArray[np.float64]:
        day = int(self._env.now // MINUTES_PER_DAY)
        return self._tape.uniform(source, self._sites[site].id, day, len(self._records.on_hand))


class Schedule:
    """What is due at one site on which day."""

    def __init__(self, scenario: Scenario, site: int, block: CountingBlock) -> None:
        plan = scenario.stock_plan
        carried = plan.order_up_to[:, site] > 0
        if scenario.opening_stock is not None:
            carried = carried | (scenario.opening_stock[:, site] > 0)
        self._carried = np.flatnonzero(carried)
        self._block = block
        self._start = scenario.network.clock.start
        unit_cost = np.array([product.unit_cost_cents for product in scenario.network.products])
        value = plan.daily_demand[:, site] * unit_cost
        by_value = self._carried[np.argsort(-value[self._carried], kind="stable")]
        self._classes = [(block.classes[k].every, skus) for k, skus in enumerate(_cut(by_value, value, block))]

    def due(self, day: int) -> NDArray[np.int64]:
        """Return the products to be counted on a day, ascending, each once."""
        block = self._block
        if block.full is not None:
            first = block.full.every if block.full.first is None else (block.full.first - self._start).days
            if day >= first and (day - first) % block.full.every == 0:
                return self._carried
        # each class takes turns, so that every day has about as much to count
        parts = [skus[(np.arange(skus.size) + day) % every == 0] for every, skus in self._classes]
        if block.continuous is not None and self._carried.size:
            size = min(block.continuous.products_a_day, self._carried.size)
            parts.append(self._carried[(day * size + np.arange(size)) % self._carried.size])
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)

    def walks(self, day: int) -> bool:
        """Return whether empty shelves are looked for on a day."""
        walk = self._block.empty_shelves
        return walk is not None and day % walk.every == walk.every - 1


def _cut(skus: NDArray[np.int64], value: NDArray[np.float64], block: CountingBlock) -> list[NDArray[np.int64]]:
    """Cut products, the dearest first, into classes that make up the shares of value."""
    if not block.classes:
        return []
    total = np.cumsum(value[skus])
    before = (total - value[skus]) / max(float(total[-1]), 1e-300) if skus.size else total
    # a product belongs to the class in which its own value begins
    edges = np.cumsum([each.value for each in block.classes])[:-1]
    which = np.searchsorted(edges, before, side="right")
    return [skus[which == k] for k in range(len(block.classes))]
