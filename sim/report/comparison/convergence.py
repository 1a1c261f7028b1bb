"""How a difference settles as replications are added: its 95 % interval after two, three and so on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import CYCLE, INK, new_figure, quieten
from sim.report.words import scale_of, unit_of
from sim.study.kpis.catalogue import kpi_named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.compare import Comparison


def convergence(comparison: Comparison, name: str) -> Figure:
    """Draw the difference of a KPI from the baseline against how many replications it is taken from."""
    kpi, options = kpi_named(name), comparison.arms[1:]
    scale, counts = scale_of(kpi), np.arange(2, comparison.count + 1)
    figure = new_figure(7.2, 1.3 + 1.5 * len(options))
    panels = figure.subplots(len(options), 1, sharex=True, squeeze=False)[:, 0]
    parts = [replace(comparison, replications=comparison.replications[:count]) for count in counts]
    for k, (axes, arm) in enumerate(zip(panels, options, strict=True)):
        found = [part.difference(arm, name).interval for part in parts]
        mean, low, high = (
            np.array([getattr(each, side) for each in found]) * scale for side in ("mean", "low", "high")
        )
        axes.fill_between(counts, low, high, color=CYCLE[k % len(CYCLE)], alpha=0.25, linewidth=0)
        axes.plot(counts, mean, color=CYCLE[k % len(CYCLE)])
        axes.axhspan(-kpi.margin * scale, kpi.margin * scale, color="#eeeeee", zorder=0)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.set_title(arm, fontsize=9, loc="left", parse_math=False)
        quieten(axes, grid="y")
    panels[-1].set_xlabel("replications", fontsize=9)
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    figure.suptitle(
        f"{kpi.title}, {unit}: difference from {comparison.baseline}; grey: the margin that matters",
        fontsize=10, x=0.01, ha="left", color=INK, parse_math=False,
    )  # fmt: skip
    return figure
