"""An optimisation in a notebook: frames, words and a picture of what was found."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.files import YamlFile
from sim.report.notebook import Shown
from sim.report.optimum.figure import draw
from sim.report.optimum.summary import best_first, titles, verdict
from sim.study.search import worlds
from sim.study.search.question import question_of
from sim.study.workers import default_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from matplotlib.figure import Figure

    from sim.scenario.load import Scenario
    from sim.study.search.optimize import Optimum
    from sim.study.search.tried import Tried
    from sim.study.search.variables import Candidate

ROWS = 8
"""Candidates that a notebook shows unasked."""


@dataclass(frozen=True)
class ShownOptimum:
    """What an optimisation has found, to be looked at."""

    found: worlds.Found

    @property
    def optimum(self) -> Optimum:
        """All of it, stage by stage."""
        return self.found.optimum

    @property
    def winner(self) -> Candidate | None:
        """The candidate that was selected; None: nobody was, or there are several objectives."""
        return self.optimum.winner

    @property
    def change(self) -> dict[str, Any]:
        """What the winner changes in the scenario, by path: nothing where nobody won."""
        return dict(self.winner.values) if self.winner else {}

    @cached_property
    def comparison(self) -> Shown:
        """All KPIs of the scenario as it stands and of the winner, or of the front, on luck that the search had not."""
        return Shown(self.found.comparison.experiment, self.found.comparison.replications)

    def table(self) -> pd.DataFrame:
        """Return all that were tried, the best that keep to what has to hold first, as the search saw them."""
        return self._frame(best_first(self.optimum))

    def front(self) -> pd.DataFrame:
        """Return those that no other beats in all objectives, as the search saw them."""
        return self._frame(self.optimum.front)

    def final(self) -> pd.DataFrame:
        """Return the finalists on luck that the search had not seen."""
        return self._frame(self.optimum.fresh)

    def proof(self) -> pd.DataFrame:
        """Return the scenario as it stands and the winner on luck that nobody had looked at."""
        return self._frame(self.optimum.proof or ())

    def says(self) -> str:
        """Return what was found in words."""
        return "\n".join(verdict(self.optimum))

    def plot(self) -> Figure:
        """Draw the search and what came of it."""
        return draw(self.optimum)

    def _frame(self, rows: Sequence[Tried]) -> pd.DataFrame:
        """Return a row a candidate: objectives, also less those of the scenario as it stands, and what has to hold."""
        import pandas as pd

        objectives = self.optimum.question.objectives
        told = []
        for row in rows:
            cells: dict[str, Any] = {name: row.candidate.along.get(name) for name in titles(rows)}
            for name in (kpi.name for kpi in objectives):
                less = row.less[name].interval()
                limits = {f"{name}_less": less.mean, f"{name}_less_low": less.low, f"{name}_less_high": less.high}
                cells |= {name: row.kpis[name].value, **limits}
            for kept in row.kept:
                cells |= {kept.goal.kpi.name: kept.interval.mean, f"{kept.goal.kpi.name}_outcome": kept.outcome}
            told.append({**cells, "replications": row.count})
        return pd.DataFrame(told, index=pd.Index([row.candidate.name for row in rows], name="candidate"))

    def __repr__(self) -> str:
        return f"<Optimum of {len(self.optimum.tried)} candidates: {self.says().splitlines()[0]}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in verdict(self.optimum))
        frame = self.front() if self.optimum.several else self.table().head(ROWS)
        return f"{frame.to_html(na_rep='')}{lines}"


def optimize(
    scenario: Scenario,
    *,
    minimise: str | Iterable[str] = (),
    maximise: str | Iterable[str] = (),
    subject_to: Mapping[str, str] | None = None,
    vary: Mapping[str, Any] | None = None,
    strategies: str | Iterable[str] = (),
    sites: Mapping[str, Any] | None = None,
    stock: Mapping[str, Any] | None = None,
    search: Mapping[str, Any] | None = None,
    final: Mapping[str, Any] | None = None,
    days: int | None = None,
    seed: int = 1,
    workers: int | None = None,
) -> ShownOptimum:
    """Search a scenario's fields, strategies, sites and stock for the best, and prove it on fresh luck.

    Parameters
    ----------
    minimise, maximise
        KPIs that are to be best: one, or several for a Pareto front.
    subject_to
        What has to hold, by KPI, such as ``{"order_fill_rate": "at least 98 %"}``.
    vary
        Values by path: a list, or a range as text such as ``"1..4"`` or ``"5 min..60 min step 5 min"``.
    strategies
        Which of them may route.
    sites, stock, search, final
        As in a file, see `sim.study.search.asked`.
    days
        Measured days; None means the scenario's own.
    workers
        Processes; None means as many as there are processors. The numbers do not depend on it.

    Raises
    ------
    FulfillSimError
        If the question is wrong, or the scenario cannot have what it leaves open.
    """
    blocks = {
        "minimise": minimise, "maximise": maximise, "subject_to": subject_to, "vary": vary, "strategies": strategies,
        "sites": sites, "stock": stock, "search": search, "final": final,
    }  # fmt: skip
    question = question_of(
        YamlFile(Path("optimize"), {name: _plain(each) for name, each in blocks.items() if each}, {})
    )
    scenario = scenario if days is None else scenario.with_measured_days(days)
    return ShownOptimum(worlds.optimize(scenario, question, seed=seed, workers=workers or default_workers()))


def _plain(value: Any) -> Any:
    """Return values as they stand in a file: text, numbers, lists and blocks."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
