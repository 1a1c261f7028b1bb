"""Tables of the page: every figure with its interval, and the exact value behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.comparison import bound
from sim.report.comparison.breakdown import SAID, measured
from sim.report.comparison.figures import FOREST
from sim.report.comparison.groups import groups_of
from sim.report.comparison.table import label
from sim.report.words import reached, with_interval
from sim.study.kpis.breakdown import MEASURES
from sim.study.kpis.catalogue import BY_NAME
from sim.study.kpis.money import MONEY_KPIS
from sim.study.runs.recorded import interval_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sim.study.findings import Findings
    from sim.study.kpis.breakdown import Measure
    from sim.study.runs.recorded import Recorded

_MARK = {
    "better": "better", "worse": "worse", "differs": "differs", "equivalent": "the same", "cannot tell": "cannot tell",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure.

    Parameters
    ----------
    exact
        The value that `text` rounds; None where there is none.
    tone
        A verdict, in words, or nothing.
    """

    text: str
    exact: float | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a row a KPI, a column an arm."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def kpi_tables(findings: Findings) -> tuple[Grid, ...]:
    """Return every KPI that there is of every arm."""

    def value(arm: str, name: str) -> Cell:
        interval = findings.kpi(arm, name)
        return _cell(with_interval(BY_NAME[name], interval), interval.mean)

    return _grids(findings, findings.arms, value)


def difference_tables(findings: Findings) -> tuple[Grid, ...]:
    """Return the paired difference of every KPI from the baseline."""

    def value(arm: str, name: str) -> Cell:
        found = findings.difference(arm, name)
        text = with_interval(found.kpi, found.interval, signed=True)
        return _cell(text, found.interval.mean, _MARK[found.verdict])

    return _grids(findings, findings.arms[1:], value) if findings.arms[1:] else ()


def _grids(findings: Findings, arms: tuple[str, ...], value: Callable[[str, str], Cell]) -> tuple[Grid, ...]:
    def means(name: str) -> list[float]:
        return [findings.kpi(arm, name).mean for arm in findings.arms]

    groups = [(title, list(kpis)) for title, kpis in groups_of(means)]
    groups.append(("Money", [kpi.name for kpi in MONEY_KPIS if any(mean for mean in means(kpi.name) if mean == mean)]))
    return tuple(
        Grid(title, arms, tuple((label(name), tuple(value(arm, name) for arm in arms)) for name in kpis))
        for title, kpis in groups
        if kpis
    )


def _cell(text: str, exact: float, tone: str = "") -> Cell:
    return Cell("n/a") if math.isnan(exact) else Cell(text.replace("-", "−"), exact, tone)


def at_a_glance(findings: Findings) -> Grid:
    """Return the main KPIs: a row an arm, a column a KPI, with what its difference from the baseline means."""

    def cell(arm: str, name: str) -> Cell:
        interval = findings.kpi(arm, name)
        tone = "" if arm == findings.baseline else _MARK[findings.difference(arm, name).verdict]
        return _cell(with_interval(BY_NAME[name], interval), interval.mean, tone)

    heads = tuple(label(name) for name in FOREST)
    return Grid("Main figures", heads, tuple((arm, tuple(cell(arm, name) for name in FOREST)) for arm in findings.arms))


def goal_table(recorded: Recorded) -> Grid | None:
    """Return what became of the goals: a row a goal, a column an arm; None where the scenario has none."""
    told = {(arm, goal.kpi.name): (interval, outcome) for goal, arm, interval, outcome in recorded.goals}
    goals = {goal.kpi.name: goal for goal, *_ in recorded.goals}

    def cell(arm: str, name: str) -> Cell:
        if (arm, name) not in told:
            return Cell("")
        interval, outcome = told[arm, name]
        return _cell(reached(goals[name], interval), interval.mean, outcome)

    rows = tuple(
        (f"{goal.kpi.title}: {goal.text}", tuple(cell(arm, name) for arm in recorded.arms))
        for name, goal in goals.items()
    )
    return Grid("What is reached", recorded.arms, rows) if rows else None


def group_tables(recorded: Recorded) -> tuple[Grid, ...]:
    """Return what the orders of each model or region came to, a table an arm."""
    return tuple(
        Grid(
            f"{SAID[by]}, {arm}, USD an order of the group",
            tuple(groups),
            tuple((measure.title, cells) for measure, cells in _rows(groups) if any(cell.exact for cell in cells)),
        )
        for by, arms in recorded.found.get("by", {}).items()
        for arm, groups in arms.items()
    )


def bound_tables(recorded: Recorded) -> tuple[tuple[Grid, tuple[str, ...]], ...]:
    """Return how every arm stands against the clairvoyant bound, a table a variant, with what is to be known of it."""
    told = recorded.found.get("bound", {"myopic": "", "variants": {}})
    return tuple(
        (
            Grid(
                bound.title(variant),
                bound.HEADS,
                tuple(
                    (name, tuple(_bounded(figure) for figure in figures))
                    for name, figures in bound.rows(told["myopic"], found)
                ),
            ),
            tuple(bound.lines(told, found)),
        )
        for variant, found in told["variants"].items()
    )


def _bounded(figure: bound.Figure) -> Cell:
    return Cell(figure.text) if math.isnan(figure.exact) else _cell(figure.text, figure.exact)


def _rows(groups: Mapping[str, Any]) -> Iterator[tuple[Measure, tuple[Cell, ...]]]:
    for measure in MEASURES:
        yield measure, tuple(_of_group(measure, told[measure.name]) for told in groups.values())


def _of_group(measure: Measure, told: Mapping[str, Any]) -> Cell:
    interval = interval_of(told)
    return _cell(measured(measure, interval), interval.mean)


def plain(value: Any) -> str:
    """Return a plain value of a scenario as people write it."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(each)}" for name, each in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(plain, value)) or "none"
    if isinstance(value, bool) or value is None or value == "":
        return {True: "yes", False: "no"}.get(value, "none")
    return f"{value:g}" if isinstance(value, float) else str(value)
