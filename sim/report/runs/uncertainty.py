"""A study of uncertain inputs from what is believed of them to its table."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np
from rich import box
from rich.table import Table

from sim.files import atomic_path
from sim.report.runs.compare import View
from sim.report.runs.sweep import run_points
from sim.report.style import CYCLE, INK, new_figure, quieten, save
from sim.report.words import unit_of, with_interval
from sim.study.inputs import parts_of
from sim.study.kpis.catalogue import estimate, kpi_named
from sim.study.search.space import Point

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure
    from rich.console import Console

    from sim.report.runs.sweep import HowToRun
    from sim.study.compare import Comparison
    from sim.study.inputs import Belief, Parts
    from sim.study.kpis.catalogue import Kpi


def drawn(beliefs: list[Belief], draws: int, seed: int) -> list[Point]:
    """Return draws of the inputs, every law evenly filled."""
    from scipy.stats.qmc import LatinHypercube

    shares = LatinHypercube(len(beliefs), rng=seed).random(draws).tolist()
    found = [{belief.path: belief.at(share) for belief, share in zip(beliefs, row, strict=True)} for row in shares]
    return [Point(f"draw {number}", values, values) for number, values in enumerate(found, 1)]


def parts(comparison: Comparison, points: list[Point], kpi: Kpi) -> Parts:
    """Part the variance of a KPI over draws of the inputs and replications."""
    strategy = comparison.experiment.what(comparison.arms[0])[1]
    table = [
        [estimate(kpi, [replication[f"{point.name}/{strategy}"].sums]).value for replication in comparison.replications]
        for point in points
    ]
    return parts_of(np.array(table))


def figure(found: dict[Kpi, Parts]) -> Figure:
    """Draw, of each KPI, how much of its interval's variance comes of not knowing the inputs and how much of chance."""
    drawn = new_figure(7.2, 0.55 * len(found) + 1.3)
    axes = drawn.subplots()
    rows = range(len(found))
    inputs = np.nan_to_num([100 * parts.share_of_inputs for parts in found.values()])
    known = np.array([100.0 * (parts.share_of_inputs == parts.share_of_inputs) for parts in found.values()])
    axes.barh(rows, inputs, color=CYCLE[0], height=0.6, label="not knowing the inputs")
    axes.barh(
        rows, known - inputs, left=inputs, color=CYCLE[1], height=0.6, label="chance: more replications narrow it"
    )
    axes.set_yticks(rows, [_interval_of(kpi, parts) for kpi, parts in found.items()])
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    quieten(axes, grid="x")
    axes.set_xlabel("share of the variance of its 95 % interval, %", fontsize=9)
    drawn.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False, labelcolor=INK)
    return drawn


def _interval_of(kpi: Kpi, parts: Parts) -> str:
    return f"{kpi.title}\n{with_interval(kpi, parts.interval())} {unit_of(kpi)}"


def run_uncertainty(
    scenario: str | Path, beliefs: list[Belief], draws: int, strategy: str | None, kpis: list[str], how: HowToRun
) -> Comparison:
    """Run a scenario at draws of its uncertain inputs, all on the same luck; write its folder and print.

    Raises
    ------
    ScenarioError
        If a scenario cannot have one of the values drawn.
    FulfillSimError
        If a KPI or a strategy is unknown.
    """
    looked_at = [kpi_named(name) for name in kpis]
    points = drawn(beliefs, draws, how.seed)

    def draw(comparison: Comparison, folder: Path) -> None:
        with atomic_path(folder.parent / "uncertainty.csv") as temporary, temporary.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["kpi", "mean", "low", "high", "variance_of_inputs", "variance_of_luck", "share_of_inputs"])
            for kpi in looked_at:
                found = parts(comparison, points, kpi)
                limits = found.interval()
                told = (found.mean, limits.low, limits.high, found.inputs, found.luck, found.share_of_inputs)
                writer.writerow([kpi.name, *map(repr, told)])
        drawn = figure({kpi: parts(comparison, points, kpi) for kpi in looked_at})
        save(drawn, folder / "uncertainty.png")

    def show(comparison: Comparison, console: Console) -> None:
        grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title_justify="left",
                     title=f"{draws} draws of the inputs by {how.replications} replications, 95 %")  # fmt: skip
        for column in ("KPI", "inputs as drawn", "of its variance not knowing the inputs", "chance"):
            grid.add_column(column)
        for kpi in looked_at:
            found = parts(comparison, points, kpi)
            share = found.share_of_inputs
            cells = ("n/a", "n/a") if share != share else (f"{share:.0%}", f"{1 - share:.0%}")
            grid.add_row(kpi.title, f"{with_interval(kpi, found.interval())} {unit_of(kpi)}", *cells)
        console.print(grid)

    return run_points(scenario, points, [strategy] if strategy else None, how, View(draw, show))
