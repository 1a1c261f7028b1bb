"""A sweep as people see it: a row a point, its differences from the scenario as it stands, a picture of each axis."""

from __future__ import annotations

import csv
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.table import Table
from rich.text import Text

from sim.files import atomic_path
from sim.report.comparison.table import marked
from sim.report.say import say
from sim.report.style import CYCLE, INK, QUIET, new_figure, quieten, save
from sim.report.words import scale_of, unit_of, with_interval
from sim.study.experiment import BASE

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from rich.console import Console

    from sim.study.compare import Comparison
    from sim.study.kpis.catalogue import Kpi
    from sim.study.search.space import Point

MOST_DECADES_LINEAR = 1.3
"""An axis that spans more powers of ten than that is drawn by its logarithm."""
MOST_TICKS = 8
"""So many values are each named on their axis."""
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(\S*)")


class Sweep:
    """The points of a sweep, and the KPIs to look at.

    Parameters
    ----------
    against
        What the others are compared with: a point's name, or the scenario as it stands.
    """

    def __init__(self, points: list[Point], kpis: list[Kpi], against: str = BASE) -> None:
        self.points = points
        self.kpis = kpis
        self.against = against
        self.axes = list(dict.fromkeys(name for point in points for name in point.along))

    def show(self, comparison: Comparison, console: Console) -> None:
        """Print a row a point and strategy: what each KPI is, and how it differs from the scenario as it stands."""
        count = len(comparison.replications)
        against = "it as it stands" if self.against == BASE else f"that of {self.against}"
        say(
            console,
            f"Mean, and difference from {against} on the same luck ± half of the 95 % interval, {count} replications",
            style="bold",
        )
        strategies = list(dict.fromkeys(comparison.experiment.what(arm)[1] for arm in comparison.arms))
        for strategy in strategies:
            grid = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), title=strategy, title_justify="left")
            for axis in self.axes:
                grid.add_column(axis)
            for kpi in self.kpis:
                grid.add_column(f"{kpi.title}\n{unit_of(kpi)}", justify="right")
            base = f"{self.against}/{strategy}"
            cells = [Text(with_interval(kpi, comparison.kpi(base, kpi.name))) for kpi in self.kpis]
            grid.add_row(*[_said(self.against), *[""] * (len(self.axes) - 1)], *cells)
            for point in self.points:
                if point.name == self.against:
                    continue
                found = [comparison.between(f"{point.name}/{strategy}", base, kpi.name) for kpi in self.kpis]
                along = [_cell(point.along.get(axis)) for axis in self.axes]
                grid.add_row(*along, *[marked(difference) for difference in found])
            console.print(grid)

    def draw(self, comparison: Comparison, folder: Path) -> None:
        """Write `sweep.png`, and `sweep.csv` with a row a point, strategy and KPI."""
        save(self.figure(comparison), folder / "sweep.png")
        with atomic_path(folder.parent / "sweep.csv") as temporary, temporary.open("w", newline="") as file:
            writer = csv.writer(file)
            limits = ("mean", "low", "high", "difference", "difference_low", "difference_high")
            writer.writerow([*self.axes, "strategy", "kpi", *limits])
            for point in self.points:
                for arm in comparison.arms:
                    variant, strategy = comparison.experiment.what(arm)
                    if variant != point.name:
                        continue
                    along = [_cell(point.along.get(axis)) for axis in self.axes]
                    for kpi in self.kpis:
                        own = comparison.kpi(arm, kpi.name)
                        less = comparison.between(arm, f"{self.against}/{strategy}", kpi.name).interval
                        told = (own.mean, own.low, own.high, less.mean, less.low, less.high)
                        writer.writerow([*along, strategy, kpi.name, *map(repr, told)])

    def figure(self, comparison: Comparison) -> Figure:
        """Draw every KPI (a row) along every axis (a column); lines join points that differ in that axis alone."""
        figure = new_figure(max(3.4 * len(self.axes), 5.0), 2.3 * len(self.kpis) + 0.6)
        panels = figure.subplots(len(self.kpis), len(self.axes), squeeze=False, sharey="row")
        for row, kpi in zip(panels, self.kpis, strict=True):
            for axes, axis in zip(row, self.axes, strict=True):
                self._panel(axes, comparison, axis, kpi)
        for axes, axis in zip(panels[-1], self.axes, strict=True):
            unit = unit_along([point.along[axis] for point in self.points if axis in point.along])
            axes.set_xlabel(f"{axis}, {unit}" if unit else axis, fontsize=9)
        handles, labels = panels[0][0].get_legend_handles_labels()
        if len(labels) > 1:
            figure.legend(handles, labels, loc="outside upper center", ncols=4, fontsize=8, frameon=False)
        return figure

    def _panel(self, axes: Axes, comparison: Comparison, axis: str, kpi: Kpi) -> None:
        those = [point for point in self.points if axis in point.along]
        ticks, at = positions([point.along[axis] for point in those])
        joined = all(len(point.along) == 1 for point in those)
        strategies = list(dict.fromkeys(comparison.experiment.what(arm)[1] for arm in comparison.arms))
        for k, strategy in enumerate(strategies):
            base = f"{self.against}/{strategy}"
            found = [comparison.between(f"{point.name}/{strategy}", base, kpi.name).interval for point in those]
            order = np.argsort(at, kind="stable")
            x, y = np.array(at)[order], np.array([f.mean for f in found])[order] * scale_of(kpi)
            half = np.nan_to_num(np.array([f.half_width for f in found])[order]) * scale_of(kpi)
            axes.errorbar(
                x, y, yerr=half, fmt="o-" if joined else "o", color=CYCLE[k % len(CYCLE)], markersize=4,
                linewidth=1.4, elinewidth=1.2, label=strategy,
            )  # fmt: skip
        axes.axhline(0, color=INK, linewidth=0.8)
        quieten(axes, grid="y")
        axes.margins(x=0.1, y=0.1)
        if ticks is not None:
            axes.set_xticks(range(len(ticks)), ticks, rotation=20 if max(map(len, ticks)) > 8 else 0)
        else:
            if min(at) > 0 and math.log10(max(at) / min(at)) > MOST_DECADES_LINEAR:
                axes.set_xscale("log")
            if joined and len(set(at)) <= MOST_TICKS:
                axes.set_xticks(sorted(set(at)), [f"{x:g}" for x in sorted(set(at))], minor=False)
                axes.minorticks_off()
        unit = "points" if kpi.unit == "share" else unit_of(kpi)
        title = f"{kpi.title}: more or less than {_said(self.against)}, {unit}"
        axes.set_title(title, fontsize=8, loc="left", color=INK)
        axes.tick_params(axis="x", colors=QUIET)


def positions(values: list[Any]) -> tuple[list[str] | None, list[float]]:
    """Return where values lie on an axis: by number if all are numbers of one unit, else side by side with ticks."""
    matches = [_NUMBER.fullmatch(_cell(value)) for value in values]
    if all(matches) and len({match[2] for match in matches if match}) == 1:
        return None, [float(match[1]) for match in matches if match]
    ticks = list(dict.fromkeys(map(_cell, values)))
    return ticks, [float(ticks.index(_cell(value))) for value in values]


def unit_along(values: list[Any]) -> str:
    """Return the unit in which numbers lie on an axis, nothing where they have none or lie side by side."""
    match = _NUMBER.fullmatch(_cell(values[0]))
    return match[2] if match and positions(values)[0] is None else ""


def _said(variant: str) -> str:
    return "as it stands" if variant == BASE else variant


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
