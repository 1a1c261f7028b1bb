"""Parcels in the queues of the sites' pickers, and how some of them leave before their pick begins."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.contract.messages import Parcel, Revision
    from sim.world.orders.merging import Merge
    from sim.world.orders.open_order import OpenOrder
    from sim.world.sites.floor import Floor
    from sim.world.sites.site import SiteAtWork

NEVER = float("inf")


class Job:
    """A parcel on its way through a site.

    Attributes
    ----------
    luck
        Where its luck begins in that of the order.
    minutes, started, picked_at
        Its pick takes so many working minutes, begins at this one, and is over at this moment.
    joined
        Whether its site has heard of it.
    gone
        Whether it has left the queue: picked or withdrawn.
    merge
        What it is a part of; None if it is not to be merged.
    busy_until
        Its site has said no, as too much was waiting there, and takes no orders before; None if it has not.
    tries
        Times it was picked in vain, as its parcel failed the check.
    """

    __slots__ = (
        "after_backorder", "busy_until", "decided_at", "gone", "joined", "luck", "merge", "minutes", "open_order",
        "parcel", "picked_at", "reached_at", "started", "tries",
    )  # fmt: skip

    def __init__(
        self,
        open_order: OpenOrder,
        parcel: Parcel,
        decided_at: float,
        reached_at: float,
        luck: int,
        minutes: float,
        backorder: bool,
        merge: Merge | None = None,
    ) -> None:
        self.open_order = open_order
        self.parcel = parcel
        self.decided_at = decided_at
        self.reached_at = reached_at
        self.luck = luck
        self.minutes = minutes
        self.after_backorder = backorder
        self.merge = merge
        self.gone = self.joined = False
        self.busy_until: float | None = None
        self.tries = 0
        self.started = self.picked_at = 0.0


NO_FLOORS: Mapping[int, Floor] = {}


class Queues:
    """What stands before the pickers of each site, in the order it came.

    Attributes
    ----------
    floors
        Sites whose people have shifts. When a pick begins there is known when it does: what has not begun can leave.
    """

    floors = NO_FLOORS

    def __init__(self, sites: Sequence[SiteAtWork]) -> None:
        self._sites = sites
        self._jobs: list[deque[Job]] = [deque() for _ in sites]
        self._coming: list[Job] = []

    def join(self, job: Job) -> None:
        """Put a job at the end of its site's queue and find out when it is picked; infinite if it never is."""
        site = job.parcel.site
        job.joined = True
        if site in self.floors:
            self.floors[site].join(job)
            self._stand(site, job)
            return
        pickers = self._sites[site].pickers
        job.picked_at = pickers.finish(job.reached_at, job.minutes)
        job.started = pickers.started
        self._stand(site, job)

    def _stand(self, site: int, job: Job) -> None:
        job.open_order.sites += (site,)
        queue = self._jobs[site]
        while queue and queue[0].gone:
            queue.popleft()
        queue.append(job)

    def coming(self, job: Job) -> None:
        """Note a job whose message is on its way: it can be recalled, and has to `join` when its site is reached."""
        self._coming = [each for each in self._coming if not each.gone and not each.joined]
        self._coming.append(job)

    def not_begun(self, open_order: OpenOrder, now: float) -> list[Job]:
        """Return the jobs of an order whose pick does not begin before its site hears of what is sent now."""
        found = [job for job in self._coming if job.open_order is open_order and not job.gone and not job.joined]
        for j in sorted(set(open_order.sites)):
            heard_at = now + self._sites[j].message_delay
            for job in self._jobs[j]:
                if job.open_order is open_order and not job.gone and not self._begun(j, job, heard_at):
                    found.append(job)
        return found

    def _begun(self, j: int, job: Job, heard_at: float) -> bool:
        if j in self.floors:
            return job.started < NEVER
        return self._sites[j].pickers.begun_before(heard_at, job.started)

    def take_out(self, jobs: Sequence[Job], now: float) -> list[Job]:
        """Take jobs that have not begun out of their queues; return those that are picked earlier for it."""
        for job in jobs:
            job.gone = True
        moved: list[Job] = []
        for site in sorted({job.parcel.site for job in jobs if job.joined} - self.floors.keys()):
            moved += self._queue_anew(site, now)
        return moved

    def withdraw(self, revision: Revision, now: float) -> tuple[list[Job], list[Job]] | None:
        """Take parcels out of their queues, if the pick of none begins before its site hears of it.

        Returns
        -------
        tuple or None
            The jobs withdrawn, and those that are picked earlier for it; None if it is too late.
        """
        jobs: list[Job] = []
        for parcel in revision.withdrawn:
            job = self._not_begun(revision.order, parcel, jobs, now)
            if job is None:
                return None
            jobs.append(job)
        return jobs, self.take_out(jobs, now)

    def _not_begun(self, order: int, parcel: Parcel, but: list[Job], now: float) -> Job | None:
        site = self._sites[parcel.site]
        heard_at = now + site.message_delay
        for job in self._coming:
            if job.parcel == parcel and job.open_order.order.id == order and not (job.gone or job.joined or job in but):
                return job
        for job in self._jobs[parcel.site]:
            if job.parcel == parcel and job.open_order.order.id == order and not job.gone and job not in but:
                return None if self._begun(parcel.site, job, heard_at) else job
        return None

    def _queue_anew(self, j: int, now: float) -> list[Job]:
        """Let the jobs of a site that have not begun queue again in their old order; return those it helps."""
        pickers = self._sites[j].pickers
        heard_at = now + self._sites[j].message_delay
        queue = [job for job in self._jobs[j] if not job.gone]
        self._jobs[j] = deque(queue)
        begun = sum([pickers.begun_before(heard_at, job.started) for job in queue])
        pickers.clear(heard_at, [job.started + job.minutes for job in queue[:begun]])
        moved = []
        for job in queue[begun:]:  # jobs begin in the order they came
            picked_at = pickers.finish(job.reached_at, job.minutes)
            job.started = pickers.started
            if picked_at < job.picked_at:
                job.picked_at = picked_at
                moved.append(job)
        return moved
