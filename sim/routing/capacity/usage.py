"""What each site has taken on in the running hour and day: the counters that capacity rules look at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.news import Refusal, Release, StockNews
from sim.routing.capacity.jobs import Jobs
from sim.routing.capacity.limit import WINDOWS
from sim.routing.capacity.periods import Periods
from sim.routing.capacity.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Line, Order
    from sim.contract.news import News
    from sim.network.network import Network
    from sim.routing.capacity.jobs import Job
    from sim.routing.capacity.limit import CapacityLimit
    from sim.routing.capacity.periods import Per
    from sim.routing.rules.columns import Columns

COUNTS = ("orders", "lines", "units")
COUNTED = frozenset({f"{count}_{window}" for count in COUNTS for window in WINDOWS.values()})
COUNTERS = COUNTED | {"last_used", "refusal_rate"}
"""What rules may look at as if it were an attribute of a site, and what no site can state itself."""


class Usage:
    """Counts promises by site; a new hour or day of its local time starts from nothing.

    What a site refuses or is released from is given back to the period that it was taken on in.

    Parameters
    ----------
    limits
        What is to be counted besides: `plain` limits need nothing.
    gives_back
        Whether anybody looks at more than `last_used`.

    Attributes
    ----------
    counts
        Arrays of shape (sites,), by name: ``orders_today``, ``units_this_hour``, ..., the names of limits, and
        ``last_used``, the minute of each site's last promise (NaN if it never had one).
    """

    def __init__(
        self, network: Network, columns: Columns, limits: Sequence[CapacityLimit] = (), gives_back: bool = False
    ) -> None:
        sites = len(network.sites)
        self._packed_cm3 = network.packed_cm3
        self._counts = {f"{count}_{window}": np.zeros(sites) for count in COUNTS for window in WINDOWS.values()}
        self._plain = [[self._counts[f"{count}_{window}"] for window in WINDOWS.values()] for count in COUNTS]
        self._counts["last_used"] = np.full(sites, np.nan)
        counted = {limit.tally: limit for limit in limits if not limit.plain}
        kinds: dict[Per, None] = dict.fromkeys((*WINDOWS, *[limit.per for limit in counted.values()]))
        self._periods = {per: Periods(network, per) for per in kinds}
        self._tallies = [Tally(each, network, columns, self._periods[each.per]) for each in counted.values()]
        for tally in self._tallies:
            self._counts |= tally.counts()
        backlog = any([tally.carried is not None for tally in self._tallies])
        self._jobs = Jobs(sites, backlog) if gives_back else None
        self._until = -np.inf

    def at(self, now: float) -> Mapping[str, NDArray[np.float64]]:
        """Return the counters as they stand at a minute."""
        if now >= self._until:
            self._move_on(now)
        return self._counts

    def book(self, order: Order, site: int, lines: tuple[Line, ...], now: float) -> None:
        """Count one promise."""
        last_used = self.at(now)["last_used"]
        for windows, amount in zip(self._plain, (1, len(lines), sum([n for _, n in lines])), strict=True):
            for counter in windows:
                counter[site] += amount
        last_used[site] = now
        if self._jobs is not None:
            job = self._jobs.add(order, site, lines, now)
            for tally in self._tallies:
                if tally.limit.concerns(order.channel):
                    tally.take_on(site, job)

    def hear(self, news: News) -> None:
        """Hear what sites refuse, are released from, and pick."""
        if self._jobs is None:
            return
        if isinstance(news, Refusal | Release):
            for job, before, open_before in self._jobs.given_back(news):
                self._give_back(news.site, job, before, open_before)
        elif isinstance(news, StockNews) and self._jobs.hears_picks:
            self.at(news.observed_at)
            for cell, units in zip(news.cells.tolist(), news.picked.tolist(), strict=True):
                if units:
                    self._jobs.reports[cell % len(self._jobs.reports)] = True
                    self.lost(cell, units, news.observed_at)

    def lost(self, cell: int, units: int, at: float) -> None:
        """Count units of a cell as done: picked by then, or given up; those of the oldest parcels."""
        for site, job, open_before in () if self._jobs is None else self._jobs.done(cell, units):
            for tally in self._tallies:
                if tally.limit.concerns(job.channel):
                    tally.done(site, job, open_before, at)

    def taken(self, limit: CapacityLimit, now: float) -> NDArray[np.float64]:
        """Return what each site has taken on of what a limit counts, shape (sites,)."""
        counts = self.at(now)
        counted = counts.get(limit.counter)
        if counted is not None:
            return counted
        taken: NDArray[np.float64] = np.add.reduce([counts[name] * weight for name, weight in limit.plain_names])
        return taken

    def work(self, limit: CapacityLimit, lines: Iterable[tuple[int, int]]) -> float:
        """Return what units of some products come to by a limit."""
        wanted = dict(lines)
        volume = 0.0 if limit.carton_holds is None else sum([n * self._packed_cm3[sku] for sku, n in wanted.items()])
        return limit.work(len(wanted), sum(wanted.values()), volume)

    def asked(self, order: Order) -> Mapping[str, float]:
        """Return what an order would add to each limit that is not `plain`, by name."""
        if not self._tallies:
            return NOTHING
        return {tally.name: self.work(tally.limit, order.lines) for tally in self._tallies}

    def memory(self, now: float) -> dict[str, Any]:
        """Return the counters as what JSON knows; those of nothing are left out, NaN is null."""
        columns = {name: column.tolist() for name, column in self.at(now).items()}
        told = {
            name: [None if math.isnan(value) else value for value in column]
            for name, column in columns.items()
            if any(value == value and (value != 0 or name == "last_used") for value in column)  # minute 0 is a minute
        }
        return {"counts": told}

    def recall(self, memory: Mapping[str, Any]) -> None:
        """Stand as `memory` says, at the minute that is told next."""
        self.forget()
        for name, column in memory["counts"].items():
            self._counts[name][:] = [np.nan if value is None else value for value in column]

    def forget(self) -> None:
        """Start from nothing."""
        for name, column in self._counts.items():
            column[:] = np.nan if name == "last_used" else 0
        for tally in self._tallies:
            tally.forget()
        for periods in self._periods.values():
            periods.forget()
        if self._jobs is not None:
            self._jobs.forget()
        self._until = -np.inf

    def _move_on(self, now: float) -> None:
        """Have the periods run that contain `now`."""
        rolled = {per: periods.move_on(now) for per, periods in self._periods.items() if now >= periods.end}
        self._until = min([periods.end for periods in self._periods.values()])
        for k, per in enumerate(WINDOWS):
            if per in rolled:
                before, new = rolled[per]
                for windows in self._plain:
                    windows[k][new & np.isfinite(before)] = 0  # what was recalled is of now
        if self._jobs is None:
            return
        for tally in self._tallies:
            if tally.limit.per in rolled:
                before, new = rolled[tally.limit.per]
                tally.move_on(before, new & np.isfinite(before), self._jobs.reports)
        if "day" in rolled:
            self._drop_old(self._jobs)

    def _drop_old(self, jobs: Jobs) -> None:
        """Drop jobs of earlier periods, unless they are carried over."""
        begin = np.minimum.reduce([periods.begin for periods in self._periods.values()])
        backlogs = [tally for tally in self._tallies if tally.carried is not None]
        carries = np.any([tally.carried > 0 for tally in backlogs if tally.carried is not None], axis=0)

        def over(site: int, job: Job) -> bool:
            done = not backlogs or not job.open or not (jobs.reports[site] or carries[site])
            return bool(job.at < begin[site]) and done

        jobs.drop(over)
        for tally in backlogs:
            tally.reopen(jobs)

    def _give_back(self, site: int, job: Job, before: dict[int, int], open_before: dict[int, int]) -> None:
        less = _counted(before) - _counted(job.kept)
        for k, per in enumerate(WINDOWS):
            if self._periods[per].begin[site] <= job.at:
                for windows, amount in zip(self._plain, less.tolist(), strict=True):
                    windows[k][site] -= amount
        for tally in self._tallies:
            if tally.limit.concerns(job.channel):
                tally.give_back(site, job, before, open_before)


NOTHING: Mapping[str, float] = {}


def _counted(lines: Mapping[int, int]) -> NDArray[np.int64]:
    return np.array([bool(lines), len(lines), sum(lines.values())], dtype=np.int64)
