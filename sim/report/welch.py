"""Welch's plot: where a series settles, by eye and by MSER-5."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import CYCLE, INK, QUIET, new_figure, quieten
from sim.study.statistics.warm_up import mser, welch

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


def welch_figure(
    replications: ArrayLike, window: int, *, per_day: float, chosen_days: float | None = None, what: str = ""
) -> Figure:
    """Draw the mean over replications, its moving average, and the cuts.

    MSER-5 is asked of the moving average: taken over a whole week, it does not take Monday's peak for a drift.

    Parameters
    ----------
    replications
        Shape (replications, observations).
    window
        Observations on either side of the moving average.
    per_day
        Observations a day.
    chosen_days
        The warm-up that is used.
    what
        Which series it is, with its unit.
    """
    series = np.asarray(replications, dtype=np.float64)
    mean, moving = series.mean(axis=0), welch(series, window)
    found = mser(moving)
    figure = new_figure(7.2, 3.2)
    axes = figure.subplots()
    axes.plot(np.arange(len(mean)) / per_day, mean, color=QUIET, linewidth=0.6, label="mean over replications")
    axes.plot(np.arange(len(moving)) / per_day, moving, color=CYCLE[0], linewidth=2, label="moving average")
    if found.steady:
        axes.axvline(found.cut / per_day, color=CYCLE[5], label=f"MSER-5: {found.cut / per_day:.1f} days")
    if chosen_days is not None:
        axes.axvline(chosen_days, color=CYCLE[2], linestyle="--", label=f"used: {chosen_days:g} days")
    quieten(axes, grid="y")
    axes.set_xlabel("days", fontsize=9)
    told = what if found.steady else f"{what}: no steady state found"
    axes.set_title(told, fontsize=9, loc="left", color=INK, parse_math=False)
    axes.legend(fontsize=8, frameon=False)
    return figure
