"""A site whose people have shifts: whoever is there and idle takes what is to be done next.

Who has begun something finishes it. Unlike a queue that is reckoned ahead, what comes next is settled when somebody
is free: at the end of a shift its people may stay, and what is urgent may overtake.
"""

from __future__ import annotations

from bisect import bisect_left
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.world.sites.customers import Customers
from sim.world.sites.timesheet import Timesheet
from sim.world.sites.work import OTHERS, Task, ranks

if TYPE_CHECKING:
    from collections.abc import Callable

    import simpy

    from sim.scenario.blocks.labour import LabourBlock
    from sim.world.agenda import Agenda
    from sim.world.sites.crews import Crew
    from sim.world.sites.queues import Job
    from sim.world.sites.rework import Again
    from sim.world.sites.site import SiteAtWork
    from sim.world.sites.work import Rank

NEVER = float("inf")


class Floor:
    """The people of one site and what waits for them.

    Parameters
    ----------
    picked
        Called with a job when it is picked, or when the site says no to it.
    ends, waves
        When shifts end and orders are released to be picked.
    """

    def __init__(
        self,
        env: Agenda,
        block: LabourBlock,
        site: SiteAtWork,
        crews: list[Crew],
        ends: list[float],
        waves: list[float],
        picked: Callable[[Job], None],
        again: Again | None,
    ) -> None:
        self._env = env
        self._site = site
        self._crews = crews
        self._waves = waves
        self._picked = picked
        self._again = again
        self._rank = ranks(block)
        self._walk = 0.0 if block.batch is None else block.batch.walk
        self._orders_a_walk = 1 if block.batch is None else block.batch.orders
        self._declines_beyond, self._pause = block.declines_beyond, block.pause
        self._packs_himself = block.packing is None
        self._waiting: list[tuple[Rank, int, Job | Task]] = []
        self._came = 0
        self._wakes_at = NEVER
        self.timesheet = Timesheet(block, crews)
        self.customers = Customers(0.0 if block.walk_ins is None else block.walk_ins.takes, crews, self.timesheet)
        if block.overtime is not None:
            env.process(self._overtime(block, ends))

    def join(self, job: Job) -> None:
        """Put a parcel in the queue as soon as the site hears of it; when it is picked is not known yet."""
        job.started = job.picked_at = NEVER
        at = max(job.reached_at, self._env.now)
        if self._waves:
            k = bisect_left(self._waves, at)
            if k == len(self._waves):
                return
            at = self._waves[k]
        self._env.later(at - self._env.now, self._heard, job)

    def add(self, task: Task) -> None:
        """Put other work in the queue."""
        self.catch_up()
        self._stand((OTHERS, 0.0), task)

    def catch_up(self) -> None:
        """Let customers have come and been served by now."""
        self.customers.catch_up(self._env.now)

    def serve(self, most: int) -> bool:
        """Let a customer come now; return False if so many wait already, and nobody is free, that he leaves."""
        self.catch_up()
        if self._is_busy(most, self.customers.waiting):
            self.timesheet.gave_up(self._env.now)
            return False
        self.customers.come(self._env.now)
        self._go_on()
        return True

    def _heard(self, job: Job) -> None:
        self.catch_up()
        most = self._declines_beyond
        if most is not None and not job.gone and self._is_busy(most, self._in_queue()):
            job.busy_until = self._env.now + self._pause
            self._picked(job)
        else:
            self._stand(self._rank(job), job)

    def _in_queue(self) -> int:
        return self.customers.waiting + sum([not work.gone for _, _, work in self._waiting])

    def _is_busy(self, most: int, waiting: int) -> bool:
        now = self._env.now
        return waiting >= most and not any(crew.idle and crew.is_there(now) for crew in self._crews)

    def _stand(self, rank: Rank, work: Job | Task) -> None:
        self._came += 1
        heappush(self._waiting, (rank, self._came, work))
        self._go_on()

    def _wake_up(self) -> None:
        self.catch_up()
        self._go_on()

    def _go_on(self) -> None:
        """Let everybody who is there and idle begin something; wake up when somebody is next there and idle."""
        now = self._env.now
        self.customers.begin(now)
        for crew in self._crews:
            while crew.idle and self._waiting and crew.is_there(now):
                work = heappop(self._waiting)[2]
                if not work.gone:
                    self._begin(crew, work, now)
        if self._waiting:
            self._wake(min([crew.hours.next_open(now) for crew in self._crews if crew.idle], default=NEVER))
            self._wake(self.customers.next_over)

    def _begin(self, crew: Crew, work: Job | Task, now: float) -> None:
        crew.idle -= 1
        if isinstance(work, Task):
            self._env.later(work.minutes / crew.productivity, self._over, crew, work, now)
            return
        work.started = now
        walk = [work]
        while len(walk) < self._orders_a_walk and self._waiting and not isinstance(self._waiting[0][2], Task):
            other = heappop(self._waiting)[2]
            if not other.gone:
                other.started = now  # type: ignore[union-attr]
                walk.append(other)  # type: ignore[arg-type]
        minutes = (self._walk + sum([job.minutes for job in walk])) / crew.productivity
        for job in walk:
            job.picked_at = now + minutes
            if not job.tries:
                self.timesheet.begun(now, now - job.reached_at)
        self._env.later(minutes, self._done, crew, walk)

    def _over(self, crew: Crew, task: Task, since: float) -> None:
        self.catch_up()
        self.timesheet.worked(crew, since, self._env.now)
        task.done()
        crew.idle += 1
        self._go_on()

    def _done(self, crew: Crew, walk: list[Job]) -> None:
        self.catch_up()
        now = self._env.now
        self.timesheet.worked(crew, walk[0].started, now)
        right = []
        for job in walk:
            if self._again is not None and self._again.found_wrong(job):
                job.started = NEVER
                self._came += 1
                heappush(self._waiting, (self._rank(job), self._came, job))
            else:
                right.append(job)
                self._picked(job)
        packing = sum([self._packing(job) for job in right]) if self._packs_himself else 0.0
        if packing:
            self._env.later(packing, self._free, crew, now)
        else:
            crew.idle += 1
            self._go_on()

    def _packing(self, job: Job) -> float:
        """Return the minutes that packing takes whoever has picked; they are set aside though nothing was there."""
        return self._site.pack_time.quantile(job.open_order.luck[job.luck + 1])

    def _free(self, crew: Crew, since: float) -> None:
        self.catch_up()
        self.timesheet.worked(crew, since, self._env.now)
        crew.idle += 1
        self._go_on()

    def _wake(self, at: float) -> None:
        now = self._env.now
        if now < at < NEVER and not now < self._wakes_at <= at:
            self._wakes_at = at
            self._env.later(at - now, self._wake_up)

    def _overtime(self, block: LabourBlock, ends: list[float]) -> simpy.events.ProcessGenerator:
        rule = block.overtime
        for end in ends:
            if rule is None or end < self._env.now:
                continue
            yield self._env.timeout(end - self._env.now)
            self.catch_up()
            left = self.customers.minutes_waiting + sum([job.minutes for _, _, job in self._waiting if not job.gone])
            those = [crew for crew in self._crews if crew.hours.closes_at(end)]
            people = sum([crew.people * crew.productivity for crew in those])
            if left > rule.backlog and people:
                minutes = min(left / people, rule.at_most)
                for crew in those:
                    crew.stay(end, minutes)
                    self.timesheet.stays(crew, end, minutes)
                self._go_on()
