"""Published rounding rules give each line its node with the programme's own probability."""

from __future__ import annotations

import numpy as np
import pytest

from sim.study.published.outcome import lines_of
from sim.study.published.rounding import admitted, correlated, dilated, force_open, independent
from sim.study.published.spec_a import Shape, generate

DRAWS = 20_000
SHARES = np.array([[0.5, 0.3, 0.2, 0.0], [0.1, 0.6, 0.0, 0.3], [0.25, 0.25, 0.25, 0.25]])
UNBIASED = {"independent": independent, "correlated": correlated, "force_open": force_open}


@pytest.mark.parametrize("rule", UNBIASED.values(), ids=UNBIASED)
def test_a_line_goes_to_a_node_as_often_as_its_share_says(rule) -> None:  # type: ignore[no-untyped-def]
    nodes = rule(SHARES, DRAWS, np.random.default_rng(1))
    seen = np.array([np.bincount(nodes[:, line], minlength=4) for line in range(3)]) / DRAWS
    assert seen == pytest.approx(SHARES, abs=4.5 * np.sqrt(0.25 / DRAWS))


@pytest.mark.parametrize("rule", [correlated, dilated, force_open])
def test_lines_of_equal_shares_travel_together(rule) -> None:  # type: ignore[no-untyped-def]
    alike = np.tile([0.4, 0.6], (3, 1))
    nodes = rule(alike, 500, np.random.default_rng(2))
    together = (nodes == nodes[:, :1]).all(axis=1).mean()
    # forcing a node open takes the lines' own coins, so now and then one stays behind
    assert together == 1.0 if rule is not force_open else together > 0.5


def test_a_line_served_by_one_node_alone_is_forced_there() -> None:
    nodes = force_open(np.array([[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]]), 300, np.random.default_rng(3))
    assert (nodes[:, 0] == 1).all()


def test_lines_after_the_last_unit_go_to_the_drop_shipper() -> None:
    instance = generate(2, 0, Shape(items=4, most_items=1, types_per_size=1, periods=50, carried=1.0))
    item = instance.contents[0][0]
    instance.stock[item, 2] = 3
    lines = lines_of(instance, np.array([0, -1, 0, 0, 0, 0]))
    assert admitted(instance, lines, np.full(5, 2)).tolist() == [2, 2, 2, 5, 5]
