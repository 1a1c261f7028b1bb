"""Pictures of an optimisation: how the search went, and where candidates lie in what is to be best and has to hold.

All is drawn as the difference from the scenario as it stands on the same luck, so that the search and fresh luck can be
looked at together; only what has a limit of its own is drawn as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.report.style import CYCLE, INK, QUIET, new_figure, quieten
from sim.report.words import scale_of, unit_of
from sim.study.statistics.estimate import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.study.kpis.catalogue import Kpi
    from sim.study.search.optimize import Optimum
    from sim.study.search.tried import Tried

MOST_PANELS = 3
FRESH = CYCLE[5]


def draw(found: Optimum) -> Figure:
    """Draw the search candidate by candidate, or with several objectives the front, two KPIs at a time."""
    first, *others = found.question.objectives
    others += [goal.kpi for goal in found.question.goals if goal.kpi is not first]
    alone = not found.several
    planes = list(dict.fromkeys(others))[: MOST_PANELS - alone]
    figure = new_figure(4.6 * (len(planes) + alone) + 0.8, 4.2)
    panels = figure.subplots(1, len(planes) + alone, squeeze=False)[0]
    if alone:
        _progress(panels[0], found, first)
    for panel, across in zip(panels[alone:], planes, strict=True):
        _plane(panel, found, across, first)
    named = {
        label: handle for panel in panels for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
    }
    figure.legend(
        named.values(), named.keys(), loc="outside lower center", ncols=5, fontsize=8, frameon=False, labelcolor=INK
    )
    return figure


def _drawn(found: Optimum, each: Tried, kpi: Kpi) -> Interval:
    """Return a KPI as it is drawn."""
    interval = each.kpi(kpi.name) if _limited(found, kpi) else each.less[kpi.name].interval()
    low, high = np.nan_to_num([interval.low, interval.high], nan=interval.mean)
    return Interval(*(value * scale_of(kpi) for value in (interval.mean, float(low), float(high))))


def _limited(found: Optimum, kpi: Kpi) -> bool:
    return any(goal.kpi is kpi and not goal.relative for goal in found.question.goals)


def _scattered(axes: Axes, found: Optimum, those: Sequence[Tried], x: Kpi | None, y: Kpi, **look: object) -> None:
    """Draw candidates as points; x None: by their number."""
    across = [each.candidate.number if x is None else _drawn(found, each, x).mean for each in those]
    axes.scatter(across, [_drawn(found, each, y).mean for each in those], **look)  # type: ignore[arg-type]


def _tried(axes: Axes, found: Optimum, x: Kpi | None, y: Kpi) -> None:
    good = [each for each in found.tried if each.feasible]
    bad = [each for each in found.tried if not each.feasible]
    label = "keeps to what has to hold" if found.question.goals else "tried"
    _scattered(axes, found, good, x, y, s=22, color=CYCLE[4], label=label, zorder=2)
    if bad:
        look = {"facecolors": "none", "edgecolors": QUIET, "label": "does not, by its mean"}
        _scattered(axes, found, bad, x, y, s=22, zorder=2, **look)


def _progress(axes: Axes, found: Optimum, kpi: Kpi) -> None:
    """Draw the objective of each candidate, in the order they were tried, and the best so far."""
    sign = found.question.sign(kpi)
    _tried(axes, found, None, kpi)
    if good := [each for each in (found.base, *found.tried) if each.feasible]:
        best = sign * np.minimum.accumulate([sign * _drawn(found, each, kpi).mean for each in good])
        end = max((each.candidate.number for each in found.tried), default=0)
        numbers = [*(each.candidate.number for each in good), end]
        axes.step(
            numbers, [*best, best[-1]], where="post", color=CYCLE[0], linewidth=1.4, label="best so far", zorder=1
        )
    for k, each in enumerate(_fresh(found)):
        _cross(axes, Interval(*[each.candidate.number] * 3), _drawn(found, each, kpi), k)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.axhline(0, color=INK, linewidth=0.8, zorder=0.9)
    _named(axes, "candidate", _title(found, kpi), "The search, candidate by candidate")


def _fresh(found: Optimum) -> list[Tried]:
    """Return whom fresh luck has the last word on: the winner, or those of the front."""
    everybody = found.fresh if found.several else found.proof or ()
    return [each for each in everybody if each.candidate.number]


def _cross(axes: Axes, x: Interval, y: Interval, k: int) -> None:
    axes.errorbar(
        x.mean, y.mean, xerr=[[x.mean - x.low], [x.high - x.mean]], yerr=[[y.mean - y.low], [y.high - y.mean]], fmt="D",
        color=FRESH, markersize=5, elinewidth=1.2, label="" if k else "on fresh luck, 95 %", zorder=4,
    )  # fmt: skip


def _plane(axes: Axes, found: Optimum, across: Kpi, up: Kpi) -> None:
    """Draw the candidates by two KPIs, and the best or the front on fresh luck with their intervals."""
    _tried(axes, found, across, up)
    _scattered(axes, found, [found.base], across, up, marker="*", s=110, color=INK, label="as it stands", zorder=3)
    if found.several:
        look = {"facecolors": "none", "edgecolors": CYCLE[0], "label": "front of the search"}
        _scattered(axes, found, found.front, across, up, s=64, zorder=2, **look)
    for k, each in enumerate(_fresh(found)):
        _cross(axes, _drawn(found, each, across), _drawn(found, each, up), k)
    for goal in found.question.goals:
        if goal.kpi is across and not goal.relative:
            limit = goal.value * scale_of(across)
            axes.axvline(limit, color=FRESH, linewidth=0.9, linestyle="--", label=f"{across.title} {goal.text}")
    _named(axes, _title(found, across), _title(found, up), f"{up.title} against {across.title.lower()}")


def _title(found: Optimum, kpi: Kpi) -> str:
    if _limited(found, kpi):
        return f"{kpi.title}, {unit_of(kpi)}".rstrip(", ")
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    return f"{kpi.title}: more or less than as it stands, {unit}".rstrip(", ")


def _named(axes: Axes, x: str, y: str, title: str) -> None:
    quieten(axes, grid="both")
    axes.margins(x=0.08, y=0.12)
    axes.set_xlabel(x, fontsize=8.5)
    axes.set_ylabel(y, fontsize=8.5)
    axes.set_title(title, fontsize=9, loc="left", color=INK)
