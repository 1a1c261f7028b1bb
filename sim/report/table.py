"""The comparison as tables for a terminal: a row a strategy, a column a KPI, so that the eye compares downwards."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.table import Column, Table
from rich.text import Text

from sim.report.cautions import cautions
from sim.report.words import goals_told, unit_of, verdicts, winners, with_interval
from sim.study.kpis import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from sim.study.compare import Comparison

# title of a table, and its KPIs with short heads
GROUPS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "Cost and fill",
        {
            "cost_per_order": "USD an\norder",
            "cost_per_order_placed": "with lost\nmargin",
            "order_fill_rate": "orders\nfilled, %",
            "line_fill_rate": "lines\nfilled, %",
            "unit_fill_rate": "units\nfilled, %",
        },
    ),
    (
        "Delivery",
        {
            "delivery_hours_mean": "hours,\nmean",
            "delivery_hours_p50": "hours,\nmedian",
            "delivery_hours_p95": "hours,\np95",
            "on_time_ship_rate": "shipped on\ntime, %",
            "on_time_delivery_rate": "delivered on\ntime, %",
        },
    ),
    (
        "Splits and broken promises",
        {
            "split_rate": "orders\nsplit, %",
            "split_rate_multi_unit": "of 2+ units\nsplit, %",
            "cancel_rate": "orders\ncancelled, %",
            "oversell_rate": "units\noversold, %",
            "reroutes_per_order": "re-routes\nan order",
        },
    ),
    (
        "Stock",
        {
            "turned_away_rate": "shoppers\nturned away, %",
            "inventory_accuracy": "inventory accuracy\n(router's view), %",
            "walk_in_fill_rate": "walk-in units\nserved, %",
            "end_stock_value_per_order": "stock change,\nUSD an order",
        },
    ),
)
# shown where records can drift: the one KPI then means another thing, and the others have a value
_OF_RECORDS = {"inventory_accuracy": "inventory accuracy\n(sites' records), %"}
RECORDS: tuple[str, dict[str, str]] = (
    "Records and counts",
    {
        "record_accuracy_within": "records right\nwithin tolerance, %",
        "unit_accuracy": "units\nright, %",
        "phantom_rate": "phantom\nunits, %",
        "view_accuracy": "router's view\nright, %",
        "shrink_per_order": "shrink,\nUSD an order",
        "mis_ship_rate": "units\nmis-shipped, %",
        "count_cost_per_order": "counting,\nUSD an order",
    },
)
# shown where carriers are watched
CARRIERS: tuple[str, dict[str, str]] = (
    "Carriers",
    {
        "carrier_on_time_rate": "parcels\non time, %",
        "late_in_trouble_rate": "in trouble\nlate, %",
        "late_otherwise_rate": "others\nlate, %",
        "no_room_rate": "waited for\nroom, %",
        "lost_rate": "parcels\nlost, %",
        "claims_per_order": "claims,\nUSD an order",
        "co2_kg_per_parcel": "CO2, kg\na parcel",
    },
)
SHOWN = tuple(name for _, heads in (*GROUPS, RECORDS, CARRIERS) for name in heads)
_FRAME = 2  # columns left and right of a table
_Column = tuple[str, list[Text]]
_STYLE = {"better": "green", "worse": "red", "equivalent": "dim", "cannot tell": "yellow"}
_MARK = {"better": "+", "worse": "-", "equivalent": "=", "cannot tell": "?"}


def label(name: str, drifts: bool = False) -> str:
    """Return a KPI's title with its unit, in a world whose records can drift or not."""
    kpi = BY_NAME[name]
    unit = unit_of(kpi)
    title = kpi.title
    if name in _OF_RECORDS:
        title += " (sites' records)" if drifts else " (router's view)"
    return f"{title}, {unit}" if unit else title


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print every KPI of every strategy, the differences from the baseline, and what they mean."""

    def value(arm: str, name: str) -> Text:
        return Text(with_interval(BY_NAME[name], comparison.kpi(arm, name)))

    def difference(arm: str, name: str) -> Text:
        found = comparison.difference(arm, name)
        text = f"{with_interval(found.kpi, found.interval, signed=True)} {_MARK[found.verdict]}"
        return Text(text, style=_STYLE[found.verdict])

    count = len(comparison.replications)
    console.print(f"[bold]Mean ± half of the 95 % interval over {count} replications[/bold]", highlight=False)
    drifts = not all(math.isnan(comparison.kpi(arm, "record_accuracy").mean) for arm in comparison.arms)
    groups = _of_drifting_records() if drifts else GROUPS
    if not all(math.isnan(comparison.kpi(arm, "carrier_on_time_rate").mean) for arm in comparison.arms):
        groups = (*groups, CARRIERS)
    _print_groups(groups, comparison.arms, value, console)
    if len(comparison.arms) > 1:
        console.print(
            f"[bold]Difference from {comparison.baseline} on the same tapes[/bold]  "
            "[green]+[/green] better  [red]-[/red] worse  [dim]=[/dim] the same within the margin that matters  "
            "[yellow]?[/yellow] cannot tell yet",
            highlight=False, soft_wrap=True,
        )  # fmt: skip
        _print_groups(groups, comparison.arms[1:], difference, console)
    told = winners(comparison), verdicts(comparison), goals_told(comparison), cautions(comparison)
    for line in "\n\n".join("\n".join(lines) for lines in told if lines).splitlines():
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _of_drifting_records() -> tuple[tuple[str, dict[str, str]], ...]:
    """Return the tables for a world whose records can drift."""
    usual = ((title, {name: _OF_RECORDS.get(name, head) for name, head in heads.items()}) for title, heads in GROUPS)
    return (*usual, RECORDS)


def _print_groups(
    groups: tuple[tuple[str, dict[str, str]], ...],
    arms: tuple[str, ...],
    cell: Callable[[str, str], Text],
    console: Console,
) -> None:
    for title, kpis in groups:
        console.print(f"\n{title}", style="bold", highlight=False)
        columns = [(head, [cell(arm, name) for arm in arms]) for name, head in kpis.items()]
        for chunk in _side_by_side(columns, console.width - max(map(len, arms)) - _FRAME):
            heads = (Column(head, justify="right", no_wrap=True) for head, _ in chunk)
            table = Table("", *heads, box=box.SIMPLE_HEAD, padding=0)
            for row, arm in enumerate(arms):
                table.add_row(Text(arm, no_wrap=True), *(cells[row] for _, cells in chunk))
            console.print(table)


def _side_by_side(columns: list[_Column], width: int) -> list[list[_Column]]:
    """Cut columns into as few groups as fit the width, all about as long."""
    needs = [1 + max(len(text) for text in (*head.split("\n"), *map(str, cells))) for head, cells in columns]
    size = len(columns)
    while size > 1 and any(sum(needs[k : k + size]) > width for k in range(0, len(columns), size)):
        size -= 1
    return [columns[k : k + size] for k in range(0, len(columns), size)]
