"""As many replications as it takes: until every difference is known as precisely as was asked for.

What is to be precise is the difference from the baseline, in the KPI's own unit: a precision relative to a difference
near zero would never be reached. A half-width can look narrow by luck, and who stops at the first narrow one covers
less than he says; so it has to stay narrow over the next few replications as well (Hoad, Robinson and Davies, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.errors import FulfillSimError, expected_one_of
from sim.study.kpis.amounts import amount_of, example, told
from sim.study.kpis.catalogue import BY_NAME, estimate
from sim.study.statistics.estimate import difference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sim.study.experiment import Experiment, Replication
    from sim.study.kpis.kpi import Kpi
    from sim.study.runs.kept import ArmRun

FIRST = 10
"""Replications before anything is judged."""
AHEAD = 5
"""Replications over which a precision has to last."""


@dataclass(frozen=True, slots=True)
class Until:
    """When to stop.

    Parameters
    ----------
    precision
        Widest half of a 95 % interval, by KPI and in its unit.
    at_most
        Replications after which to stop in any case.
    """

    precision: Mapping[Kpi, float]
    at_most: int
    first: int = FIRST
    ahead: int = AHEAD

    def reached(self, arms: Sequence[str], runs: Sequence[Mapping[str, ArmRun]]) -> bool:
        """Return whether some replications were enough, and so were the few before the last of them."""
        counts = range(len(runs) - self.ahead, len(runs) + 1)
        return counts[0] >= self.first and all(self.widest(arms, runs[:count]) <= 1 for count in reversed(counts))

    def widest(self, arms: Sequence[str], runs: Sequence[Mapping[str, ArmRun]]) -> float:
        """Return the greatest half-width of all differences, as a share of the precision asked of it.

        A single arm is compared with nothing: there the half-width is its own. What cannot be known counts for nothing.
        """
        widest = 0.0
        for kpi, precision in self.precision.items():
            base, *others = [estimate(kpi, [run[arm].sums for run in runs]) for arm in arms]
            for found in [difference(other, base) for other in others] or [base]:
                half = found.interval().half_width
                widest = max(widest, half / precision if half == half else 0.0)
        return widest

    def says(self) -> str:
        """Return what was asked for, as people say it."""
        return ", ".join([f"{kpi.title.lower()} to {told(kpi, value)}" for kpi, value in self.precision.items()])


def run_until(
    experiment: Experiment,
    until: Until | None,
    run: Callable[[Sequence[int]], Iterable[tuple[int, Replication]]],
) -> tuple[Experiment, tuple[Replication, ...], bool]:
    """Run an experiment as planned, or until its differences are precise enough.

    Parameters
    ----------
    run
        Runs replications of these numbers, in any order.

    Returns
    -------
    experiment, replications, precise
        The experiment with as many replications as were used, these in order, and whether they were enough. They are
        the first ones that were, whatever was run at the same time.
    """
    if until is None:
        done = dict(run(range(experiment.replications)))
        return experiment, tuple(done[number] for number in sorted(done)), True
    runs: list[Replication] = []
    while len(runs) < until.at_most:
        start = len(runs)
        stop = min(start + until.ahead if start else until.first + until.ahead, until.at_most)
        found = dict(run(range(start, stop)))
        for number in range(start, stop):
            runs.append(found[number])
            if until.reached(experiment.arms, runs):
                return replace(experiment, replications=len(runs)), tuple(runs), True
    return replace(experiment, replications=len(runs)), tuple(runs), False


def read_until(text: str, at_most: int, first: int = FIRST) -> Until:
    """Read ``cost_per_order=0.05USD,order_fill_rate=0.2pp``.

    Parameters
    ----------
    first
        Replications before anything is judged, at least `FIRST`.

    Raises
    ------
    FulfillSimError
        If a KPI is unknown, a precision is missing, has the wrong unit, or is not above zero.
    """
    precision: dict[Kpi, float] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if name not in BY_NAME:
            raise FulfillSimError(f"--until: unknown KPI {expected_one_of(name, BY_NAME)}")
        kpi = BY_NAME[name]
        try:
            if not equals:
                raise ValueError(f"no precision - expected {name}={example(kpi)}")
            precision[kpi] = amount_of(kpi, value)
        except ValueError as error:
            raise FulfillSimError(f"--until {name}: {error}") from None
    first = max(first, FIRST)
    if at_most < first + AHEAD:
        raise FulfillSimError(f"--at-most {at_most} - expected at least {first + AHEAD}, else nothing can be told")
    return Until(precision, at_most, first)
