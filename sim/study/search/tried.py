"""What is known of a candidate after some replications: its KPIs with their intervals, and whether it keeps to all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.study.kpis.catalogue import BY_NAME, Sums, estimate
from sim.study.runs.kept import ArmRun
from sim.study.search.search import Score
from sim.study.statistics.estimate import Estimate, difference, ratio

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.study.kpis.catalogue import Kpi
    from sim.study.kpis.goals import Goal, Outcome
    from sim.study.search.question import Question
    from sim.study.search.variables import Candidate
    from sim.study.statistics.estimate import Interval


class Kept(NamedTuple):
    """Whether a candidate keeps to what has to hold.

    Parameters
    ----------
    interval
        Of the KPI, or of its ratio to that of the scenario as it stands.
    """

    goal: Goal
    interval: Interval
    outcome: Outcome

    @property
    def violation(self) -> float:
        """How far the mean is on the wrong side, below 0 on the right one; at most a large number."""
        side = 1 if self.goal.side == "least" else -1
        found = side * (self.goal.value - self.interval.mean)
        return found if math.isfinite(found) else 1e9


@dataclass(frozen=True, eq=False)
class Tried:
    """A candidate after some replications.

    Parameters
    ----------
    kpis
        Those that are looked at, by name.
    less
        The same KPIs' paired differences from the scenario as it stands, in the same replications.
    kept
        What has to hold, in the order of the question.
    """

    candidate: Candidate
    kpis: Mapping[str, Estimate]
    less: Mapping[str, Estimate]
    kept: tuple[Kept, ...]

    @property
    def count(self) -> int:
        """Of how many replications."""
        return len(next(iter(self.kpis.values())).influence)

    @property
    def prints(self) -> tuple[bytes, ...]:
        """Equal only for candidates that came out alike in every KPI and replication."""
        return tuple(each.influence.tobytes() for each in self.kpis.values())

    @property
    def outcome(self) -> Outcome:
        """Missed if anything that has to hold is surely missed, met if all of it is surely met."""
        outcomes = {each.outcome for each in self.kept}
        if "missed" in outcomes:
            return "missed"
        return "not yet certain" if "not yet certain" in outcomes else "met"

    @property
    def feasible(self) -> bool:
        """Whether the means keep to all that has to hold."""
        return all(each.violation <= 0 for each in self.kept)

    def kpi(self, name: str) -> Interval:
        """Return a KPI with its 95 % interval."""
        return self.kpis[name].interval()

    def against(self, other: Tried, name: str) -> Interval:
        """Return the paired difference of a KPI from another candidate's, in as many replications of the same luck."""
        return difference(self.kpis[name], other.kpis[name]).interval()

    def untold(self, question: Question) -> list[str]:
        """Return the objectives that cannot be told: nothing over nothing."""
        return [kpi.name for kpi in question.objectives if math.isnan(self.kpis[kpi.name].value)]

    def score(self, question: Question) -> Score:
        """Return what a search is told of it."""
        values = tuple(question.sign(kpi) * self.kpis[kpi.name].value for kpi in question.objectives)
        return Score(values, tuple(each.violation for each in self.kept))


def tried(
    question: Question, candidate: Candidate, runs: Sequence[ArmRun], base: Sequence[ArmRun], kpis: Iterable[Kpi]
) -> Tried:
    """Return what some replications say of a candidate.

    Parameters
    ----------
    base
        The scenario as it stands in the same replications.
    """
    own, standing = ({kpi.name: estimate(kpi, [run.sums for run in each]) for kpi in kpis} for each in (runs, base))
    less = {name: difference(found, standing[name]) for name, found in own.items()}
    kept = []
    for goal in question.goals:
        found = own[goal.kpi.name]
        interval = (ratio(found, standing[goal.kpi.name]) if goal.relative else found).interval()
        kept.append(Kept(goal, interval, goal.judge(interval)))
    return Tried(candidate, own, less, tuple(kept))


def lean(run: ArmRun, kpis: Iterable[Kpi]) -> ArmRun:
    """Return a run with no more than some KPIs need: of hundreds of runs each order's hours would fill the memory."""
    names = [kpi.name for kpi in kpis if kpi.quantile is None]
    columns = {kpi.of for kpi in kpis if kpi.quantile is not None}
    pairs = {name: run.sums.pairs[name] for name in names if name in run.sums.pairs}
    samples = {name: run.sums.samples[name] for name in columns}
    return ArmRun(Sums(pairs, samples, run.sums.open_orders), run.routed, run.seconds, {})


def front(candidates: Sequence[Tried], question: Question) -> list[Tried]:
    """Return those of which none other is as good in every objective and better in one, by their means."""
    scored = [(each, each.score(question).values) for each in candidates]
    return [each for each, own in scored if not any(_beats(other, own) for _, other in scored)]


def _beats(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one != other and all(a <= b for a, b in zip(one, other, strict=True))


def looked_at(question: Question, besides: Sequence[str]) -> tuple[Kpi, ...]:
    """Return the KPIs that a question speaks of, and some besides, each once."""
    spoken = [*question.objectives, *(goal.kpi for goal in question.goals), *(BY_NAME[name] for name in besides)]
    return tuple(dict.fromkeys(spoken))
