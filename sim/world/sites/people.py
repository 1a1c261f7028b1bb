"""Sets up the sites whose people have shifts: orders, goods and customers wait for the same people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.units import MINUTES_PER_DAY
from sim.world.sites.crews import Crew, crews_of, shift_ends
from sim.world.sites.floor import Floor
from sim.world.sites.rework import Again
from sim.world.sites.site import Stations
from sim.world.sites.work import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import simpy

    from sim.chance.tape import Tape
    from sim.ledger.ledger import Ledger
    from sim.network.network import Network
    from sim.network.site import Site
    from sim.scenario.blocks.labour import LabourBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.disruptions import Disruptions
    from sim.world.orders.fulfilment import Fulfilment
    from sim.world.sites.customers import Customers
    from sim.world.sites.timesheet import Timesheet
    from sim.world.stock.walk_ins import WalkIns

NEVER = float("inf")


class People:
    """The people with shifts, at all sites that have some.

    Attributes
    ----------
    floors
        Where they work, by site.
    """

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        tape: Tape,
        disruptions: Disruptions,
        fulfilment: Fulfilment,
        walk_ins: WalkIns,
        ledger: Ledger,
    ) -> None:
        self._env = env
        self._ledger = ledger
        self.floors: dict[int, Floor] = {}
        self._receives: dict[int, float] = {}
        serving: dict[int, Customers] = {}
        leaving: dict[int, int] = {}
        for j, (site, block) in enumerate(zip(scenario.network.sites, scenario.site_blocks, strict=True)):
            if (labour := block.labour) is None:
                continue
            at_work = fulfilment.sites[j]
            closures, absences = disruptions.closures.get(j, []), disruptions.absences.get(j, [])
            crews = crews_of(labour, site, scenario.network, closures, absences)
            ends, waves = shift_ends(labour, site, scenario.network), _waves(labour, site, scenario.network)
            again = Again(tape, labour.rework, at_work.pick_time) if labour.rework else None
            floor = self.floors[j] = Floor(env, labour, at_work, crews, ends, waves, fulfilment.picked, again)
            if isinstance(at_work.packers, Stations) and labour.packing is not None:
                floor.timesheet.also(Crew(at_work.open_time, labour.packing.stations, 1.0, labour.per_hour / 60))
                at_work.packers.packed = partial(self._packs, floor.timesheet)
            if labour.receiving is not None:
                self._receives[j] = 60 / labour.receiving.units_per_hour
            if labour.walk_ins is not None and site.walk_in_size > 0:
                if (most := labour.walk_ins.leaves_beyond) is None:
                    serving[j] = floor.customers
                else:
                    leaving[j] = most
        fulfilment.queues.floors = self.floors
        if serving or leaving:
            env.process(self._customers(disruptions, walk_ins, serving, leaving, len(scenario.network.sites)))

    def unload(self, site: int, units: int, then: Callable[[], None]) -> bool:
        """Have goods received as work; return False where that takes nobody's time."""
        if site not in self._receives:
            return False
        self.floors[site].add(Task(units * self._receives[site], then))
        return True

    def _packs(self, timesheet: Timesheet, done: float, minutes: float) -> None:
        if done < NEVER:
            self._env.later(done - self._env.now, timesheet.packed, done, minutes)

    def _customers(
        self,
        disruptions: Disruptions,
        walk_ins: WalkIns,
        serving: dict[int, Customers],
        leaving: dict[int, int],
        sites: int,
    ) -> Generator[simpy.Event, None, None]:
        """Tell sites, day by day, of the customers who will come; who may leave comes as an event.

        He takes nothing off the shelf if he does.
        """
        visitors, day = disruptions.visitors(), 0
        while True:
            wants = visitors.walk_ins(day)
            order = np.argsort(wants.cells % sites, kind="stable")
            first = np.searchsorted(wants.cells[order] % sites, np.arange(sites + 1))
            for j, customers in serving.items():
                customers.expect(wants.at[order[first[j] : first[j + 1]]].tolist())
            for k in np.flatnonzero(np.isin(wants.cells % sites, list(leaving))).tolist():
                at, cell = wants.at.item(k), wants.cells.item(k)
                yield self._env.timeout(max(0.0, at - self._env.now))
                if not self.floors[cell % sites].serve(leaving[cell % sites]):
                    walk_ins.leave(at, cell)
            day += 1
            yield self._env.timeout(max(0.0, day * MINUTES_PER_DAY - self._env.now))

    def close(self) -> None:
        """Book what people were paid for."""
        for floor in self.floors.values():
            floor.catch_up()
        rows = [row for j, floor in self.floors.items() for row in floor.timesheet.rows(j, self._env.now)]
        for row in sorted(rows):
            self._ledger.labour.append(row)


def _waves(block: LabourBlock, site: Site, network: Network) -> list[float]:
    first, last = network.days
    days = range(first, last + 1)
    return sorted(network.clock.minute(day, at, site.time_zone) for day in days for at in block.waves)
