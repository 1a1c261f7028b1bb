"""How a difference settles, and where a series does: what is drawn, read off the figure itself."""

from __future__ import annotations

import numpy as np
import pytest

from sim.report.comparison.convergence import convergence
from sim.report.welch import welch_figure
from sim.study.statistics.warm_up import mser, welch
from tests.report.comparison.test_cautions import comparison


def test_the_last_point_is_the_difference_of_all_replications_and_the_first_that_of_two() -> None:
    found = comparison(a=[1.0, 2, 3, 4], b=[3.0, 5, 4, 6], c=[0.0, 0, 0, 0])
    panels = convergence(found, "cost_per_order").axes
    assert [axes.get_title(loc="left") for axes in panels] == ["b", "c"]
    counts, means = (np.asarray(values) for values in panels[0].lines[0].get_data())
    assert counts.tolist() == [2, 3, 4]
    assert means.tolist() == [2.5, 2.0, found.difference("b", "cost_per_order").interval.mean]


def test_a_series_is_cut_where_its_moving_average_settles() -> None:
    series = np.concatenate([np.linspace(0, 50, 60), np.full(340, 50.0)])[np.newaxis].repeat(2, axis=0)
    (axes,) = welch_figure(series, 6, per_day=24, chosen_days=7, what="orders").axes
    mean, moving, cut, used = axes.lines
    assert np.asarray(mean.get_ydata()).tolist() == series[0].tolist()
    assert np.asarray(moving.get_ydata()).tolist() == pytest.approx(welch(series, 6).tolist())
    assert np.asarray(cut.get_xdata())[0] == mser(welch(series, 6)).cut / 24
    assert np.asarray(used.get_xdata())[0] == 7


def test_a_series_that_never_settles_has_no_cut_and_says_so() -> None:
    (axes,) = welch_figure(np.arange(400.0)[np.newaxis], 6, per_day=24, what="orders").axes
    assert len(axes.lines) == 2
    assert axes.get_title(loc="left") == "orders: no steady state found"
