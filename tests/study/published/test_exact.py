"""The fast twin's exact choice against trying every assignment."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from sim.study.published.exact import ExactSubsets
from sim.study.published.spec_a import Instance, Shape, generate


@pytest.fixture(scope="module")
def instance() -> Instance:
    return generate(3, 0, Shape(items=6, most_items=3, types_per_size=2, periods=100))


def cheapest_by_trying(instance: Instance, code: int, prices: np.ndarray) -> float:
    lines = range(instance.first_line[code], instance.first_line[code + 1])
    free = np.column_stack((prices, np.zeros(len(prices))))
    costs = []
    for nodes in product(range(instance.nodes), repeat=len(lines)):
        boxes = sum(instance.fixed[k] for k in set(nodes))
        units = sum(
            instance.line_unit[n, k] + free[instance.line_item[n], k] for n, k in zip(lines, nodes, strict=True)
        )
        costs.append(boxes + units)
    return min(costs)


@pytest.mark.parametrize("seed", range(3))
def test_the_choice_costs_as_little_as_the_best_of_all_assignments(instance: Instance, seed: int) -> None:
    luck = np.random.default_rng(seed)
    prices = luck.exponential(6, size=instance.stock.shape)
    prices[luck.random(prices.shape) < 0.3] = np.inf  # nothing left there
    found = ExactSubsets(instance).cheapest(prices.ravel()).priced(prices.ravel())
    expected = [cheapest_by_trying(instance, code, prices) for code in range(len(instance.rate))]
    assert found == pytest.approx(expected, abs=1e-9)


def test_a_column_costs_what_its_boxes_and_units_cost(instance: Instance) -> None:
    subsets = ExactSubsets(instance)
    everything_dropped = np.full(len(instance.line_code), instance.nodes - 1)
    cost = subsets.cost(everything_dropped)
    region = np.arange(len(cost)) % instance.regions
    assert cost == pytest.approx(instance.fixed[-1] + instance.size * instance.unit[region, -1])


def test_infinite_prices_leave_everything_to_the_drop_shipper(instance: Instance) -> None:
    columns = ExactSubsets(instance).cheapest(np.full(instance.stock.size, np.inf))
    assert len(columns.cell) == 0
