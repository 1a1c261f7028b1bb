"""The generator of the synthetic multi-item network keeps to the published rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.study.published.spec_a import BOX, EMPTY, Instance, Shape, generate


@pytest.fixture(scope="module")
def instance() -> Instance:
    return generate(1, 0)


def test_a_unit_from_indiana_to_new_york_costs_by_the_mile(instance: Instance) -> None:
    here, there, turn = math.radians(40.6943), math.radians(39.9797), math.radians(86.3833 - 73.9249)
    angle = math.acos(math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn))
    assert instance.unit[0, 1] == pytest.approx(0.423 + 0.000541 * 6378.137 * angle / 1.61, abs=1e-9)


def test_the_drop_shipper_costs_twice_the_farthest_centre(instance: Instance) -> None:
    assert instance.unit[:, -1] == pytest.approx(2 * instance.unit[:, :-1].max(axis=1))
    assert instance.fixed.tolist() == [BOX] * 5 + [2 * BOX]


def test_there_are_five_types_of_each_size_of_distinct_items(instance: Instance) -> None:
    assert [len(set(items)) for items in instance.contents] == [size for size in range(1, 6) for _ in range(5)]


def test_stock_is_the_nearest_demand_plus_half_a_standard_deviation(instance: Instance) -> None:
    item = instance.contents[0][0]
    demand = np.zeros(5)
    for code, rate in enumerate(instance.rate):
        if item in instance.contents[code // 10]:
            miles_order = np.where(instance.carrying[item], instance.unit[code % 10, :5], np.inf)
            demand[miles_order.argmin()] += rate
    assert (
        instance.stock[item].tolist()
        == np.rint(10_000 * demand + 0.5 * np.sqrt(10_000 * demand * (1 - demand))).tolist()
    )


def test_order_types_come_as_often_as_they_should(instance: Instance) -> None:
    orders = instance.sequence(1, 0, 0)
    seen = instance.counts(orders)
    expected = 10_000 * instance.rate
    assert (np.abs(seen - expected) < 5 * np.sqrt(expected) + 1).all()
    assert (orders == EMPTY).mean() == pytest.approx(1 - instance.rate.sum(), abs=0.02)


def test_luck_belongs_to_seed_instance_and_sequence() -> None:
    shape = Shape(periods=200)
    first, again, other = (generate(1, n, shape) for n in (4, 4, 5))
    assert first.contents == again.contents != other.contents
    assert (first.sequence(1, 4, 0) == again.sequence(1, 4, 0)).all()
    assert (first.sequence(1, 4, 0) != first.sequence(1, 4, 1)).any()
