"""What an option is worth a year, and when its fixed costs have paid for themselves.

Worth is the difference in contribution (price less all cost but the fixed) of all orders of the measured days, paired
by replication and stretched to a year: so what is sold more or less counts, not only what an order costs. Fixed costs
are those that a scenario states; what is paid once is set against the net of the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.statistics.estimate import Estimate, Interval
from sim.study.statistics.families import holm, p_value

if TYPE_CHECKING:
    from sim.study.runs.recorded import Recorded

DAYS_A_YEAR = 365
CONTRIBUTION, PLACED = "contribution_per_order", "cancel_rate"
"""KPIs over all orders served, and over all orders placed."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """Fixed costs of an option beside those of the baseline, USD.

    Parameters
    ----------
    a_year
        Paid month by month.
    once
        Paid once.
    """

    a_year: float
    once: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What an option is worth a year beside the baseline, USD.

    Parameters
    ----------
    earned
        Contribution, before fixed costs.
    fixed
        None where the run does not say.
    p
        Two-sided p value of no worth, adjusted for all options (Holm).
    """

    arm: str
    earned: Interval
    fixed: Fixed | None
    p: float

    @property
    def net(self) -> Interval:
        """After the fixed costs paid month by month."""
        less = 0.0 if self.fixed is None else self.fixed.a_year
        return Interval(self.earned.mean - less, self.earned.low - less, self.earned.high - less)

    @property
    def pays_back_days(self) -> Interval | None:
        """When what is paid once has come in, in days; infinite where it never does; None where nothing is paid."""
        if self.fixed is None or self.fixed.once <= 0:
            return None
        net = self.net
        return Interval(*(self._days(a_year) for a_year in (net.mean, net.high, net.low)))

    def _days(self, net_a_year: float) -> float:
        assert self.fixed is not None
        if math.isnan(net_a_year):
            return math.nan
        return self.fixed.once / net_a_year * DAYS_A_YEAR if net_a_year > 0 else math.inf


def orders_a_year(recorded: Recorded) -> float:
    """Return how many orders a year the baseline gets, at the volume of the measured days."""
    return float(recorded.totals(recorded.baseline, PLACED, denominator=True).mean()) * _a_year(recorded)


def worths(recorded: Recorded) -> tuple[Worth, ...]:
    """Return what every option is worth, in the order of the arms; NaN where the run does not tell."""
    options = recorded.arms[1:]
    base = recorded.totals(recorded.baseline, CONTRIBUTION)
    found = {}
    for arm in options:
        more = (recorded.totals(arm, CONTRIBUTION) - base) * _a_year(recorded)
        found[arm] = Estimate(float(more.mean()), more)
    fixed = {arm: _fixed(recorded, arm) for arm in options}
    net = {arm: _less(each, 0.0 if (cost := fixed[arm]) is None else cost.a_year) for arm, each in found.items()}
    adjusted = holm([p_value(each) for each in net.values()]) if options else np.empty(0)
    return tuple(
        Worth(arm, found[arm].interval(), fixed[arm], float(p)) for arm, p in zip(options, adjusted, strict=True)
    )


def ahead(recorded: Recorded, one: Worth, other: Worth) -> Interval:
    """Return what one option is worth a year more than another, net and paired by replication."""
    more = (recorded.totals(one.arm, CONTRIBUTION) - recorded.totals(other.arm, CONTRIBUTION)) * _a_year(recorded)
    costs = [0.0 if each.fixed is None else each.fixed.a_year for each in (one, other)]
    return _less(Estimate(float(more.mean()), more), costs[0] - costs[1]).interval()


def _less(earned: Estimate, cost: float) -> Estimate:
    return Estimate(earned.value - cost, earned.influence - cost)


def _a_year(recorded: Recorded) -> float:
    return DAYS_A_YEAR / recorded.measured_days


def _fixed(recorded: Recorded, arm: str) -> Fixed | None:
    told = recorded.manifest.get("fixed")
    if told is None:
        return None
    sums = [
        Fixed(
            sum(12 * (cost["per_month_cents"] or 0) * cost["times"] for cost in told.get(each, {}).values()) / 100,
            sum((cost["once_cents"] or 0) * cost["times"] for cost in told.get(each, {}).values()) / 100,
        )
        for each in (arm, recorded.baseline)
    ]
    return Fixed(sums[0].a_year - sums[1].a_year, sums[0].once - sums[1].once)
