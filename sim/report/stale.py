"""The price of stale stock: what it costs to hear of stock late, by strategy, from a webhook to a nightly file."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from sim.files import atomic_path
from sim.report.style import CYCLE, INK, QUIET, new_figure, quieten, save
from sim.report.words import number, scale_of, unit_of
from sim.study.kpis.catalogue import BY_NAME
from sim.study.search.space import Point

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.scenario.load import Scenario
    from sim.study.bound.captured import AgainstBound
    from sim.study.compare import Comparison
    from sim.study.statistics.estimate import Interval

# how stock is told, and about how old the news is at most, minutes
CADENCES: dict[str, tuple[str, float]] = {
    "webhook": ("webhook", 0.5),
    "1 min": ("1 min", 1),
    "5 min": ("5 min", 5),
    "20 min": ("20 min", 20),
    "1 h": ("1 h", 60),
    "4 h": ("4 h", 240),
    "nightly": ("nightly", 1440),
}
FRESHEST = next(iter(CADENCES))
KPIS = ("oversell_rate", "cancel_rate", "cost_per_order_placed")
AGES = np.array([age for _, age in CADENCES.values()])
GAP_SHARE = "gap_share"
SAYS_SHARE = "Share of the gap to the bound, %"
FLAT = 0.05
"""Lines that stay within this share of the margin that matters are drawn as none."""
_SAYS = {
    "oversell_rate": "Units sold that were not there",
    "cancel_rate": "Orders cancelled by us",
    "cost_per_order_placed": "Cost and lost margin an order",
}


def cadences(scenario: Scenario) -> list[Point]:
    """Return a scenario with every kind of site telling its stock at each cadence."""
    kinds = dict.fromkeys(site.kind.value for site in scenario.network.sites)
    return [
        Point(name, {f"site_kinds.{kind}.feed": feed for kind in kinds}, {"stock news": name})
        for name, (feed, _) in CADENCES.items()
    ]


def draw_stale(comparison: Comparison, folder: Path) -> None:
    """Write `price_of_stale_stock.png`, and beside the folder `price_of_stale_stock.csv`."""
    save(price_of_stale_stock(comparison), folder / "price_of_stale_stock.png")
    target = folder.parent / "price_of_stale_stock.csv"
    with atomic_path(target) as temporary, temporary.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["stock_news", "strategy", "kpi", "mean", "low", "high", "more", "more_low", "more_high"])
        for strategy in strategies_of(comparison):
            for name in CADENCES:
                for kpi in KPIS:
                    own, more = comparison.kpi(f"{name}/{strategy}", kpi), _more(comparison, name, strategy, kpi)
                    told = (own.mean, own.low, own.high, more.mean, more.low, more.high)
                    writer.writerow([name, strategy, kpi, *map(repr, told)])
                if comparison.against_bound is not None:
                    share = _share(comparison.against_bound, name, strategy)
                    writer.writerow(
                        [name, strategy, GAP_SHARE, *map(repr, (share.mean, share.low, share.high)), *("",) * 3]
                    )


def _more(comparison: Comparison, cadence: str, strategy: str, kpi: str) -> Interval:
    return comparison.between(f"{cadence}/{strategy}", f"{FRESHEST}/{strategy}", kpi).interval


def _share(against: AgainstBound, cadence: str, strategy: str) -> Interval:
    """Return the share of the gap that is taken, from the myopic strategy that hears at once."""
    return against.captured(f"{cadence}/{strategy}", f"{FRESHEST}/{against.wanted.myopic}").share


def strategies_of(comparison: Comparison) -> list[str]:
    """Return the strategies, each once."""
    return list(dict.fromkeys(comparison.experiment.what(arm)[1] for arm in comparison.arms))


def price_of_stale_stock(comparison: Comparison) -> Figure:
    """Draw how much more of what nobody wants there is than with fresh news, by the age of the news."""
    against = comparison.against_bound
    panels = len(KPIS) + (against is not None)
    figure = new_figure(10 if against is None else 13, 4)
    title, figures = figure.subfigures(2, 1, squeeze=False, height_ratios=[1, 6]).flat
    axes = figures.subplots(1, panels)
    for each, name in zip(axes, KPIS, strict=False):
        _panel(each, comparison, name)
    if against is not None:
        _panel_of_shares(axes[-1], comparison, against)
    figures.supxlabel("how often the order system hears of the stock at its sites", fontsize=9, color=QUIET)
    scenario, count = comparison.experiment.scenario, len(comparison.replications)
    title.text(0.008, 0.86, "The price of stale stock", fontsize=15, weight="bold", va="top", color=INK)
    title.text(
        0.008, 0.16, f"More than with a webhook, on the same shoppers and luck: {scenario.name}, "
        f"{count} replications of {scenario.file.clock.measure:g} days, bands are 95 % intervals{_frozen(against)}",
        fontsize=9, va="top", color=QUIET,
    )  # fmt: skip
    return figure


def _panel(axes: Axes, comparison: Comparison, name: str) -> None:
    kpi = BY_NAME[name]
    scale = scale_of(kpi)
    ends: list[tuple[float, str, str]] = []
    most = 0.0
    for k, strategy in enumerate(strategies_of(comparison)):
        found = [_more(comparison, cadence, strategy, name) for cadence in CADENCES]
        colour = CYCLE[k % len(CYCLE)]
        limits = _line(axes, found, scale, colour)
        ends.append((float(limits[0, -1]), f"{strategy} {number(kpi, found[-1].mean, signed=True)}", colour))
        most = max(most, float(np.nanmax(np.abs(limits))))
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    _set_out(axes, f"{_SAYS[name]}, {unit}")
    if most < kpi.margin * scale * FLAT:
        return _say(axes, "no more, however old the news")
    return _name_ends(axes, ends)


def _panel_of_shares(axes: Axes, comparison: Comparison, against: AgainstBound) -> None:
    """Draw how much of the way from the myopic strategy that hears at once to the bound each strategy goes."""
    ends: list[tuple[float, str, str]] = []
    for k, strategy in enumerate(strategies_of(comparison)):
        found = [_share(against, cadence, strategy) for cadence in CADENCES]
        if math.isnan(found[0].mean):
            _set_out(axes, SAYS_SHARE)
            return _say(axes, "undefined: no gap that is sure")
        colour = CYCLE[k % len(CYCLE)]
        limits = _line(axes, found, 100, colour)
        ends.append((float(limits[0, -1]), f"{strategy} {limits[0, -1]:.0f}", colour))
    _set_out(axes, SAYS_SHARE)
    return _name_ends(axes, ends)


def _frozen(against: AgainstBound | None) -> str:
    return ". Supply and demand are frozen" if against is not None and against.wanted.frozen else ""


def _line(axes: Axes, found: list[Interval], scale: float, colour: str) -> NDArray[np.float64]:
    """Draw one strategy; return its means and limits, a row each."""
    limits = np.array([[getattr(f, part) for f in found] for part in ("mean", "low", "high")]) * scale
    mean, low, high = limits
    axes.fill_between(AGES, low, high, color=colour, alpha=0.18, linewidth=0)
    axes.plot(AGES, mean, "o-", color=colour, markersize=4, linewidth=2, clip_on=False)
    return limits


def _set_out(axes: Axes, title: str) -> None:
    """Set out a panel over the age of the news."""
    quieten(axes, grid="y")
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks(AGES, list(CADENCES), rotation=55, ha="right", rotation_mode="anchor")
    axes.minorticks_off()
    axes.set_xlim(AGES[0] / 1.4, AGES[-1] * 60)
    axes.spines["bottom"].set_visible(False)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.set_title(title, fontsize=9.5, loc="left", color=INK)
    axes.tick_params(axis="x", colors=QUIET)


def _say(axes: Axes, words: str) -> None:
    """Say once of lines that do not leave zero that they do not: at full height they would be all noise."""
    axes.set_ylim(-1, 1)
    axes.set_yticks([0])
    axes.annotate(words, (AGES[-1] * 50, 0), (0, 8), textcoords="offset points", fontsize=9,
                  ha="right", color=QUIET)  # fmt: skip


def _name_ends(axes: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Name each line where it ends, none over another."""
    low, high = axes.get_ylim()
    at = -np.inf
    for y, words, colour in sorted(ends):
        at = max(y, at + (high - low) / 15)
        axes.annotate(words, (AGES[-1] * 1.4, at), fontsize=8.5, va="center", color=colour, weight="bold")
