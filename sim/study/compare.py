"""What an experiment says: every KPI of every strategy, and its paired difference from the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim.errors import FulfillSimError, expected_one_of, shown
from sim.scenario.load import load
from sim.study.bound.captured import AgainstBound
from sim.study.bound.runs import CHEAPEST, Wanted, bounds, refuse_unless_bounded
from sim.study.experiment import design, run_all
from sim.study.kpis.breakdown import Measure, estimate_of, names_of
from sim.study.kpis.catalogue import BY_NAME, KPIS, estimate, kpi_named
from sim.study.kpis.goals import read_goals
from sim.study.runs.plain import plain_values
from sim.study.statistics.best_set import behind_the_best
from sim.study.statistics.difference import Difference
from sim.study.statistics.estimate import Interval, difference, judge, ratio, replications_to_tell
from sim.study.statistics.families import holm, p_value
from sim.study.statistics.pairing import Pairing, pairing
from sim.study.until import read_until, run_until
from sim.study.workers import default_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from sim.scenario.load import Scenario
    from sim.study.bound.runs import Bounds
    from sim.study.experiment import Experiment, Replication
    from sim.study.kpis.goals import Goal, Outcome
    from sim.study.statistics.estimate import Estimate


@dataclass(frozen=True)
class Comparison:
    """The results of an experiment.

    Parameters
    ----------
    replications
        In order of their number.
    bounds
        What no router could beat in each of them; empty where nobody asked.
    wanted
        What was asked of the bounds.
    """

    experiment: Experiment
    replications: tuple[Replication, ...]
    bounds: tuple[Bounds, ...] = ()
    wanted: Wanted = CHEAPEST

    @property
    def arms(self) -> tuple[str, ...]:
        """The strategies, the baseline first."""
        return self.experiment.arms

    @property
    def baseline(self) -> str:
        """What the others are compared with."""
        return self.arms[0]

    @property
    def count(self) -> int:
        """How many replications there are."""
        return len(self.replications)

    @property
    def orders_routed(self) -> int:
        """Orders given to a router, warm-up and drain included, over all strategies and replications."""
        return sum(run.routed for replication in self.replications for run in replication.values())

    @cached_property
    def _estimates(self) -> dict[tuple[str, str], Estimate]:
        return {
            (arm, kpi.name): estimate(kpi, [replication[arm].sums for replication in self.replications])
            for arm in self.arms
            for kpi in KPIS
        }

    def kpi(self, arm: str, name: str) -> Interval:
        """Return a KPI of one strategy with its 95 % interval."""
        return self._estimate(arm, name).interval()

    def _estimate(self, arm: str, name: str) -> Estimate:
        if arm not in self.arms:
            raise FulfillSimError(f"strategy {expected_one_of(arm, self.arms)}")
        return self._estimates[arm, kpi_named(name).name]

    def between(self, option: str, other: str, name: str) -> Difference:
        """Return the paired difference of a KPI, `option` minus `other`."""
        kpi = kpi_named(name)
        found = difference(self._estimate(option, name), self._estimate(other, name))
        interval = found.interval()
        verdict = judge(interval, kpi.better, kpi.margin)
        count = len(self.replications)
        more = replications_to_tell(interval, count, kpi.margin) if verdict == "cannot tell" else None
        return Difference(kpi, interval, verdict, more, p_value(found))

    def difference(self, arm: str, name: str) -> Difference:
        """Return the paired difference of a KPI from the baseline."""
        return self.between(arm, self.baseline, name)

    def family(self, name: str) -> dict[str, float]:
        """Return the p values of all differences of a KPI from the baseline, adjusted for each other (Holm)."""
        options = self.arms[1:]
        return dict(zip(options, holm([self.difference(arm, name).p for arm in options]).tolist(), strict=True))

    def pairing(self, arm: str, name: str) -> Pairing:
        """Return how far a strategy and the baseline go up and down together in a KPI."""
        return pairing(self._estimates[arm, name], self._estimates[self.baseline, name])

    @cached_property
    def against_bound(self) -> AgainstBound | None:
        """The strategies against the clairvoyant bound; None where nobody asked for it."""
        return AgainstBound(self.experiment, self.replications, self.bounds, self.wanted) if self.bounds else None

    @cached_property
    def goals(self) -> tuple[tuple[Goal, str, Interval, Outcome], ...]:
        """What became of the scenario's goals: each with an arm, its interval (or its ratio's), and the outcome."""
        found = []
        for goal in read_goals(self.experiment.scenario.file.goals):
            for arm in self.arms[1:] if goal.relative else self.arms:
                own, base = (self._estimates[each, goal.kpi.name] for each in (arm, self.baseline))
                interval = (ratio(own, base) if goal.relative else own).interval()
                found.append((goal, arm, interval, goal.judge(interval)))
        return tuple(found)

    @cached_property
    def outcomes(self) -> dict[tuple[str, str], Outcome]:
        """What became of the goals, by arm and KPI; the baseline has none that is relative to itself."""
        return {(arm, goal.kpi.name): outcome for goal, arm, _, outcome in self.goals}

    def behind(self, name: str) -> dict[str, tuple[float, float]]:
        """Return how far each strategy may lie behind the best of the others in a KPI: least 0, it may be the best."""
        sign = 1 if kpi_named(name).better == "low" else -1
        return behind_the_best({arm: self._estimate(arm, name) for arm in self.arms}, sign)

    def ranking(self, name: str) -> list[str]:
        """Return the strategies, the best mean of a KPI first."""
        sign = 1 if BY_NAME[name].better == "low" else -1
        return sorted(self.arms, key=lambda arm: sign * self._estimates[arm, name].value)

    def table(self) -> pd.DataFrame:
        """Return every KPI of every strategy: a row each, with its 95 % interval and what became of its goal."""
        import pandas as pd

        rows = [
            (arm, kpi.name, kpi.unit, *_three(self.kpi(arm, kpi.name)), self.outcomes.get((arm, kpi.name), ""))
            for kpi in KPIS
            for arm in self.arms
        ]
        return pd.DataFrame(rows, columns=["strategy", "kpi", "unit", "mean", "low", "high", "goal"])

    def differences(self) -> pd.DataFrame:
        """Return every KPI's paired difference from the baseline, with its interval and what it means.

        `p_holm` allows for all strategies that are compared in a KPI; `correlation` and `variance_ratio` tell what it
        was worth to have luck in common.
        """
        import pandas as pd

        rows = []
        for kpi in KPIS:
            adjusted = self.family(kpi.name)
            for arm in self.arms[1:]:
                found, common = self.difference(arm, kpi.name), self.pairing(arm, kpi.name)
                told = found.verdict, found.p, adjusted[arm], *common
                rows.append((arm, kpi.name, kpi.unit, *_three(found.interval), *told))
        columns = ["strategy", "kpi", "unit", "mean", "low", "high", "verdict", "p", "p_holm", *Pairing._fields]
        return pd.DataFrame(rows, columns=columns)

    def groups(self, by: str) -> list[str]:
        """Return the models, or regions, by which orders were told apart; at last all."""
        return names_of(by, (run.groups[by] for replication in self.replications for run in replication.values()))

    def of_group(self, arm: str, by: str, group: str, measure: Measure, less_baseline: bool = False) -> Interval:
        """Return what a group of orders came to in one strategy, or its paired difference from the baseline."""
        own, base = (
            estimate_of(measure, group, [replication[each].groups[by] for replication in self.replications])
            for each in (arm, self.baseline)
        )
        return (difference(own, base) if less_baseline else own).interval()

    def as_json(self, run_dir: str) -> dict[str, Any]:
        """Return the comparison as plain values, such as JSON has; limits that cannot be known are None."""
        return plain_values(self, run_dir)


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def compare(
    scenario: Scenario | str,
    strategies: list[str] | str | None = None,
    *,
    changes: Mapping[str, Scenario] | None = None,
    baseline: str | None = None,
    replications: int = 10,
    days: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    until: str | None = None,
    at_most: int = 100,
    by: Iterable[str] = (),
    bound: Wanted | bool = False,
) -> Comparison:
    """Run strategies on the same tapes and return what that says.

    Parameters
    ----------
    scenario, strategies
        A scenario or its name; names from its block `routing:`, see `sim.study.experiment.design`.
    changes
        The same scenario changed, by name, to be compared with it.
    baseline
        What the others are compared with; None means the first.
    days
        Measured days; None means the scenario's own.
    workers
        Processes; None means as many as there are processors. The numbers do not depend on it.
    until, at_most
        Add replications until each difference is known so well, such as ``"cost_per_order=0.05USD"``, or there are so
        many.
    by
        By what orders are to be told apart as well: `model`, `region`.
    bound
        Whether to add the clairvoyant bound, and the share of the gap from `cheapest` (or from who is named) to it.

    Raises
    ------
    FulfillSimError
        If a name is unknown, or no bound exists.
    """
    if not isinstance(replications, int) or replications < 1:
        raise FulfillSimError(f"replications: {shown(replications)} - expected a whole number of at least 1")
    scenario = load(scenario) if isinstance(scenario, str) else scenario
    if isinstance(strategies, str):
        strategies = [name.strip() for name in strategies.split(",")]
    stop = None if until is None else read_until(until, at_most, replications)
    if days is not None:
        scenario = scenario.with_measured_days(days)
        changes = {name: each.with_measured_days(days) for name, each in (changes or {}).items()}
    wanted = bound if isinstance(bound, Wanted) else Wanted()
    myopic = wanted.myopic if bound else None
    experiment = design(scenario, strategies, replications, seed, baseline, changes, by, myopic)
    if bound:
        refuse_unless_bounded(experiment)
    count = workers or default_workers()
    experiment, runs, _ = run_until(experiment, stop, lambda numbers: run_all(experiment, count, numbers=numbers))
    found = bounds(experiment, count, None, range(len(runs))) if bound else ()
    return Comparison(experiment, runs, found, wanted)
