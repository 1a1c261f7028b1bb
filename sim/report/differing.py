"""Two runs side by side on a terminal: the orders that they decided differently, and why."""

from __future__ import annotations

import sys
from json import dump
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table
from rich.text import Text

from sim.report.life import moment
from sim.report.say import say
from sim.study.lives.differing import differing
from sim.study.lives.rerun import made

if TYPE_CHECKING:
    from pathlib import Path

    from sim.network.calendar import Clock
    from sim.study.lives.differing import Case
    from sim.study.lives.reasons import Reasons


def print_differing(first: Path, second: Path, as_json: bool = False) -> bool:
    """Print it; return whether anything differs."""
    runs = made(first), made(second)
    found = differing(*runs)
    if as_json:
        plain = {
            "orders": found.orders, "only_first": found.only[0], "only_second": found.only[1],
            "groups": [group._asdict() | {"first": group.first._asdict()} for group in found.groups],
            "cases": [case._asdict() for case in found.cases],
            "side_by_side": [
                {"order": case.order, "first": list(one.says), "second": list(other.says)}
                for case, one, other in found.side_by_side
            ],
        }  # fmt: skip
        dump(plain, sys.stdout, indent=2)
        sys.stdout.write("\n")
        return bool(found.cases)
    console = Console()
    names = [f"{run.strategy} ({run.folder.name})" for run in runs]
    share = len(found.cases) / max(found.orders, 1)
    say(
        console,
        f"{names[0]} against {names[1]}: of {found.orders:,} orders in both, {len(found.cases):,} "
        f"({share * 100:.1f} %) are "
        "first decided differently",
    )
    if any(found.only):
        say(
            console,
            f"{found.only[0]:,} orders are only in the first, {found.only[1]:,} only in the second: other shelves were "
            "shown",
        )
    if found.groups:
        heads = [Column(head, justify="right") for head in ("orders", "USD more", "the first of them")]
        table = Table("because of", *heads, box=box.SIMPLE_HEAD)
        for group in found.groups:
            table.add_row(Text(group.cause), f"{group.orders:,}", f"{group.cents / 100:+,.2f}", str(group.first.order))
        console.print(table)
    clock = runs[0].scenario.network.clock
    for (case, one, other), what in zip(found.side_by_side, ("The first", "The dearest"), strict=False):
        _print_case(console, clock, what, case, (names[0], one), (names[1], other))
    return bool(found.cases)


def _print_case(
    console: Console, clock: Clock, what: str, case: Case, one: tuple[str, Reasons], other: tuple[str, Reasons]
) -> None:
    head = f"{what}: order {case.order}, {moment(clock, case.at)}, {case.cause}, {case.cents / 100:+,.2f} USD"
    console.print(Text(head), style="bold")
    table = Table(escape(one[0]), escape(other[0]), box=box.SIMPLE_HEAD)
    table.add_row(Text(case.then), Text(case.instead), style="bold")
    table.add_row(*(Text("\n".join(side.says)) for _, side in (one, other)))
    console.print(table)
