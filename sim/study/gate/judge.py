"""From paired differences to a verdict, looked at more than once.

A guard is a test of non-inferiority: it *passes* when the one-sided upper bound of the difference, turned so that more
is worse, lies within the margin, and *fails* when the lower bound lies beyond it. All guards have to pass, so each may
be tested at the whole level (intersection-union). One guard is enough to fail, so failing is tested at the level over
their number: a candidate that is within all margins fails in no more than `LEVEL` of all cases.

A claim is a test of superiority by an amount; several are one family, adjusted by Holm's rule.

Replications are added where nothing is decided yet, and each look is a test: the level is spent over the looks that
were planned, half of it at the first, the rest in equal parts. Their sum is the level whatever the looks have in
common, so that no look costs validity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from sim.study.kpis.catalogue import estimate
from sim.study.statistics.estimate import difference, t_quantile
from sim.study.statistics.families import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.gate.margins import Margin, Margins
    from sim.study.kpis.catalogue import Sums
    from sim.study.statistics.estimate import Estimate

LEVEL = 0.025
"""One-sided: bounds are those of a 95 % interval."""
POWER = 0.8
"""Of what is said to have been seen."""
GROWTH = 1.5
"""Each look is at so many times the replications of the one before."""

Verdict = Literal["pass", "fail", "undecided"]


class Looks(NamedTuple):
    """At how many replications it is looked, and what of the level each look may spend."""

    counts: tuple[int, ...]

    def level(self, look: int) -> float:
        """Return the level of one look."""
        if len(self.counts) == 1:
            return LEVEL
        return LEVEL / 2 if look == 0 else LEVEL / 2 / (len(self.counts) - 1)


def planned(first: int, at_most: int) -> Looks:
    """Return the looks from the first to the last number of replications."""
    counts = [first]
    while counts[-1] < at_most:
        counts.append(min(at_most, math.ceil(counts[-1] * GROWTH)))
    return Looks(tuple(counts))


@dataclass(frozen=True, slots=True)
class Judged:
    """One margin and what was found of it.

    Parameters
    ----------
    baseline, candidate, difference
        Values of the KPI, and the paired difference.
    bound
        The one-sided limit, on the KPI's own scale, that has to lie within the margin to pass.
    seen
        The smallest true difference that would have been told from none `POWER` of all times; a margin below it asks
        for more replications than there were.
    verdict
        None: the scenario knows no such KPI.
    """

    margin: Margin
    baseline: float
    candidate: float
    difference: float
    bound: float
    seen: float
    verdict: Verdict | None


def judged(margins: Margins, runs: Sequence[tuple[Sums, Sums]], level: float, families: int = 1) -> list[Judged]:
    """Judge all margins at one look.

    Parameters
    ----------
    runs
        Baseline and candidate of each replication.
    level
        Of this look.
    families
        How many scenarios are judged with one another: any of them may fail the candidate.
    """
    guards = [_Test(margin, runs) for margin in margins.guards]
    claims = [_Test(margin, runs) for margin in margins.claims]
    known = sum(1 for test in guards + claims if test.known)
    fails_at = level / max(1, known * families)
    shown = holm([test.p for test in claims])
    return [test.judged(level, fails_at, test.p <= level) for test in guards] + [
        test.judged(level, fails_at, bool(p <= level)) for test, p in zip(claims, shown, strict=True)
    ]


def together(found: Sequence[Judged]) -> Verdict:
    """Return the verdict of all margins."""
    verdicts = [each.verdict for each in found if each.verdict is not None]
    if "fail" in verdicts:
        return "fail"
    return "pass" if verdicts and all(verdict == "pass" for verdict in verdicts) else "undecided"


class _Test:
    """One margin against the replications; differences are turned so that more is worse."""

    def __init__(self, margin: Margin, runs: Sequence[tuple[Sums, Sums]]) -> None:
        self._margin = margin
        self._sides = [estimate(margin.kpi, [run[side] for run in runs]) for side in (0, 1)]
        self._found = difference(self._sides[1], self._sides[0])
        self._spread, self._freedom = _spread(self._found), len(runs) - 1
        self._lost = math.isnan(self._sides[1].value) and not math.isnan(self._sides[0].value)
        self.known = self._lost or not math.isnan(self._found.value)

    @property
    def _excess(self) -> float:
        return self._margin.sign * self._found.value - self._margin.limit

    @property
    def p(self) -> float:
        """One-sided p value of a difference that is at the margin or beyond; 0 if it surely is within."""
        if not self.known or self._lost:
            return math.nan
        if self._spread == 0:  # no improvement is none, and no change for the worse is within a margin of nothing
            return 0.0 if self._excess < 0 or (self._excess == 0 and not self._margin.claim) else 1.0
        from scipy.stats import t

        return float(t.cdf(self._excess / self._spread, self._freedom))

    def judged(self, level: float, fails_at: float, passes: bool) -> Judged:
        """Return what is found at a level."""
        margin, sign = self._margin, self._margin.sign
        quantile = t_quantile(self._freedom, 1 - 2 * level)
        beyond = self._excess > t_quantile(self._freedom, 1 - 2 * fails_at) * self._spread
        verdict: Verdict | None = "pass" if passes else "undecided"
        if not self.known:
            verdict = None
        elif not passes and (self._lost or beyond or self._spread == 0):
            verdict = "fail"
        return Judged(
            margin, self._sides[0].value, self._sides[1].value, self._found.value,
            self._found.value + sign * quantile * self._spread,
            (quantile + t_quantile(self._freedom, 2 * POWER - 1)) * self._spread, verdict,
        )  # fmt: skip


def _spread(found: Estimate) -> float:
    """Return the standard error of a difference."""
    count = len(found.influence)
    return float(found.influence.std(ddof=1)) / math.sqrt(count)
