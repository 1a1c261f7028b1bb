"""The price of stale stock: what it costs to hear of stock late, by strategy, from a webhook to a nightly file."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from sim.files import atomic_path
from sim.report.style import CYCLE, INK, QUIET, new_figure, quieten, save
from sim.report.words import scale_of, unit_of
from sim.study.kpis import BY_NAME
from sim.study.space import Point

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.scenario.load import Scenario
    from sim.study.compare import Comparison
    from sim.study.estimate import Interval

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
_SAYS = {
    "oversell_rate": "units sold that were not there",
    "cancel_rate": "orders cancelled by us",
    "cost_per_order_placed": "cost an order placed, lost margin included",
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


def _more(comparison: Comparison, cadence: str, strategy: str, kpi: str) -> Interval:
    return comparison.between(f"{cadence}/{strategy}", f"{FRESHEST}/{strategy}", kpi).interval


def strategies_of(comparison: Comparison) -> list[str]:
    """Return the strategies, each once."""
    return list(dict.fromkeys(comparison.experiment.what(arm)[1] for arm in comparison.arms))


def price_of_stale_stock(comparison: Comparison) -> Figure:
    """Draw how much more of what nobody wants there is than with fresh news, by the age of the news."""
    figure = new_figure(10.5, 3.9)
    for axes, name in zip(figure.subplots(1, len(KPIS)), KPIS, strict=True):
        _panel(axes, comparison, name)
    count = len(comparison.replications)
    figure.suptitle(
        f"The price of stale stock: {comparison.experiment.scenario.name}, against a webhook on the same luck, "
        f"95 % intervals over {count} replications", fontsize=10, x=0.01, ha="left", color=INK,
    )  # fmt: skip
    return figure


def _panel(axes: Axes, comparison: Comparison, name: str) -> None:
    kpi = BY_NAME[name]
    scale = scale_of(kpi)
    ages = np.array([age for _, age in CADENCES.values()])
    ends: list[tuple[float, str, str]] = []
    for k, strategy in enumerate(strategies_of(comparison)):
        found = [_more(comparison, cadence, strategy, name) for cadence in CADENCES]
        mean, low, high = (np.array([getattr(f, part) for f in found]) * scale for part in ("mean", "low", "high"))
        colour = CYCLE[k % len(CYCLE)]
        axes.plot(ages, mean, "o-", color=colour, markersize=3.5, linewidth=1.8)
        axes.fill_between(ages, low, high, color=colour, alpha=0.15, linewidth=0)
        ends.append((float(mean[-1]), strategy, colour))
    quieten(axes, grid="y")
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks(ages, list(CADENCES), rotation=45, ha="right")
    axes.minorticks_off()
    axes.set_xlim(ages[0] / 1.4, ages[-1] * 9)
    _name_ends(axes, float(ages[-1]), ends)
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    axes.set_title(f"{_SAYS[name]},\n{unit} more", fontsize=8.5, loc="left", color=INK)
    axes.tick_params(axis="x", colors=QUIET)


def _name_ends(axes: Axes, x: float, ends: list[tuple[float, str, str]]) -> None:
    """Name each line where it ends, none over another; of lines that never leave zero it is said once."""
    if all(y == 0 for y, _, _ in ends):
        axes.set_ylim(-1, 1)
        axes.set_yticks([0])
        axes.annotate("none more, whatever the age", (x, 0), (0, 6), textcoords="offset points", fontsize=8, ha="right",
                      color=QUIET)  # fmt: skip
        return
    low, high = axes.get_ylim()
    at = -np.inf
    for y, strategy, colour in sorted(ends):
        at = max(y, at + (high - low) / 16)
        axes.annotate(strategy, (x * 1.25, at), fontsize=8, va="center", color=colour)
