"""What one limit counts: the work that each site has taken on in the running period, and what it carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.capacity.jobs import Job
    from sim.routing.capacity.limit import CapacityLimit
    from sim.routing.capacity.periods import Periods
    from sim.routing.rules.columns import Columns

CARRIED = " carried over"


class Tally:
    """Counts work by site; a new period starts from nothing, or from the backlog of the one before.

    With ``backlog: true`` the work that a new period starts with is, by site,

    - what is still open of all that was promised before, if the site has ever reported a pick;
    - else ``b`` after ``b = max(0, b - c)`` for each period over in which the site was open, ``b`` being all that the
      period before last heard of had to do (its own backlog and what it took on) and ``c`` the limit: the site is taken
      to work off its limit, no more and no less. A day on which it is closed takes on work and does none.

    A pick counts for the period in which it was read from the site's books, however late it is heard of.

    Attributes
    ----------
    total
        Work taken on and carried over, shape (sites,).
    carried
        What of that was carried over; None if nothing ever is.
    """

    def __init__(self, limit: CapacityLimit, network: Network, columns: Columns, periods: Periods) -> None:
        self.limit, self.periods = limit, periods
        self.name = limit.tally
        self._packed_cm3 = network.packed_cm3
        sites = len(network.sites)
        self.total = np.zeros(sites)
        self.carried = np.zeros(sites) if limit.backlog else None
        self._open = np.zeros(sites)
        self._most = np.nan_to_num(limit.most(columns), nan=np.inf)

    def counts(self) -> dict[str, NDArray[np.float64]]:
        """Return what is counted, by name."""
        return {self.name: self.total} | ({} if self.carried is None else {self.name + CARRIED: self.carried})

    def work(self, lines: Mapping[int, int]) -> float:
        """Return what units of some products come to."""
        holds = self.limit.carton_holds
        volume = 0.0 if holds is None else sum([n * self._packed_cm3[sku] for sku, n in lines.items()])
        return self.limit.work(len(lines), sum(lines.values()), volume)

    def take_on(self, site: int, job: Job) -> None:
        """Count a job."""
        work = self.work(job.kept)
        self.total[site] += work
        self._open[site] += work

    def give_back(self, site: int, job: Job, before: Mapping[int, int], open_before: Mapping[int, int]) -> None:
        """Count no longer what a job has lost since `before`, when so much of it was not picked."""
        no_more_open = self.work(open_before) - self.work(job.open)
        self._open[site] -= no_more_open
        if self.periods.begin[site] <= job.at:
            self.total[site] -= self.work(before) - self.work(job.kept)
        else:
            self._carry_less(site, no_more_open)

    def done(self, site: int, job: Job, open_before: Mapping[int, int], at: float) -> None:
        """Hear that some of a job was done by a minute."""
        done = self.work(open_before) - self.work(job.open)
        self._open[site] -= done
        if job.at < self.periods.begin[site] and at <= self.periods.begin[site]:
            self._carry_less(site, done)

    def move_on(self, before: NDArray[np.float64], new: NDArray[np.bool_], reports: NDArray[np.bool_]) -> None:
        """Start the period that runs now where it is another one.

        Parameters
        ----------
        before
            When the period began that ran before.
        new
            Where another one runs.
        reports
            Which sites have ever reported a pick.
        """
        if self.carried is None:
            self.total[new] = 0
            return
        for site in np.flatnonzero(new & ((self.total > 0) | (reports & (self._open > 0)))).tolist():
            left = float(self._open[site])
            if not reports[site]:
                left = self._left(site, float(before[site]))
            self.carried[site] = self.total[site] = left

    def reopen(self, jobs: Iterable[tuple[int, Job]]) -> None:
        """Take what is open from the jobs that are left."""
        self._open[:] = 0
        for site, job in jobs:
            if self.limit.concerns(job.channel):
                self._open[site] += self.work(job.open)

    def forget(self) -> None:
        """Start from nothing."""
        for each in (*self.counts().values(), self._open):
            each[:] = 0

    def _left(self, site: int, since: float) -> float:
        worked = self.periods.worked(site, since, float(self.periods.begin[site]))
        left = float(self.total[site])
        return max(0.0, left - worked * float(self._most[site])) if worked else left

    def _carry_less(self, site: int, work: float) -> None:
        if self.carried is not None:
            less = min(work, float(self.carried[site]))
            self.carried[site] -= less
            self.total[site] -= less
