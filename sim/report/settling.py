"""How long to warm up: what MSER-5 says of each series, beside what the scenario does, and Welch's plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from sim.report.say import say
from sim.report.style import save
from sim.report.welch import welch_figure
from sim.study.runs.store import new_run
from sim.study.settling import HOURS_A_DAY, WINDOW, settling

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario


def run_settling(scenario: Scenario, strategy: str, replications: int, seed: int, root: Path) -> None:
    """Run, draw ``<root>/<scenario>/<run>/figures/`` and print what was found."""
    series = settling(scenario, strategy, replications, seed)
    used = scenario.file.clock.warm_up
    with new_run(root, scenario.name, scenario.digest) as (temporary, final):
        for number, each in enumerate(series, 1):
            figure = welch_figure(each.hourly, WINDOW, per_day=HOURS_A_DAY, chosen_days=used, what=each.what)
            save(figure, temporary / "figures" / f"warm_up_{number}.png")
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in ("series", "settles after, days", f"the {used} used are"):
        grid.add_column(head, justify="left" if head == "series" else "right")
    for each in series:
        if each.found.steady:
            grid.add_row(each.what, f"{each.days:.1f}", "enough" if each.days <= used else "too few")
        else:
            grid.add_row(each.what, "no steady state found", "?")
    console = Console()
    console.print(grid)
    say(console, f"{strategy}, {replications} replications; plots in {final}")
