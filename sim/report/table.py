"""The comparison as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from sim.report.words import unit_of, verdicts, winners, with_interval
from sim.study.kpis import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from sim.study.compare import Comparison

SHOWN = (
    "cost_per_order", "cost_per_order_placed", "order_fill_rate", "line_fill_rate", "unit_fill_rate",
    "delivery_hours_mean", "delivery_hours_p50", "delivery_hours_p95", "on_time_ship_rate", "on_time_delivery_rate",
    "split_rate", "split_rate_multi_unit", "cancel_rate", "oversell_rate", "reroutes_per_order", "turned_away_rate",
    "inventory_accuracy", "walk_in_fill_rate",
)  # fmt: skip
_STYLE = {"better": "green", "worse": "red", "equivalent": "dim", "cannot tell": "yellow"}
_MARK = {"better": "better", "worse": "worse", "equivalent": "same", "cannot tell": "?"}
_LABEL_WIDTH, _CELL_WIDTH, _DIFFERENCE_WIDTH = 36, 16, 22


def _chunks(arms: tuple[str, ...], width: int, cell: int) -> Iterator[tuple[str, ...]]:
    """Cut the strategies into groups that fit side by side."""
    fit = max(1, (width - _LABEL_WIDTH) // cell)
    for start in range(0, len(arms), fit):
        yield arms[start : start + fit]


def label(name: str) -> str:
    """Return a KPI's title with its unit."""
    kpi = BY_NAME[name]
    unit = unit_of(kpi)
    return f"{kpi.title}, {unit}" if unit else kpi.title


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print every KPI of every strategy, the differences from the baseline, and what they mean."""
    count = len(comparison.replications)
    for arms in _chunks(comparison.arms, console.width, _CELL_WIDTH):
        table = Table(title=f"KPIs, mean ± half of the 95 % interval over {count} replications", title_justify="left")
        table.add_column("", no_wrap=True)
        for arm in arms:
            table.add_column(arm, justify="right", no_wrap=True)
        for name in SHOWN:
            kpi = BY_NAME[name]
            table.add_row(label(name), *(with_interval(kpi, comparison.kpi(arm, name)) for arm in arms))
        console.print(table)
    for arms in _chunks(comparison.arms[1:], console.width, _DIFFERENCE_WIDTH):
        table = Table(title=f"Difference from {comparison.baseline} on the same tapes", title_justify="left")
        table.add_column("", no_wrap=True)
        for arm in arms:
            table.add_column(arm, justify="right", no_wrap=True)
        for name in SHOWN:
            cells = []
            for arm in arms:
                found = comparison.difference(arm, name)
                text = f"{with_interval(found.kpi, found.interval, signed=True)} {_MARK[found.verdict]}"
                cells.append(Text(text, style=_STYLE[found.verdict]))
            table.add_row(label(name), *cells)
        console.print(table)
    console.print("[dim]same: within the margin that matters; ?: cannot tell yet[/dim]\n")
    for line in (*winners(comparison), "", *verdicts(comparison)):
        console.print(line, highlight=False, soft_wrap=True)
