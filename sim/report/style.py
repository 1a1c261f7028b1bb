"""One look for every figure: quiet axes, the same colour for the same thing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.files import atomic_path

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

INK, QUIET, GRID = "#222222", "#777777", "#dddddd"
# Okabe and Ito's palette: told apart by colour-blind readers and in print
CYCLE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C6D46", "#999999")
SHAPES = "osD^vPX*"
VERDICT_COLOURS = {
    "better": "#009E73", "worse": "#D55E00", "differs": "#0072B2", "equivalent": "#777777", "cannot tell": "#E6A700",
}  # fmt: skip
VERDICT_MARKS = {"better": "o", "worse": "X", "differs": "D", "equivalent": "s", "cannot tell": "o"}
"""Shapes, so that nothing is told by colour alone; what cannot be told is hollow."""
KIND_COLOURS = {"dc": "#0072B2", "third_party": "#CC79A7", "store": "#E69F00", "vendor": "#009E73"}
KIND_NAMES = {"dc": "DC", "third_party": "3PL", "store": "store", "vendor": "vendor"}
DOTS_PER_INCH = 160


class Picture(Figure):
    """A figure that shows itself in a notebook, whatever back end is set there."""

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=DOTS_PER_INCH / 1.6)
        return file.getvalue()


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that size, inches, that no global state knows of."""
    figure = Picture(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def quieten(axes: Axes, grid: str | None = None) -> None:
    """Take away what does not speak: box, ticks; leave a faint grid along one axis ("x" or "y")."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(GRID)
    axes.tick_params(length=0, colors=INK, labelsize=8)
    if grid is not None:
        axes.grid(axis="both" if grid == "both" else "x" if grid == "x" else "y", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)


def mark(k: int) -> str:
    """Return the shape of the k-th thing, so that it is not told by its colour alone, nor twice the same."""
    return SHAPES[(k + k // len(CYCLE)) % len(SHAPES)]


def save(figure: Figure, path: Path) -> None:
    """Write a figure to a file whose suffix says the format; whole or not at all."""
    with atomic_path(path) as temporary:
        figure.savefig(temporary, format=path.suffix.lstrip(".") or "png", dpi=DOTS_PER_INCH)
