"""A comparison read back from the files of its run: nothing is simulated again.

Intervals, verdicts and p values are those of `comparison.json`. What it does not hold, a difference between two options
neither of which is the baseline, is estimated from the sums of each replication in `kpis.parquet`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import FulfillSimError
from sim.study.kpis.catalogue import BY_NAME
from sim.study.kpis.database import with_tables
from sim.study.kpis.goals import read_goal
from sim.study.statistics.best_set import behind_the_best
from sim.study.statistics.difference import Difference
from sim.study.statistics.estimate import Interval, apart, difference, judge, ratio_of_sums, replications_to_tell
from sim.study.statistics.families import p_value
from sim.study.statistics.pairing import Pairing, pairing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.study.kpis.goals import Goal, Outcome
    from sim.study.runs.results import Run
    from sim.study.statistics.estimate import Estimate

_NOTHING: dict[str, Any] = {"mean": None, "low": None, "high": None}


@dataclass(frozen=True)
class Recorded:
    """What a run has found.

    Parameters
    ----------
    found
        Its `comparison.json`.
    sums
        Numerator and denominator of each replication by arm and KPI, shape (replications, 2); NaN for quantiles.
    """

    run: Run
    found: Mapping[str, Any]
    sums: Mapping[tuple[str, str], NDArray[np.float64]]

    @property
    def manifest(self) -> dict[str, Any]:
        """What the run was made of."""
        return self.run.manifest

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """The strategies, the baseline first."""
        return tuple(self.found["strategies"])

    @property
    def baseline(self) -> str:
        """What the others are compared with."""
        return self.arms[0]

    @property
    def count(self) -> int:
        """How many replications there are."""
        return int(self.found["replications"])

    @property
    def measured_days(self) -> float:
        """Days whose orders count."""
        return float(self.manifest["resolved"]["clock"]["measure"])

    @cached_property
    def goals(self) -> tuple[tuple[Goal, str, Interval, Outcome], ...]:
        """What became of the scenario's goals: each with an arm, its interval (or its ratio's), and the outcome."""
        return tuple(
            (read_goal(goal["kpi"], goal["goal"]), goal["strategy"], interval_of(goal), goal["outcome"])
            for goal in self.found.get("goals", ())
        )

    @property
    def outcomes(self) -> dict[tuple[str, str], Outcome]:
        """What became of the goals, by arm and KPI."""
        return {(arm, goal.kpi.name): outcome for goal, arm, _, outcome in self.goals}

    def kpi(self, arm: str, name: str) -> Interval:
        """Return a KPI of one strategy with its 95 % interval."""
        return interval_of(self.found["strategies"][arm].get(name, _NOTHING))

    def difference(self, arm: str, name: str) -> Difference:
        """Return the paired difference of a KPI from the baseline."""
        told = self.found["differences"][arm].get(name, {**_NOTHING, "verdict": "cannot tell", "p": None})
        return self._difference(name, interval_of(told), _number(told["p"]), told["verdict"])

    def between(self, option: str, other: str, name: str) -> Difference:
        """Return the paired difference of a KPI, `option` minus `other`."""
        if other == self.baseline and option != other:
            return self.difference(option, name)
        found = difference(self._estimate(option, name), self._estimate(other, name))
        return self._difference(name, found.interval(), p_value(found))

    def family(self, name: str) -> dict[str, float]:
        """Return the p values of all differences of a KPI from the baseline, adjusted for each other (Holm)."""
        told = self.found["differences"]
        return {arm: _number(told[arm].get(name, {}).get("p_holm")) for arm in self.arms[1:]}

    def pairing(self, arm: str, name: str) -> Pairing:
        """Return how far a strategy and the baseline go up and down together in a KPI."""
        told = self.found["differences"][arm].get(name, {})
        return Pairing(*(_number(told.get(field)) for field in Pairing._fields))

    def paired(self, option: str, other: str, name: str) -> Pairing:
        """Return the same of any two strategies, of a KPI that is a ratio of sums."""
        return pairing(self._estimate(option, name), self._estimate(other, name))

    def half_widths(self, option: str, other: str, name: str) -> tuple[float, float]:
        """Return how far the difference may be off, paired, and as if each had had luck of its own."""
        ours, theirs = self._estimate(option, name), self._estimate(other, name)
        return difference(ours, theirs).interval().half_width, apart(ours, theirs).half_width

    def behind(self, name: str) -> dict[str, tuple[float, float]]:
        """Return how far each strategy may lie behind the best of the others in a KPI that is a ratio of sums."""
        sign = 1 if BY_NAME[name].better == "low" else -1
        return behind_the_best({arm: self._estimate(arm, name) for arm in self.arms}, sign)

    def ranking(self, name: str) -> list[str]:
        """Return the strategies, the best mean of a KPI first."""
        sign = 1 if BY_NAME[name].better == "low" else -1
        return sorted(self.arms, key=lambda arm: sign * self.kpi(arm, name).mean)

    def totals(self, arm: str, name: str, denominator: bool = False) -> NDArray[np.float64]:
        """Return what a KPI is the sum of, or is over, in each replication; NaN where the run does not know the KPI."""
        sums = self.sums.get((arm, name), np.full((self.count, 2), math.nan))
        return sums[:, int(denominator)]

    def _estimate(self, arm: str, name: str) -> Estimate:
        return ratio_of_sums(self.totals(arm, name), self.totals(arm, name, denominator=True))

    def _difference(self, name: str, interval: Interval, p: float, verdict: Any = None) -> Difference:
        kpi = BY_NAME[name]
        verdict = verdict or judge(interval, kpi.better, kpi.margin)
        more = replications_to_tell(interval, self.count, kpi.margin) if verdict == "cannot tell" else None
        return Difference(kpi, interval, verdict, more, p)


def read_comparison(run: Run) -> Recorded:
    """Read what a run has found.

    Raises
    ------
    FulfillSimError
        If it compares nothing, or its files are not to be read.
    """
    import duckdb

    found = run.comparison()
    file = str(run.folder / "kpis.parquet").replace("'", "''")
    query = f"SELECT strategy, kpi, numerator, denominator FROM '{file}' ORDER BY strategy, kpi, replication"
    sums: dict[tuple[str, str], list[tuple[float, float]]] = {}
    try:
        with with_tables({}) as connection:
            for arm, kpi, *pair in connection.execute(query).fetchall():
                numerator, denominator = map(_number, pair)
                sums.setdefault((arm, kpi), []).append((numerator, denominator))
        recorded = Recorded(run, found, {key: np.array(pairs) for key, pairs in sums.items()})
        assert recorded.arms
        assert recorded.goals is not None
        assert recorded.measured_days > 0
    except (duckdb.Error, AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise FulfillSimError(f"{run.folder}: cannot be read as the folder of a comparison ({error!r})") from None
    return recorded


def interval_of(told: Mapping[str, Any]) -> Interval:
    """Return an interval as it stands in `comparison.json`."""
    return Interval(*(_number(told[name]) for name in ("mean", "low", "high")))


def _number(value: float | None) -> float:
    """Return a number as it stood in JSON, where NaN is None."""
    return math.nan if value is None else float(value)
