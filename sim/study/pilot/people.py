"""What a pilot asks of the stores' people and shelves: the busiest hour of a day against hands, and empty shelves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.pilot.panel import DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.pilot.layout import Layout
    from sim.study.pilot.panel import Panel
    from sim.study.pilot.worlds import Study

QUANTILE = 0.95
"""Of the days: a store is staffed for its busy days, not for its mean one."""
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BARER = 0.01
"""Of the walk-in units wanted: what is missed more than before, from which a shelf is warned of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one treated store.

    Parameters
    ----------
    lines, before
        Order lines picked in the busiest hour of a day that 95 % of its treated days do not exceed, and the same days
        without a pilot.
    day
        The weekday on which that is most.
    can
        Lines that its people can pick in an hour; NaN where people have shifts of their own.
    units
        Units given online a week.
    fill, fill_before
        Share of the walk-in units wanted that were sold.
    """

    store: str
    lines: float
    before: float
    day: str
    can: float
    units: float
    fill: float
    fill_before: float

    def warnings(self, busy: float) -> list[str]:
        """Return what to see to before the pilot begins."""
        found = []
        if self.lines > busy * self.can:
            share = f"{self.lines / self.can:.0%} of what its people can pick"
            found.append(f"{self.lines:.0f} lines in its busiest hour, most on {self.day}: {share}")
        if self.fill < self.fill_before - BARER:
            found.append(
                f"shelves: walk-in customers find {self.fill:.1%} of what they want, not {self.fill_before:.1%}"
            )
        return found


def asked_of(study: Study, layout: Layout, base: Sequence[Panel], pilots: Sequence[Panel]) -> tuple[Asked, ...]:
    """Return what a pilot asks of its stores, the busiest first.

    Parameters
    ----------
    base, pilots
        The same tapes without and with it.
    """
    stores, scenario = study.stores, study.full.scenario
    treated = stores.treated_in(layout.treated)
    first = scenario.file.clock.start.weekday() + scenario.file.clock.warm_up
    found = []
    for j in np.flatnonzero(treated.any(axis=1)).tolist():
        weeks = treated[j]
        days = np.repeat(weeks, DAYS)
        weekday = (first + np.arange(len(days))) % DAYS
        own, other = (np.stack([each.busiest[j] for each in panels]) for panels in (pilots, base))
        by_weekday = [float(own[:, days & (weekday == k)].mean()) for k in range(DAYS)]
        found.append(
            Asked(
                stores.ids[j],
                float(np.quantile(own[:, days], QUANTILE)),
                float(np.quantile(other[:, days], QUANTILE)),
                WEEKDAYS[int(np.argmax(by_weekday))],
                _can(study, stores.sites[j]),
                float(np.mean([each.sums["picked"][j, weeks].mean() for each in pilots])),
                _fill(pilots, j, weeks),
                _fill(base, j, weeks),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.lines, each.store)))


def _can(study: Study, site: int) -> float:
    block = study.full.scenario.site_blocks[site]
    if block.pickers is None:
        return float("nan")
    rate = study.plan.rate or 60 / max(block.pick_time.build().mean, 1e-9)
    return (block.pickers + study.plan.spare) * rate


def _fill(panels: Sequence[Panel], store: int, weeks: np.ndarray) -> float:
    wanted = sum(float(each.sums["wanted"][store, weeks].sum()) for each in panels)
    return sum(float(each.sums["sold"][store, weeks].sum()) for each in panels) / wanted if wanted else float("nan")
