"""A site whose people have shifts: whoever is there and idle takes what is to be done next.

Who has begun something finishes it. Unlike a queue that is reckoned ahead, what comes next is settled when somebody
is free: at the end of a shift its people may stay, and what is urgent may overtake.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.world.sites.crews import crews_of, shift_ends
from sim.world.sites.timesheet import Timesheet

if TYPE_CHECKING:
    from collections.abc import Callable

    import simpy

    from sim.ledger.ledger import Ledger
    from sim.scenario.labour import LabourBlock
    from sim.scenario.load import Scenario
    from sim.world.disruptions import Disruptions
    from sim.world.fulfilment import Fulfilment
    from sim.world.queues import Job
    from sim.world.sites.crews import Crew
    from sim.world.sites.site import SiteAtWork

NEVER = float("inf")


class Floor:
    """The people of one site and what waits for them.

    Parameters
    ----------
    picked
        Called with a job when it is picked.
    ends
        When shifts end.
    """

    def __init__(
        self,
        env: simpy.Environment,
        block: LabourBlock,
        site: SiteAtWork,
        crews: list[Crew],
        ends: list[float],
        picked: Callable[[Job], None],
    ) -> None:
        self._env = env
        self._site = site
        self._crews = crews
        self._picked = picked
        self._waiting: list[tuple[int, Job]] = []
        self._came = 0
        self._wakes_at = NEVER
        self.timesheet = Timesheet(block, crews)
        if block.overtime is not None:
            env.process(self._overtime(block, ends))

    def join(self, job: Job) -> None:
        """Put a parcel in the queue as soon as the site hears of it; when it is picked is not known yet."""
        job.started = job.picked_at = NEVER
        self._env.timeout(max(0.0, job.reached_at - self._env.now), job).callbacks.append(self._heard)

    def _heard(self, event: simpy.Event) -> None:
        self._came += 1
        heappush(self._waiting, (self._came, event._value))
        self._go_on()

    def _go_on(self) -> None:
        """Let everybody who is there and idle begin something; wake up when the next comes to work."""
        now = self._env.now
        for crew in self._crews:
            while crew.idle and self._waiting and crew.is_there(now):
                _, job = heappop(self._waiting)
                if not job.gone:
                    self._begin(crew, job, now)
        if self._waiting:
            self._wake(min([crew.hours.next_open(now) for crew in self._crews if crew.idle], default=NEVER))

    def _begin(self, crew: Crew, job: Job, now: float) -> None:
        crew.idle -= 1
        job.started = now
        minutes = job.minutes / crew.productivity
        job.picked_at = now + minutes
        self._env.timeout(minutes, (crew, job)).callbacks.append(self._done)

    def _done(self, event: simpy.Event) -> None:
        crew, job = event._value
        now = self._env.now
        self._picked(job)
        self.timesheet.worked(crew, job.started, now)
        if packing := self._packing(job):
            self._env.timeout(packing, (crew, now)).callbacks.append(self._free)
        else:
            crew.idle += 1
            self._go_on()

    def _packing(self, job: Job) -> float:
        """Return the minutes that packing takes whoever has picked; they are set aside though nothing was there."""
        return self._site.pack_time.quantile(job.open_order.luck[job.luck + 1])

    def _free(self, event: simpy.Event) -> None:
        crew, since = event._value
        self.timesheet.worked(crew, since, self._env.now)
        crew.idle += 1
        self._go_on()

    def _wake(self, at: float) -> None:
        now = self._env.now
        if now < at < NEVER and not now < self._wakes_at <= at:
            self._wakes_at = at
            self._env.timeout(at - now).callbacks.append(lambda _: self._go_on())

    def _overtime(self, block: LabourBlock, ends: list[float]) -> simpy.events.ProcessGenerator:
        rule = block.overtime
        for end in ends:
            if rule is None or end < self._env.now:
                continue
            yield self._env.timeout(end - self._env.now)
            left = sum([job.minutes for _, job in self._waiting if not job.gone])
            those = [crew for crew in self._crews if crew.hours.closes_at(end)]
            people = sum([crew.people * crew.productivity for crew in those])
            if left > rule.backlog and people:
                minutes = min(left / people, rule.at_most)
                for crew in those:
                    crew.stay(end, minutes)
                    self.timesheet.stays(crew, end, minutes)
                self._go_on()


def set_up_floors(
    env: simpy.Environment, scenario: Scenario, disruptions: Disruptions, fulfilment: Fulfilment, ledger: Ledger
) -> Callable[[], None]:
    """Let people with shifts pick where there are any; return what is to be called at the end."""
    floors = {}
    for j, (site, block) in enumerate(zip(scenario.network.sites, scenario.site_blocks, strict=True)):
        if (labour := block.labour) is not None:
            closures, absences = disruptions.closures.get(j, []), disruptions.absences.get(j, [])
            crews = crews_of(labour, site, scenario.network, closures, absences)
            ends = shift_ends(labour, site, scenario.network)
            floors[j] = Floor(env, labour, fulfilment.sites[j], crews, ends, fulfilment.picked)
    fulfilment.queues.floors = floors

    def close() -> None:
        rows = [row for j, floor in floors.items() for row in floor.timesheet.rows(j, env.now)]
        for row in sorted(rows):
            ledger.labour.append(row)

    return close
