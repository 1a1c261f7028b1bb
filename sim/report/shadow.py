"""A shadow run on a terminal: how far two rules agree, what the rest would have cost, and why they differ."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.table import Column, Table

from sim.report.say import say
from sim.routing.explain.because import REASONS
from sim.routing.rules.reasons import Reason

if TYPE_CHECKING:
    from rich.console import Console

    from sim.study.shadow.shadow import Case, Shadow

CAVEAT = (
    "Each decision was judged in the world that the rule in force had made: with the stock it had left, not with what "
    "the candidate would have left. Only a simulation or a pilot tells what the candidate makes of its own world."
)


def print_shadow(found: Shadow, console: Console, assumed: str = "") -> None:
    """Print it.

    Parameters
    ----------
    assumed
        What had to be assumed of the stock; empty if it was told.
    """
    say(
        console,
        f"{found.agreed:,} of {found.decisions:,} decisions the same ({_share(found.agreed, found.decisions)}), "
        f"{found.lines_agreed:,} of {found.lines:,} lines ({_share(found.lines_agreed, found.lines)})",
    )
    if found.compared:
        limits = ""
        if not math.isnan(found.more_cents.low):
            low, high = _usd(found.more_cents.low), _usd(found.more_cents.high)
            limits = f", 95 % interval over {found.blocks} {low} to {high}"
        say(
            console,
            f"Where both serve the same units ({found.compared:,} decisions) the candidate would have cost "
            f"{_usd(found.more_cents.mean)} USD a decision{limits}; {_usd(found.total_cents)} USD in all; "
            f"{found.parcels_instead:,} parcels instead of {found.parcels:,}",
        )
    if found.unpriced:
        say(console, f"Of {found.unpriced:,}{' more' if found.compared else ''} nobody told what they cost.")
    if found.groups:
        heads = [Column("decisions", justify="right"), Column("USD more", justify="right")]
        table = Table("the candidate", "because the site left out", *heads, "first such order", box=box.SIMPLE_HEAD)
        for group in found.groups:
            why = REASONS[Reason(group.reason)] if group.reason else ""
            cents = _usd(group.cents)
            table.add_row(group.kind, why, f"{group.orders:,}", cents, f"{group.example.order}")
        console.print(table)
    for name, case in (("First", found.first), ("Dearest", found.dearest)):
        if case is not None:
            say(console, f"{name}: {_case(case)}")
    if found.unlearnt:
        say(console, f"The log does not tell what the candidate would have remembered: {', '.join(found.unlearnt)}.")
    if found.revised:
        say(console, f"{found.revised:,} revisions of earlier plans were not decided again.")
    if assumed:
        expected = "Costs then are those of the table, costs now what the candidate expects."
        say(console, f"Stock was not told: {assumed}. {expected}")
    say(console, CAVEAT)


def _case(case: Case) -> str:
    return f"line {case.line}, order {case.order}: {case.then} -> {case.instead} ({_usd(case.cents)} USD)"


def _usd(cents: float) -> str:
    if math.isnan(cents):
        return "unknown"
    text = f"{cents / 100:+,.2f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0 else text


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "n/a"
