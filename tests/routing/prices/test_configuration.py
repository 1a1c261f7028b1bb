"""The configuration LP: hand-made cases, bounds, the pool, and its place among other programmes."""

from __future__ import annotations

import numpy as np
import pytest

from sim.routing.prices.columns import Columns
from sim.routing.prices.configuration import ConfigurationLP
from sim.study.published.exact import ExactSubsets
from sim.study.published.spec_a import Instance, Shape, generate


class TwoWays:
    """Order types that may take one unit of cell 0 for `cheap[t]`, or nothing for `dear[t]`."""

    def __init__(self, cheap: list[float], dear: list[float]) -> None:
        self._cheap, self._dear = np.array(cheap), np.array(dear)

    def cheapest(self, prices: np.ndarray) -> Columns:
        takes = self._cheap + prices[0] < self._dear
        types = np.arange(len(takes))
        return Columns(
            types,
            np.where(takes, self._cheap, self._dear),
            types[takes],
            np.zeros(takes.sum(), dtype=np.int64),
            np.ones(int(takes.sum())),
        )


@pytest.fixture(scope="module")
def instance() -> Instance:
    return generate(7, 0, Shape(periods=1000))


def test_a_unit_is_worth_what_the_last_order_served_without_it_would_pay_more() -> None:
    # saving 9, 5 and 2 an order, ten orders each, 15 units: the second kind is on the edge
    programme = ConfigurationLP(TwoWays([1, 1, 1], [10, 6, 3]), cells=1)
    found = programme.solve(np.array([10.0, 10, 10]), np.array([15.0]))
    assert found.prices == pytest.approx([5.0])
    assert found.value == pytest.approx(10 * 1 + 5 * 1 + 5 * 6 + 10 * 3)
    assert found.bound == pytest.approx(found.value)


def test_stock_for_everybody_has_no_price(instance: Instance) -> None:
    plenty = np.full(instance.stock.size, 1e6)
    found = ConfigurationLP(ExactSubsets(instance), instance.stock.size).solve(1000 * instance.rate, plenty)
    assert not found.prices.any()


def test_value_and_lagrangian_bound_meet_at_the_optimum(instance: Instance) -> None:
    stock = instance.stock.ravel().astype(float)
    found = ConfigurationLP(ExactSubsets(instance), stock.size).solve(1000 * instance.rate, stock)
    assert found.bound == pytest.approx(found.value, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_lagrangian_at_any_prices_bounds_the_value_from_below(instance: Instance, seed: int) -> None:
    stock = instance.stock.ravel().astype(float)
    programme = ConfigurationLP(ExactSubsets(instance), stock.size)
    weights = 1000 * instance.rate
    value = programme.solve(weights, stock).value
    anything = np.random.default_rng(seed).exponential(3, size=stock.size)
    assert programme.bound(anything, weights, stock) < value


def test_the_plan_serves_every_order_and_overdraws_no_stock(instance: Instance) -> None:
    stock = instance.stock.ravel().astype(float)
    programme = ConfigurationLP(ExactSubsets(instance), stock.size)
    found = programme.solve(1000 * instance.rate, stock)
    pool = programme.pool
    assert np.bincount(pool.of_type, weights=found.plan) == pytest.approx(1000 * instance.rate)
    taken = np.bincount(pool.cell, weights=pool.units * found.plan[pool.column], minlength=stock.size)
    assert (taken <= stock + 1e-6).all()


def test_a_kept_pool_gives_the_value_of_a_fresh_one_in_fewer_rounds(instance: Instance) -> None:
    stock = instance.stock.ravel().astype(float)
    kept, fresh = (ConfigurationLP(ExactSubsets(instance), stock.size) for _ in range(2))
    kept.solve(1000 * instance.rate, stock)
    less = np.floor(0.8 * stock)
    again, anew = (each.solve(850 * instance.rate, less) for each in (kept, fresh))
    assert again.value == pytest.approx(anew.value, rel=1e-6)
    assert again.rounds < anew.rounds


def test_configurations_bound_more_tightly_than_the_aggregated_programme(instance: Instance) -> None:
    stock = instance.stock.ravel().astype(float)
    weights = 1000 * instance.rate
    configurations = ConfigurationLP(ExactSubsets(instance), stock.size).solve(weights, stock).bound
    assert configurations > 1.005 * instance.aggregated.solve(weights, stock).value


@pytest.mark.parametrize("number", range(3))
def test_for_orders_of_at_most_two_items_both_programmes_have_one_value(number: int) -> None:
    instance = generate(7, number, Shape(most_items=2, periods=1000))
    stock = instance.stock.ravel().astype(float)
    weights = 1000 * instance.rate
    configurations = ConfigurationLP(ExactSubsets(instance), stock.size).solve(weights, stock).value
    assert configurations == pytest.approx(instance.aggregated.solve(weights, stock).value, rel=1e-6)
