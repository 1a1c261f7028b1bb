"""Comparisons as they are looked at in a notebook: ``r.table()``, ``r.plot.forest()``, and itself as a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec

from sim.errors import FulfillSimError
from sim.report.comparison import figures
from sim.report.comparison.cautions import cautions
from sim.report.comparison.convergence import convergence
from sim.report.words import goals_told, verdicts, winners
from sim.study import compare as study
from sim.study.compare import Comparison
from sim.study.kpis.catalogue import estimate, kpi_named

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.figure import Figure


P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Plots:
    """The figures of a comparison."""

    of: Comparison

    def forest(self) -> Figure:
        """Draw the paired differences of the main KPIs from the baseline, with 95 % intervals."""
        if len(self.of.arms) < 2:
            raise FulfillSimError(f"{self.of.baseline} alone: nothing to hold it against - expected two strategies")
        return figures.differences(self.of)

    def cost_against_time(self) -> Figure:
        """Draw cost per order against mean delivery time, both with 95 % intervals."""
        return figures.cost_against_time(self.of)

    def cost_by_part(self) -> Figure:
        """Draw what an order costs, part by part."""
        return figures.cost_by_part(self.of)

    def convergence(self, kpi: str = "cost_per_order") -> Figure:
        """Draw how a difference from the baseline settles as replications are added."""
        return convergence(self.of, kpi)


class Shown(Comparison):
    """A comparison that can be looked at."""

    @property
    def plot(self) -> Plots:
        """Its figures."""
        return Plots(self)

    def by_replication(self, kpi: str) -> pd.DataFrame:
        """Return a KPI of every arm in every replication: a row a replication, a column an arm."""
        import pandas as pd

        of = kpi_named(kpi)
        rows = [[estimate(of, [run[arm].sums]).value for arm in self.arms] for run in self.replications]
        return pd.DataFrame(rows, columns=list(self.arms)).rename_axis("replication")

    def says(self) -> str:
        """Return what it says in words: who is best, every option against the baseline, goals, what to bear in mind."""
        told = winners(self), verdicts(self), goals_told(self), cautions(self)
        return "\n\n".join("\n".join(lines) for lines in told if lines)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.arms)} in {self.experiment.scenario.name}, {self.count} replications>"

    def _repr_html_(self) -> str:
        from sim.report.html.page import environment
        from sim.report.html.tables import at_a_glance

        glance = at_a_glance(self)
        lines = [*verdicts(self), *goals_told(self)]
        told = {"scenario": self.experiment.scenario.name, "count": self.count, "table": glance, "lines": lines}
        return environment().get_template("comparison.html.j2").render(told)


def _shown(run: Callable[P, Comparison]) -> Callable[P, Shown]:
    @wraps(run)
    def compare(*arguments: P.args, **named: P.kwargs) -> Shown:
        found = run(*arguments, **named)
        return Shown(found.experiment, found.replications, found.bounds, found.wanted)

    return compare


compare = _shown(study.compare)
