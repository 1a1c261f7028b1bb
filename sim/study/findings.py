"""What can be asked of a comparison, whether it was run just now or is read from its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.study.kpis.goals import Goal, Outcome
    from sim.study.statistics.difference import Difference
    from sim.study.statistics.estimate import Interval
    from sim.study.statistics.pairing import Pairing


class Findings(Protocol):
    """KPIs of several arms with their intervals, and their paired differences."""

    @property
    def arms(self) -> tuple[str, ...]:
        """The strategies, the baseline first."""
        ...

    @property
    def baseline(self) -> str:
        """What the others are compared with."""
        ...

    @property
    def count(self) -> int:
        """How many replications there are."""
        ...

    @property
    def goals(self) -> tuple[tuple[Goal, str, Interval, Outcome], ...]:
        """What became of the scenario's goals: each with an arm, its interval (or its ratio's), and the outcome."""
        ...

    @property
    def outcomes(self) -> Mapping[tuple[str, str], Outcome]:
        """What became of the goals, by arm and KPI."""
        ...

    def kpi(self, arm: str, name: str) -> Interval:
        """Return a KPI of one strategy with its 95 % interval."""
        ...

    def difference(self, arm: str, name: str) -> Difference:
        """Return the paired difference of a KPI from the baseline."""
        ...

    def between(self, option: str, other: str, name: str) -> Difference:
        """Return the paired difference of a KPI, `option` minus `other`."""
        ...

    def family(self, name: str) -> dict[str, float]:
        """Return the p values of all differences of a KPI from the baseline, adjusted for each other (Holm)."""
        ...

    def pairing(self, arm: str, name: str) -> Pairing:
        """Return how far a strategy and the baseline go up and down together in a KPI."""
        ...

    def behind(self, name: str) -> dict[str, tuple[float, float]]:
        """Return how far each strategy may lie behind the best of the others in a KPI: least 0, it may be the best."""
        ...

    def ranking(self, name: str) -> list[str]:
        """Return the strategies, the best mean of a KPI first."""
        ...
