"""The comparison as tables for a terminal: a row a strategy, a column a KPI, so that the eye compares downwards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.table import Column, Table
from rich.text import Text

from sim.report.comparison.cautions import cautions
from sim.report.comparison.groups import groups_of
from sim.report.say import say
from sim.report.words import goals_told, unit_of, verdicts, winners, with_interval
from sim.study.kpis.catalogue import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from sim.report.comparison.groups import Group
    from sim.study.findings import Findings
    from sim.study.statistics.difference import Difference

_FRAME = 2  # columns left and right of a table
HeadAndCells = tuple[str, list[Text]]
_STYLE = {"better": "green", "worse": "red", "differs": "blue", "equivalent": "dim", "cannot tell": "yellow"}
_OUTCOME_STYLE = {"met": "green", "missed": "red", "not yet certain": "yellow"}
_SAID = {
    "better": "better", "worse": "worse", "differs": "differs, neither is better",
    "equivalent": "the same within the margin that matters", "cannot tell": "cannot tell yet",
}  # fmt: skip
_MARK = {"better": "+", "worse": "-", "differs": "*", "equivalent": "=", "cannot tell": "?"}


def label(name: str) -> str:
    """Return a KPI's title with its unit, as the tables mean it."""
    kpi = BY_NAME[name]
    unit = unit_of(kpi)
    title = f"{kpi.title} (router's view)" if name == "inventory_accuracy" else kpi.title
    return f"{title}, {unit}" if unit else title


def marked(found: Difference) -> Text:
    """Return a difference with its interval, marked and coloured by what it means."""
    if math.isnan(found.interval.mean):
        return Text("n/a", style="dim")  # one of the two has none
    text = f"{with_interval(found.kpi, found.interval, signed=True)} {_MARK[found.verdict]}"
    return Text(text, style=_STYLE[found.verdict])


def print_comparison(comparison: Findings, console: Console) -> None:
    """Print every KPI of every strategy, the differences from the baseline, and what they mean."""

    def value(arm: str, name: str) -> Text:
        return Text(with_interval(BY_NAME[name], comparison.kpi(arm, name)))

    def difference(arm: str, name: str) -> Text:
        return marked(comparison.difference(arm, name))

    count = comparison.count
    console.print(f"[bold]Mean ± half of the 95 % interval over {count} replications[/bold]", highlight=False)
    groups = groups_of(lambda name: [comparison.kpi(arm, name).mean for arm in comparison.arms])
    _print_groups(groups, comparison.arms, value, console)
    if len(comparison.arms) > 1:
        say(console, f"Difference from {comparison.baseline} on the same tapes", style="bold")
        say(console, Text.assemble(*((f"{_MARK[verdict]} {_SAID[verdict]}  ", _STYLE[verdict]) for verdict in _MARK)))
        _print_groups(groups, comparison.arms[1:], difference, console)
    _print_goals(comparison, console)
    told = winners(comparison), verdicts(comparison), goals_told(comparison), cautions(comparison)
    for line in "\n\n".join("\n".join(lines) for lines in told if lines).splitlines():
        say(console, line)


def _print_goals(comparison: Findings, console: Console) -> None:
    """Print what became of the scenario's goals: a row a strategy, a column a goal."""
    heads = {goal.kpi.name: f"{goal.kpi.title}\n{goal.text}" for goal, *_ in comparison.goals}

    def outcome(arm: str, name: str) -> Text:
        found = comparison.outcomes.get((arm, name))
        return Text("") if found is None else Text(found, style=_OUTCOME_STYLE[found])

    if heads:
        _print_groups((("Goals", heads),), comparison.arms, outcome, console)


def _print_groups(
    groups: tuple[Group, ...],
    arms: tuple[str, ...],
    cell: Callable[[str, str], Text],
    console: Console,
) -> None:
    for title, kpis in groups:
        console.print(f"\n{title}", style="bold", highlight=False)
        columns = [(head, [cell(arm, name) for arm in arms]) for name, head in kpis.items()]
        for chunk in side_by_side(columns, console.width - max(map(len, arms)) - _FRAME):
            heads = (Column(head, justify="right", no_wrap=True) for head, _ in chunk)
            table = Table("", *heads, box=box.SIMPLE_HEAD, padding=0)
            for row, arm in enumerate(arms):
                table.add_row(Text(arm, no_wrap=True), *(cells[row] for _, cells in chunk))
            console.print(table)


def side_by_side(columns: Sequence[HeadAndCells], width: int) -> list[list[HeadAndCells]]:
    """Cut columns into groups, each with as many as fit the width."""
    groups: list[list[HeadAndCells]] = []
    left = 0
    for head, cells in columns:
        need = 1 + max(len(text) for text in (*head.split("\n"), *map(str, cells)))
        if not groups or need > left:
            groups.append([])
            left = width
        groups[-1].append((head, cells))
        left -= need
    return groups
