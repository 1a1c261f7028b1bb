"""Figures and map: what is drawn, read off the figure itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.report.comparison import figures
from sim.report.network_map import albers, network_figure
from sim.report.style import save
from sim.study.compare import Comparison, compare
from tests.tiny import tiny


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare(tiny(tmp_path_factory.mktemp("tiny")), replications=2, days=1, workers=1)


def test_bars_add_up_to_the_cost_per_order(comparison: Comparison) -> None:
    (axes,) = figures.cost_by_part(comparison).axes
    for row, arm in enumerate(comparison.arms):
        bars = [bar for bar in axes.patches if round(bar.get_y() + bar.get_height() / 2) == row]
        total = sum(bar.get_width() for bar in bars)
        assert total == pytest.approx(comparison.kpi(arm, "cost_per_order").mean)


def test_the_forest_plot_has_a_row_per_option_and_a_panel_per_kpi(comparison: Comparison) -> None:
    panels = figures.differences(comparison).axes
    assert len(panels) == len(figures.FOREST)
    assert [label.get_text() for label in panels[0].get_yticklabels()] == list(comparison.arms[1:])


def test_a_figure_is_written_whole_or_not_at_all(comparison: Comparison, tmp_path: Path) -> None:
    save(figures.cost_against_time(comparison), tmp_path / "a.png")
    with pytest.raises(ValueError, match="Format 'nonsense' is not supported"):
        save(figures.cost_against_time(comparison), tmp_path / "b.nonsense")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_the_projection_keeps_areas() -> None:
    """A one-degree cell's area in the plane is in proportion to its area on the sphere, at any latitude."""
    corners = np.array([25.0, 49.0]), np.array([-124.0, -67.0])

    def area(lat: float) -> float:
        lats = np.concatenate((np.array([lat, lat, lat + 0.01, lat + 0.01]), corners[0]))
        lons = np.concatenate((np.array([-90.0, -89.99, -89.99, -90.0]), corners[1]))
        x, y = (values[:4] for values in albers(lats, lons))
        return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)

    on_sphere = np.cos(np.radians(30.005)) / np.cos(np.radians(45.005))
    assert area(30) / area(45) == pytest.approx(on_sphere, rel=1e-5)


def test_the_map_names_the_warehouses(tmp_path: Path) -> None:
    (axes,) = network_figure(tiny(tmp_path).network).axes
    assert {text.get_text() for text in axes.texts} == {"Allentown", "Reno"}
