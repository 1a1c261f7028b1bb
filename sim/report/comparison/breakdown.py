"""Orders by model or region as a table for a terminal: a row a measure, a column a group, for each strategy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.table import Column, Table

from sim.report.say import say
from sim.report.words import rounded
from sim.study.kpis.breakdown import MEASURES

if TYPE_CHECKING:
    from rich.console import Console

    from sim.study.compare import Comparison
    from sim.study.kpis.breakdown import Measure
    from sim.study.statistics.estimate import Interval

_DECIMALS = {"USD": 2, "share": 1, "h": 1, "per order": 2}
_SCALE = {"share": 100.0}
SAID = {"model": "By fulfilment model", "region": "By region of the shopper"}


def print_groups(comparison: Comparison, console: Console) -> None:
    """Print what the orders of each group came to, USD an order, and the differences from the baseline."""
    for by in comparison.experiment.by:
        groups = comparison.groups(by)
        for arm in comparison.arms:
            for less in (False, True) if arm != comparison.baseline else (False,):
                against = f" minus {comparison.baseline}" if less else ""
                say(console, f"\n{SAID[by]}, {arm}{against}, USD an order of the group", style="bold")
                heads = [Column(group, justify="right", no_wrap=True) for group in groups]
                table = Table("", *heads, box=box.SIMPLE_HEAD, padding=0)
                for measure in MEASURES:
                    found = [comparison.of_group(arm, by, group, measure, less) for group in groups]
                    if any(interval.mean and not math.isnan(interval.mean) for interval in found):
                        table.add_row(measure.title, *(measured(measure, interval, less) for interval in found))
                console.print(table)


def measured(measure: Measure, interval: Interval, signed: bool = False) -> str:
    """Return what a group of orders came to, with its interval; nothing where it is not known."""
    if math.isnan(interval.mean):
        return ""
    scale, digits = _SCALE.get(measure.unit, 1.0), _DECIMALS[measure.unit]
    half = "" if math.isnan(interval.low) else f" ±{interval.half_width * scale:.{digits}f}"
    return rounded(interval.mean * scale, digits, signed) + half
