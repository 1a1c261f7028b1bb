"""An order's whole life on a terminal: what happened when, why it was decided so, and what that cost."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from json import dump
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from sim.study.lives.late import why_late
from sim.study.lives.life import life_of
from sim.study.lives.reasons import reasons
from sim.study.lives.rerun import decisions_again, made

if TYPE_CHECKING:
    from pathlib import Path

    from sim.network.calendar import Clock
    from sim.study.lives.life import Life
    from sim.study.lives.reasons import Reasons, Shelf


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of an order."""

    life: Life
    reasons: list[Reasons]
    late: str


def told_of(run: Path, order: int, scenario: str | None = None) -> tuple[Told, Clock]:
    """Make a run again, and return what there is to tell of an order."""
    found = made(run, scenario)
    ledger, decided = decisions_again(found, {order})
    network = found.scenario.network
    life = life_of(ledger, network, order)
    return Told(life, reasons(found, ledger, decided), why_late(ledger, order)), network.clock


def print_life(run: Path, order: int, scenario: str | None = None, as_json: bool = False) -> None:
    """Print it."""
    told, clock = told_of(run, order, scenario)
    if as_json:
        dump(_plain(told, clock), sys.stdout, indent=2)
        sys.stdout.write("\n")
        return
    console = Console()
    grid = Table(Column("when", no_wrap=True), f"order {order}", box=box.SIMPLE_HEAD)
    for event in told.life.events:
        grid.add_row(moment(clock, event.at), Text(event.says))
    console.print(grid)
    if told.late:
        console.print(Text(told.late), style="bold")
    for n, each in enumerate(told.reasons, 1):
        console.print(Text(f"\nDecision {n}, {moment(clock, each.at)}"), style="bold")
        for sentence in each.says:
            console.print(Text(sentence))
        console.print(_shelves(each.shelves))
    parts = ", ".join(f"{part} {cents / 100:.2f}" for part, cents in told.life.cost.items() if cents)
    total = sum(told.life.cost.values()) / 100
    console.print(Text(f"\nCost: {total:.2f} USD" + (f" ({parts})" if parts else "")))


def moment(clock: Clock, minute: float) -> str:
    """Return a minute as the scenario's own clocks show it."""
    if not math.isfinite(minute):
        return "never"
    zone = ZoneInfo(clock.time_zone)
    origin = datetime.combine(clock.start, time(0), zone).astimezone(UTC)
    return f"{(origin + timedelta(minutes=minute)).astimezone(zone):%a %d %b %H:%M}"


def _shelves(rows: tuple[Shelf, ...]) -> Table:
    heads = [Column(name, justify="right") for name in ("news,\nmin", "could be\npromised", "on the\nshelf")]
    table = Table(Column("site", no_wrap=True), "product", *heads, box=box.SIMPLE_HEAD)
    for row in rows:
        cells = (f"{row.news_age_min:.0f}", f"{row.believed}", f"{row.on_shelf}")
        table.add_row(Text(row.site), Text(row.product), *cells, style="bold" if row.chosen else "")
    return table


def _plain(told: Told, clock: Clock) -> dict[str, Any]:
    return {
        "order": told.life.order,
        "events": [{"minute": _number(e.at), "when": moment(clock, e.at), "what": e.says} for e in told.life.events],
        "late": told.late or None,
        "decisions": [
            {"minute": each.at, "says": list(each.says), "shelves": [shelf._asdict() for shelf in each.shelves]}
            for each in told.reasons
        ],
        "cost_cents": told.life.cost,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
