"""A sensitivity study from its inputs to its tornado chart: all points on the same luck, a KPI's mean at each."""

from __future__ import annotations

import csv
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from rich import box
from rich.table import Table

from sim.errors import FulfillSimError
from sim.files import atomic_path
from sim.report.runs.compare import View
from sim.report.runs.sweep import run_points
from sim.report.say import say
from sim.report.style import CYCLE, INK, new_figure, quieten, save
from sim.report.words import number, scale_of, unit_of
from sim.study.kpis.catalogue import kpi_named
from sim.study.search.space import points_at, titles_of
from sim.study.sensitivity import Surface, morris_effects, morris_points, sobol_shares

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes as Panel
    from rich.console import Console

    from sim.report.runs.sweep import HowToRun
    from sim.study.compare import Comparison
    from sim.study.kpis.catalogue import Kpi
    from sim.study.search.space import Axis, Point
    from sim.study.sensitivity import Floats

Method = Literal["morris", "sobol"]
TRAJECTORIES = 6
SOBOL_BASE = 4096


class Row(NamedTuple):
    """What an input does to a KPI.

    Parameters
    ----------
    size
        Morris: mean size of its effect over the whole range; Sobol: its total share of the variance.
    half_width
        Half of the 95 % interval of it.
    beside
        Morris: the spread of the effect; Sobol: its share alone.
    """

    name: str
    size: float
    half_width: float
    beside: float


class Sensitivity:
    """The points of a study and how to read it.

    Parameters
    ----------
    shares
        A row a point: how far along each input it lies.
    """

    def __init__(self, method: Method, axes: list[Axis], shares: Floats, kpis: list[Kpi], seed: int) -> None:
        self.method = method
        self.names = titles_of(axes)
        self.shares = shares
        self.points: list[Point] = points_at(axes, shares.tolist())
        self.kpis = kpis
        self.seed = seed

    def rows(self, comparison: Comparison, kpi: Kpi) -> tuple[list[Row], float | None]:
        """Return what each input does to a KPI, the most first, and how well the surface fits if there is one."""
        strategy = comparison.experiment.what(comparison.arms[0])[1]
        output = np.array([comparison.kpi(f"{point.name}/{strategy}", kpi.name).mean for point in self.points])
        if self.method == "morris":
            effects = morris_effects(self.names, self.shares, output, self.seed)
            return [Row(e.name, e.mu_star, e.half_width, e.sigma) for e in effects], None
        if np.ptp(output) == 0:
            return [Row(name, 0.0, 0.0, 0.0) for name in self.names], 1.0
        surface = Surface(self.shares, output)
        shares = sobol_shares(self.names, surface, SOBOL_BASE, self.seed)
        return [Row(s.name, s.total, s.total_half, s.alone) for s in shares], surface.fit

    def show(self, comparison: Comparison, console: Console) -> None:
        """Print a table a KPI, the input that matters most first."""
        morris = self.method == "morris"
        for kpi in self.kpis:
            rows, fit = self.rows(comparison, kpi)
            title = f"{kpi.title}, {unit_of(kpi) or 'per order'}" if morris else f"{kpi.title}, shares of its variance"
            grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title, title_justify="left")
            for name in ("input", "mean size of its effect" if morris else "with all it takes part in"):
                grid.add_column(name)
            grid.add_column("spread of its effect" if morris else "alone", justify="right")
            for row in rows:
                size, half, beside = (_said(kpi, value, morris) for value in row[1:])
                grid.add_row(row.name, f"{size} ±{half}", beside)
            console.print(grid)
            if fit is not None:
                say(console, f"the surface predicts {max(fit, 0) * 100:.1f} % of the variance at points left out")

    def draw(self, comparison: Comparison, folder: Path) -> None:
        """Write `sensitivity.png`, a tornado a KPI, and beside the folder `sensitivity.csv`."""
        figure = new_figure(max(4.6 * len(self.kpis), 5), 0.32 * len(self.names) + 1.3)
        panels = figure.subplots(1, len(self.kpis), squeeze=False)[0]
        with atomic_path(folder.parent / "sensitivity.csv") as temporary, temporary.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["kpi", "method", *Row._fields, "fit"])
            for panel, kpi in zip(panels, self.kpis, strict=True):
                rows, fit = self.rows(comparison, kpi)
                self._tornado(panel, kpi, rows)
                for row in rows:
                    told = "" if fit is None else repr(fit)
                    writer.writerow([kpi.name, self.method, row.name, *map(repr, row[1:]), told])
        save(figure, folder / "sensitivity.png")

    def _tornado(self, panel: Panel, kpi: Kpi, rows: list[Row]) -> None:
        scale = scale_of(kpi) if self.method == "morris" else 100.0
        sizes, halves = (np.array([row[k] for row in rows]) * scale for k in (1, 2))
        panel.barh([row.name for row in rows], sizes, xerr=halves, color=CYCLE[0], error_kw={"elinewidth": 1.2})
        panel.invert_yaxis()
        panel.set_xlim(left=0)
        quieten(panel, grid="x")
        unit = "points" if kpi.unit == "share" else unit_of(kpi)
        says = f"mean size of effect over the range, {unit}" if self.method == "morris" else "share of variance, %"
        panel.set_title(f"{kpi.title}: {says}", fontsize=8.5, loc="left", color=INK)


def _said(kpi: Kpi, value: float, morris: bool) -> str:
    return number(kpi, value) if morris else f"{value:.0%}"


def run_sensitivity(
    scenario: str | Path,
    axes: list[Axis],
    method: Method,
    size: int | None,
    strategy: str | None,
    kpis: list[str],
    how: HowToRun,
) -> Comparison:
    """Run a scenario at the points that a method asks for, write its folder and print.

    Parameters
    ----------
    size
        Morris: trajectories; Sobol: points the surface is fitted to; None: six, or five a coefficient.

    Raises
    ------
    FulfillSimError
        If there are fewer than two inputs, or a KPI or a strategy is unknown.
    """
    if len(axes) < 2:
        raise FulfillSimError("one input - expected at least two to be told apart")
    looked_at = [kpi_named(name) for name in kpis]
    if find_spec("SALib") is None:
        raise FulfillSimError("sensitivity studies need pip install 'fulfillsim[explore]'")
    names = titles_of(axes)
    if method == "morris":
        shares = morris_points(names, size or TRAJECTORIES, how.seed)
    else:
        from scipy.stats.qmc import LatinHypercube

        terms = (len(axes) + 1) * (len(axes) + 2) // 2
        count = size or 5 * terms
        if count < terms + 2:
            raise FulfillSimError(f"--size {count} - a quadratic surface of {len(axes)} inputs needs {terms + 2}")
        shares = LatinHypercube(len(axes), rng=how.seed).random(count)
    study = Sensitivity(method, axes, shares, looked_at, how.seed)
    view = View(study.draw, study.show)
    return run_points(scenario, study.points, [strategy] if strategy else None, how, view)
