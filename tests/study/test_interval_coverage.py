"""The 95 % intervals cover the truth in about 95 of 100 experiments, where the truth is known.

Twenty replications: with ten the interval of a pooled p95 covers in about 93 of 100, as any interval that rests on few
runs and on the jackknife of a quantile.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.study.statistics.estimate import Interval, difference, pooled_quantile, ratio_of_sums

if TYPE_CHECKING:
    from collections.abc import Callable

REPLICATIONS = 20
Z_P95 = 1.6448536  # of the standard normal law
WITHIN, BETWEEN = 0.5, 0.1  # spread of log delivery time within a replication, and of the replications' levels

Draw = np.random.Generator


def covers(experiment: Callable[[Draw], Interval], truth: float, trials: int) -> bool:
    """Return whether the share of intervals with the truth in them is 95 %, but for three standard errors."""
    draw = np.random.default_rng(1)
    inside = 0
    for _ in range(trials):
        interval = experiment(draw)
        inside += interval.low <= truth <= interval.high
    return abs(inside / trials - 0.95) < 3 * math.sqrt(0.95 * 0.05 / trials)


def test_the_interval_of_a_cost_per_order_covers_the_truth() -> None:
    # busy periods are dear: cost and orders both follow a level, so that the mean of ratios would be another quantity
    cv = 0.1

    def experiment(draw: Draw) -> Interval:
        level = draw.gamma(cv**-2, cv**2, REPLICATIONS)
        orders = draw.poisson(300 * level).astype(float)
        cost = orders * (5 + 2 * level) + draw.normal(0, 3, REPLICATIONS) * np.sqrt(orders)
        return ratio_of_sums(cost, orders).interval()

    assert covers(experiment, 5 + 2 * (1 + cv**2), 2000)  # E[orders * (5 + 2 level)] / E[orders]


def delivery_hours(draw: Draw, level: np.ndarray, orders: int) -> list[np.ndarray]:
    """Return the hours of each replication; its orders share a level, so they are not independent."""
    return list(np.exp(level + draw.normal(0, WITHIN, (REPLICATIONS, orders))))


def test_the_interval_of_the_pooled_p95_covers_the_truth() -> None:
    def experiment(draw: Draw) -> Interval:
        level = draw.normal(0, BETWEEN, (REPLICATIONS, 1))
        return pooled_quantile(delivery_hours(draw, level, 1000), 0.95).interval()

    assert covers(experiment, math.exp(Z_P95 * math.hypot(WITHIN, BETWEEN)), 600)


def test_the_interval_of_a_paired_difference_of_p95_covers_the_truth() -> None:
    def experiment(draw: Draw) -> Interval:
        level = draw.normal(0, BETWEEN, (REPLICATIONS, 1))
        fast, slow = delivery_hours(draw, level, 500), delivery_hours(draw, level + math.log(1.1), 500)
        return difference(pooled_quantile(slow, 0.95), pooled_quantile(fast, 0.95)).interval()

    assert covers(experiment, 0.1 * math.exp(Z_P95 * math.hypot(WITHIN, BETWEEN)), 600)
