"""How much of what a myopic router leaves on the table each strategy takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import FulfillSimError
from sim.study.bound.runs import CHEAPEST, Wanted, variants_of
from sim.study.bound.splits import cancelled_cents
from sim.study.kpis.catalogue import SETTLED
from sim.study.statistics.estimate import Estimate, Interval, difference, ratio, ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.study.bound.runs import Bounds
    from sim.study.experiment import Experiment, Replication
    from sim.study.runs.kept import ArmRun

CANCELLED = "cancel_rate"
"""The KPI whose numerator is the orders of which anything was cancelled by us."""
UNDEFINED = Interval(math.nan, math.nan, math.nan)


class Captured(NamedTuple):
    """One strategy against the bound.

    Parameters
    ----------
    cost
        USD an order placed, with lost margin and what is paid for what is cancelled, all settled.
    above
        Paired difference from the bound.
    share
        (myopic - strategy) / (myopic - bound), by the delta method; NaN where that gap is not surely above nothing.
    """

    cost: Interval
    above: Interval
    share: Interval


@dataclass(frozen=True)
class AgainstBound:
    """An experiment's strategies against the bounds of its replications.

    Raises
    ------
    FulfillSimError
        If a bound is none: a strategy has done better, or was asked for other orders.
    """

    experiment: Experiment
    replications: Sequence[Replication]
    bounds: Sequence[Bounds]
    wanted: Wanted = CHEAPEST

    def __post_init__(self) -> None:
        for number, (runs, found) in enumerate(zip(self.replications, self.bounds, strict=True)):
            for arm, run in runs.items():
                usd, orders = self._settled(arm, run)
                bound = found[self.experiment.what(arm)[0]]
                if orders != bound.orders or round(usd * 100) < bound.cents:
                    raise FulfillSimError(
                        f"replication {number}: {arm} served {orders:.0f} orders for {usd:,.2f} USD, but the bound is "
                        f"{bound.cents / 100:,.2f} USD for {bound.orders} - please report this"
                    )

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """The variants that were run."""
        return tuple(variants_of(self.experiment))

    def _settled(self, arm: str, run: ArmRun) -> tuple[float, float]:
        """Return what a run has cost, USD, and its orders: contacts and penalties for what is cancelled included."""
        usd, orders = run.sums.pairs[SETTLED.name]
        cancelled = run.sums.pairs[CANCELLED][0] + run.sums.open_orders
        return usd + cancelled * self._cancelled_cents[self.experiment.what(arm)[0]] / 100, orders

    @cached_property
    def _cancelled_cents(self) -> dict[str, int]:
        return {name: cancelled_cents(self.experiment.variants[name].scenario) for name in self.variants}

    def _of(self, arm: str) -> Estimate:
        pairs = np.array([self._settled(arm, runs[arm]) for runs in self.replications], dtype=float)
        return ratio_of_sums(pairs[:, 0], pairs[:, 1])

    def _bound(self, variant: str) -> Estimate:
        pairs = np.array([(each[variant].cents / 100, each[variant].orders) for each in self.bounds], dtype=float)
        return ratio_of_sums(pairs[:, 0], pairs[:, 1])

    def myopic_of(self, variant: str) -> str:
        """Return the arm from which the gap of a variant is measured."""
        name = self.wanted.myopic
        return name if self.experiment.kind == "strategies" else f"{variant}/{name}"

    def gap(self, variant: str, myopic: str | None = None) -> Interval:
        """Return what the myopic arm pays above the bound, USD an order."""
        return difference(self._of(myopic or self.myopic_of(variant)), self._bound(variant)).interval()

    def captured(self, arm: str, myopic: str | None = None) -> Captured:
        """Return how one arm stands.

        Parameters
        ----------
        myopic
            The arm from which the gap is measured; None: the myopic one of its own variant.
        """
        variant = self.experiment.what(arm)[0]
        own, base, bound = self._of(arm), self._of(myopic or self.myopic_of(variant)), self._bound(variant)
        gap = difference(base, bound)
        above = difference(own, bound).interval()
        sure = gap.interval().low > 0  # false where one replication says nothing of it
        share = ratio(difference(base, own), gap).interval() if sure else UNDEFINED
        return Captured(own.interval(), above, share)

    def table(self) -> pd.DataFrame:
        """Return every strategy, a row each: cost, what it is above the bound, its share of the gap, with limits."""
        import pandas as pd

        found = {arm: self.captured(arm)._asdict() for arm in self.experiment.arms}
        rows = [
            (arm, what, interval.mean, interval.low, interval.high)
            for arm, told in found.items()
            for what, interval in told.items()
        ]
        return pd.DataFrame(rows, columns=["strategy", "figure", "mean", "low", "high"])

    def as_json(self) -> dict[str, Any]:
        """Return all that is told of the bounds, as plain values, by variant."""
        return {
            "myopic": self.wanted.myopic,
            "frozen": dict(self.wanted.frozen),
            "variants": {name: self._variant_as_json(name) for name in self.variants},
        }

    def _variant_as_json(self, variant: str) -> dict[str, Any]:
        found = [each[variant] for each in self.bounds]
        total = sum(each.found_cents for each in found)
        return {
            "bound": _limits(self._bound(variant).interval()),
            "gap": _limits(self.gap(variant)),
            "own_gap": (total - sum(each.cents for each in found)) / total if total else 0.0,
            "exact": sum(each.how == "exact" for each in found),
            "contested": sum(each.contested for each in found) / max(sum(each.orders for each in found), 1),
            "shares_shelves": self._walk_ins_share(variant),
            "replications": [each._asdict() for each in found],
            "strategies": {
                arm: {name: _limits(value) for name, value in self.captured(arm)._asdict().items()}
                for arm in self.experiment.arms
                if self.experiment.what(arm)[0] == variant
            },
        }

    def _walk_ins_share(self, variant: str) -> bool:
        file = self.experiment.variants[variant].scenario.file
        return file.walk_ins is not None and file.stock == "unified"


def _limits(interval: Interval) -> dict[str, float | None]:
    return {name: None if math.isnan(v := getattr(interval, name)) else v for name in ("mean", "low", "high")}
