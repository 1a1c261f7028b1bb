"""The three pictures of a comparison: differences, cost against time, and what the money is spent on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import CYCLE, INK, QUIET, VERDICT_COLOURS, VERDICT_MARKS, mark, new_figure, quieten, save
from sim.report.words import number, scale_of, unit_of
from sim.study.kpis.catalogue import BY_NAME, COST_PART_KPIS

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.findings import Findings

_CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
FOREST = ("cost_per_order", "order_fill_rate", "delivery_hours_mean", "split_rate", "on_time_delivery_rate")


def draw_figures(comparison: Findings, folder: Path) -> None:
    """Write `differences.png` (if there is anything to compare), `cost_against_time.png` and `cost_by_part.png`."""
    if len(comparison.arms) > 1:
        save(differences(comparison), folder / "differences.png")
    save(cost_against_time(comparison), folder / "cost_against_time.png")
    save(cost_by_part(comparison), folder / "cost_by_part.png")


def differences(comparison: Findings) -> Figure:
    """Draw a forest plot: the paired difference of the main KPIs from the baseline, with 95 % intervals."""
    arms = comparison.arms[1:]
    figure = new_figure(2.4 * len(FOREST) + 1.2, 0.42 * len(arms) + 1.5)
    panels = figure.subplots(1, len(FOREST), sharey=True, squeeze=False)[0]
    for axes, name in zip(panels, FOREST, strict=True):
        forest_panel(axes, comparison, name)
    panels[0].set_yticks(range(len(arms)), arms)
    panels[0].set_ylim(len(arms) - 0.5, -0.5)
    count = comparison.count
    figure.suptitle(
        f"Difference from {comparison.baseline} on the same shoppers, 95 % intervals over {count} replications",
        fontsize=10, x=0.01, ha="left", color=INK,
    )  # fmt: skip
    return figure


def forest_panel(axes: Axes, comparison: Findings, name: str) -> None:
    """Draw one KPI's paired differences from the baseline, a row an option."""
    kpi = BY_NAME[name]
    scale = scale_of(kpi)
    for row, arm in enumerate(comparison.arms[1:]):
        found = comparison.difference(arm, name)
        colour = VERDICT_COLOURS[found.verdict]
        low, high = np.nan_to_num([found.interval.low, found.interval.high], nan=found.interval.mean) * scale
        axes.plot([low, high], [row, row], color=colour, linewidth=3, solid_capstyle="butt")
        axes.plot(
            found.interval.mean * scale, row, VERDICT_MARKS[found.verdict], color=colour, markersize=6,
            markerfacecolor="white" if found.verdict == "cannot tell" else colour,
        )  # fmt: skip
        label = number(kpi, found.interval.mean, signed=True)
        axes.annotate(label, (found.interval.mean * scale, row), (0, 6), textcoords="offset points", fontsize=7,
                      ha="center", color=INK, bbox=_CLEAR)  # fmt: skip
    axes.axvline(0, color=INK, linewidth=0.8, zorder=0.9)
    quieten(axes, grid="x")
    axes.margins(x=0.2)
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    good = "← better" if kpi.better == "low" else "better →"
    axes.set_title(f"{kpi.title}\n{unit}   {good}", fontsize=8, color=INK)


def cost_against_time(comparison: Findings) -> Figure:
    """Draw every strategy's cost per order against its mean delivery time, both with 95 % intervals."""
    figure = new_figure(7.6, 4.2)
    axes = figure.subplots()
    for k, arm in enumerate(comparison.arms):
        cost, hours = comparison.kpi(arm, "cost_per_order"), comparison.kpi(arm, "delivery_hours_mean")
        fill = comparison.kpi(arm, "order_fill_rate").mean
        axes.errorbar(
            hours.mean, cost.mean, fmt=mark(k), markersize=6, color=CYCLE[k % len(CYCLE)], linewidth=2,
            xerr=np.nan_to_num(hours.half_width), yerr=np.nan_to_num(cost.half_width),
            label=f"{arm}\n  fills {fill:.1%} of orders",
        )  # fmt: skip
    quieten(axes, grid="both")
    axes.margins(x=0.15, y=0.15)
    axes.set_xlabel("Delivery time, mean, hours", fontsize=9)
    axes.set_ylabel("Cost per order, USD", fontsize=9)
    axes.set_title("Cost against delivery time, with 95 % intervals; the lower left is better", fontsize=9, loc="left")
    figure.legend(loc="outside right center", fontsize=8, frameon=False, labelcolor=INK, labelspacing=1)
    return figure


def cost_by_part(comparison: Findings) -> Figure:
    """Draw cost per order, stacked by part."""
    figure = new_figure(7.2, 0.5 * len(comparison.arms) + 1.4)
    axes = figure.subplots()
    stack_parts(axes, comparison)
    axes.margins(x=0.12)
    axes.set_xlabel("USD per order", fontsize=9)
    axes.set_title("Cost per order, by part", fontsize=9, loc="left")
    figure.legend(loc="outside lower center", ncols=len(COST_PART_KPIS), fontsize=8, frameon=False, labelcolor=QUIET)
    return figure


def stack_parts(axes: Axes, comparison: Findings) -> None:
    """Draw a bar an arm, of what an order costs part by part, with the whole at its end."""
    arms = comparison.arms
    rows = np.arange(len(arms))
    left = np.zeros(len(arms))
    for k, name in enumerate(COST_PART_KPIS):
        dollars = np.nan_to_num([comparison.kpi(arm, name).mean for arm in arms])
        if not dollars.any():  # a part that costs nothing anywhere
            continue
        label, colour = name.removesuffix("_per_order").replace("_", " "), CYCLE[k % len(CYCLE)]
        axes.barh(rows, dollars, left=left, color=colour, label=label, height=0.62)
        left = left + dollars
    for row, arm in enumerate(arms):
        found = comparison.kpi(arm, "cost_per_order")
        half = "" if np.isnan(found.half_width) else f" ±{found.half_width:.2f}"
        axes.annotate(f"{found.mean:.2f}{half}", (left[row], row), (4, 0), textcoords="offset points", fontsize=8,
                      va="center", color=INK)  # fmt: skip
    axes.set_yticks(rows, arms)
    axes.invert_yaxis()
    quieten(axes, grid="x")
