"""Pictures of a pilot: power against the number of stores, what each design says beside the truth, and where it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.report.network_map import albers
from sim.report.pilot.sheets import unit, weeks
from sim.report.style import CYCLE, GRID, INK, QUIET, new_figure, quieten
from sim.study.pilot.grid import grid
from sim.study.pilot.outcomes import BY_NAME

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.pilot.sizing import Sizing


def power_curve(sizing: Sizing) -> Figure:
    """Draw the power of the shown design against the number treated, for three intra-cluster correlations."""
    study, shown = sizing.study, sizing.shown
    figure = new_figure(4.6, 3.4)
    axes = figure.subplots()
    kinds = (("low", shown.noise.low, "--"), ("as found", shown.noise.icc, "-"), ("high", shown.noise.high, ":"))
    for words, icc, line in kinds:
        cells = grid(study, shown.design, shown.noise.with_icc(icc), sizing.wanted)
        known = sorted((c.count, 100 * c.power) for c in cells if c.after == shown.cell.after and c.power == c.power)
        if known:
            x, y = zip(*known, strict=True)
            axes.set_xticks(x)
            axes.plot(x, y, line, color=CYCLE[0], marker="o", markersize=3, label=f"correlation {icc:.2f}, {words}")
    axes.axhline(100 * study.plan.power, color=QUIET, linewidth=0.8)
    axes.set_ylim(0, 102)
    axes.set_xlabel("states treated" if study.plan.stores.together == "state" else "stores treated", fontsize=8)
    axes.set_ylabel("power, %", fontsize=8)
    axes.legend(fontsize=7, frameon=False, loc="lower right")
    axes.set_title(f"{shown.design.title}, {weeks(shown.cell.after)}", fontsize=9, loc="left", color=INK)
    quieten(axes, "y")
    return figure


def designs_beside_truth(sizing: Sizing) -> Figure:
    """Draw what each design says on average, less luck, beside the true effect."""
    outcome = BY_NAME[sizing.study.plan.outcome]
    scale = 100 if outcome.unit == "share" else 1
    figure = new_figure(5.4, 0.42 * len(sizing.judged) + 1.2)
    axes = figure.subplots()
    effect = sizing.effect
    for edge in (effect.low, effect.high):
        if not math.isnan(edge):
            axes.axvline(scale * edge, color=GRID, linewidth=0.8)
    axes.axvline(scale * effect.mean, color=INK, linewidth=1.0)
    axes.axvline(0, color=QUIET, linewidth=0.8, linestyle=":")
    for row, each in enumerate(sizing.judged):
        mean = scale * (effect.mean + each.bias.mean)
        half = scale * each.bias.half_width
        colour = CYCLE[2] if each is sizing.chosen else CYCLE[5] if not each.design.by_chance else CYCLE[0]
        if not math.isnan(half):
            axes.plot([mean - half, mean + half], [row, row], color=colour, linewidth=3, solid_capstyle="butt")
        axes.plot(mean, row, "o", color=colour, markersize=5)
    axes.set_yticks(range(len(sizing.judged)), [each.design.title for each in sizing.judged])
    axes.set_ylim(len(sizing.judged) - 0.5, -0.5)
    axes.set_xlabel(f"{outcome.title}, {unit(outcome)}: the line is the whole roll-out", fontsize=8)
    axes.set_title("What each design would say on average", fontsize=9, loc="left", color=INK)
    quieten(axes, "x")
    return figure


def store_map(sizing: Sizing) -> Figure:
    """Draw the stores: treated, compared with, and the others."""
    study, layout = sizing.study, sizing.proposal
    network, stores = study.full.scenario.network, study.stores
    lat = np.array([place.lat for place in network.places] + [site.lat for site in network.sites])
    lon = np.array([place.lon for place in network.places] + [site.lon for site in network.sites])
    x, y = albers(lat, lon)
    people = np.array([place.population for place in network.places], dtype=float)
    figure = new_figure(4.8, 3.4)
    axes = figure.subplots()
    count = len(network.places)
    axes.scatter(x[:count], y[:count], s=16 * people / max(people.max(), 1), color=QUIET, alpha=0.3, linewidths=0)
    sites = count + np.array(stores.sites)
    treated = stores.treated_in(layout.ever)
    compared = ~treated & (layout.unit[stores.unit] >= 0) & stores.able
    for who, words, colour, size in (
        (~treated & ~compared, "takes no part", GRID, 6),
        (compared, "compared with", CYCLE[0], 8),
        (treated, "treated", CYCLE[5], 22),
    ):
        if who.any():
            axes.scatter(
                x[sites[who]], y[sites[who]], s=size, color=colour, edgecolors="white", linewidths=0.5,
                label=f"{words} ({int(who.sum())})",
            )  # fmt: skip
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.legend(loc="lower left", fontsize=8, frameon=False)
    axes.set_title(f"Stores of the pilot: {sizing.shown.design.title}", fontsize=9, loc="left", color=INK)
    return figure
