"""The difference of a KPI between two strategies, and what may be said of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.kpis.kpi import Kpi
    from sim.study.statistics.estimate import Interval, Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """One KPI of one strategy minus the baseline's, on the same tapes.

    Parameters
    ----------
    more
        About how many replications in all would settle it, if it cannot be told yet.
    p
        Two-sided p value of no difference.
    """

    kpi: Kpi
    interval: Interval
    verdict: Verdict
    more: int | None
    p: float = math.nan
