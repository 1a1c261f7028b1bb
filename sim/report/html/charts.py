"""The charts of the page: small enough to be read on a phone, side by side on a desk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.report.comparison.figures import FOREST, forest_panel, stack_parts
from sim.report.html.svg import inline_svg
from sim.report.style import CYCLE, INK, mark, new_figure, quieten
from sim.report.words import number, unit_of, with_interval
from sim.study.kpis.catalogue import BY_NAME

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.findings import Findings

WIDTH = 3.8  # inches: a phone shows it at about its own size
_ROW, _FRAME = 0.34, 0.85


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn figure and what is said beside it.

    Parameters
    ----------
    svg
        An element of the page.
    """

    title: str
    note: str
    svg: str


def forest(findings: Findings, name: str) -> tuple[Chart, ...]:
    """Draw the paired differences from the baseline, a chart a KPI; what is not known anywhere is left out."""
    options = findings.arms[1:]
    return tuple(
        _forest(findings, kpi, f"{name}-{kpi}")
        for kpi in FOREST
        if any(not math.isnan(findings.difference(arm, kpi).interval.mean) for arm in options)
    )


def _forest(findings: Findings, kpi: str, name: str) -> Chart:
    options = findings.arms[1:]
    figure = new_figure(WIDTH, _ROW * len(options) + _FRAME)
    axes = figure.subplots()
    forest_panel(axes, findings, kpi)
    axes.set_title("")
    axes.set_ylim(len(options) - 0.5, -0.6)
    axes.set_yticks(range(len(options)), options, parse_math=False)
    of = BY_NAME[kpi]
    unit = "points" if of.unit == "share" else unit_of(of)
    told = "; ".join(
        f"{arm} {with_interval(of, findings.difference(arm, kpi).interval, signed=True)} {unit}" for arm in options
    )
    title = f"{of.title}, {unit}" if unit else of.title
    better = "left is better" if of.better == "low" else "right is better"
    return Chart(title, better, inline_svg(figure, name, f"{title}: difference from {findings.baseline}: {told}"))


def cost_against_time(findings: Findings, name: str) -> Chart:
    """Draw every option's cost per order against its mean delivery time, both with 95 % intervals."""
    figure = new_figure(WIDTH, 3.3 + 0.2 * len(findings.arms))
    axes = figure.subplots()
    told = []
    for k, arm in enumerate(findings.arms):
        cost, hours = findings.kpi(arm, "cost_per_order"), findings.kpi(arm, "delivery_hours_mean")
        axes.errorbar(
            hours.mean, cost.mean, fmt=mark(k), markersize=6, color=CYCLE[k % len(CYCLE)], linewidth=2,
            xerr=np.nan_to_num(hours.half_width), yerr=np.nan_to_num(cost.half_width), label=_labelled(arm),
        )  # fmt: skip
        told.append(f"{arm} {with_interval(BY_NAME['cost_per_order'], cost)} USD, {hours.mean:.1f} h")
    quieten(axes, grid="both")
    axes.margins(x=0.15, y=0.15)
    axes.set_xlabel("Delivery time, mean, hours", fontsize=9)
    axes.set_ylabel("Cost per order, USD", fontsize=9)
    _legend(axes, columns=2)
    return Chart("Cost against delivery time", "lower left is better", inline_svg(figure, name, "; ".join(told)))


def cost_by_part(findings: Findings, name: str) -> Chart:
    """Draw cost per order, stacked by part."""
    figure = new_figure(WIDTH, 0.42 * len(findings.arms) + 1.5)
    axes = figure.subplots()
    stack_parts(axes, findings)
    axes.set_yticks(range(len(findings.arms)), findings.arms, parse_math=False)
    axes.set_xlabel("USD per order", fontsize=9)
    axes.margins(x=0.2)
    _legend(axes, columns=3)
    kpi = BY_NAME["cost_per_order"]
    told = "; ".join(f"{arm} {number(kpi, findings.kpi(arm, kpi.name).mean)} USD" for arm in findings.arms)
    return Chart("Cost per order, by part", "mean", inline_svg(figure, name, told))


def _labelled(arm: str) -> str:
    """Return a label that is not left out of a legend, as those are that begin with an underscore."""
    return f" {arm}" if arm.startswith("_") else arm


def _legend(axes: Axes, columns: int) -> None:
    figure = axes.figure
    assert figure is not None
    legend = figure.legend(
        loc="outside lower center", ncols=columns, fontsize=8, frameon=False, labelcolor=INK, columnspacing=1.2
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
