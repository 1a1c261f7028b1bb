"""Two toys of stock that is never filled up, solved exactly, with the engine's own search as the myopic policy.

Known values: two sites and three regions, myopic 193.424155, optimal 186.382853, hindsight 184.920193; rationing of one
site's units to two classes, first come first served 125, optimal 167.981337, hindsight 169.432822, fluid 170.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from math import comb

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.routing.offers.offers import Request
from sim.routing.prices.aggregated import AggregatedLP
from sim.routing.prices.highs import Entries, solve
from sim.routing.strategies.least_score import LeastScore

PERIODS, STOCK, LOST = 30, (12, 10), 16.0
CHANCE = (0.35, 0.30, 0.20)  # of an order from each region in a period
COST = np.array([[5.0, 6.0], [6.0, 10.0], [9.0, 6.5]])
SERVED = 1e-6  # exactness asked of the six printed digits


class UnitCost:
    """Objective: the cost of serving a region from each site, stock priced at `prices`."""

    def __init__(self, prices: np.ndarray) -> None:
        self._prices = prices

    def scores(self, request: Request, basket: tuple[int, ...]) -> np.ndarray:
        return COST[request.place] + self._prices

    def floor(self, request: Request) -> float:
        return float(COST.min())

    def bound(self, request: Request, basket: tuple[int, ...]) -> float:
        return float(COST.min())


def cost_of_engine(prices: np.ndarray, may_refuse: bool) -> float:
    """Return the exact expected cost of the engine's search at fixed prices, by recursion over what is left."""
    strategy = LeastScore(UnitCost(prices), max_parcels=1)

    @cache
    def to_go(periods: int, left: tuple[int, int]) -> float:
        if periods == 0:
            return 0.0
        total = (1 - sum(CHANCE)) * to_go(periods - 1, left)
        for region, chance in enumerate(CHANCE):
            available = np.array([left], dtype=np.int32)
            shares = strategy.choose(Request(Order(0, 0.0, region, (Line(0, 1),)), available, 0.0))
            site = shares[0].site if shares else None
            if site is None or (may_refuse and COST[region, site] + prices[site] > LOST):
                total += chance * (LOST + to_go(periods - 1, left))
            else:
                rest = (left[0] - (site == 0), left[1] - (site == 1))
                total += chance * (COST[region, site] + to_go(periods - 1, rest))
        return total

    return to_go(PERIODS, STOCK)


def optimal_cost() -> float:
    @cache
    def to_go(periods: int, a: int, b: int) -> float:
        if periods == 0:
            return 0.0
        total = (1 - sum(CHANCE)) * to_go(periods - 1, a, b)
        for region, chance in enumerate(CHANCE):
            best = LOST + to_go(periods - 1, a, b)
            if a:
                best = min(best, COST[region, 0] + to_go(periods - 1, a - 1, b))
            if b:
                best = min(best, COST[region, 1] + to_go(periods - 1, a, b - 1))
            total += chance * best
        return total

    return to_go(PERIODS, *STOCK)


def hindsight_cost() -> float:
    """Return the mean cost of who knows all orders: every outcome's transport programme, solved as one."""
    outcomes = [(i, j, k) for i, j, k in product(range(PERIODS + 1), repeat=3) if i + j + k <= PERIODS]
    orders = np.array(outcomes)
    count, regions, ways = len(outcomes), 3, 3  # two sites, or lost
    cost = np.tile(np.column_stack((COST, np.full(regions, LOST))).ravel(), count)
    x = np.arange(count * regions * ways)
    at_site = x % ways < len(STOCK)
    served = Entries(x // ways, x, np.ones(len(x)))
    cell = (x // (regions * ways) * len(STOCK) + x % ways)[at_site]
    taken = Entries(cell, x[at_site], np.ones(len(cell)))
    solved = solve(
        cost, served, orders.ravel().astype(float), taken, np.tile(STOCK, count).astype(float), presolve=True
    )
    paid = (cost * solved.x).reshape(count, -1).sum(axis=1)
    none = 1 - sum(CHANCE)
    chance = [
        multinomial(outcome) * np.prod(np.power(CHANCE, outcome)) * none ** (PERIODS - sum(outcome))
        for outcome in outcomes
    ]
    return float(np.dot(chance, paid))


def multinomial(outcome: tuple[int, ...]) -> int:
    ways, left = 1, PERIODS
    for count in outcome:
        ways *= comb(left, count)
        left -= count
    return ways


def fluid_prices() -> np.ndarray:
    """Return the stock prices of the expected orders; a third site stands for losing the order."""
    costs = np.column_stack((COST, np.full(3, LOST)))
    programme = AggregatedLP(np.arange(3), np.zeros((3, 3)), costs, np.array([[0, 1, -1]] * 3))
    return programme.solve(PERIODS * np.array(CHANCE), np.array(STOCK, dtype=float)).prices


def test_the_engine_without_prices_is_the_myopic_policy() -> None:
    assert cost_of_engine(np.zeros(2), may_refuse=False) == pytest.approx(193.424155, abs=SERVED)


def test_the_best_online_policy_and_hindsight_cost_what_is_known() -> None:
    assert optimal_cost() == pytest.approx(186.382853, abs=SERVED)
    assert hindsight_cost() == pytest.approx(184.920193, abs=SERVED)


def test_the_engine_at_fluid_prices_captures_part_of_what_the_best_policy_can() -> None:
    myopic, optimal, hindsight = 193.424155, 186.382853, 184.920193
    priced = cost_of_engine(fluid_prices(), may_refuse=True)
    assert optimal < priced < myopic
    assert (myopic - optimal) / (myopic - hindsight) == pytest.approx(0.828002, abs=SERVED)


UNITS, SHOPPERS, RICH, POOR = 20, 50, (0.3, 10.0), (0.5, 4.0)  # chance in a period and what a unit brings


def binomial(n: int, p: float) -> np.ndarray:
    return np.array([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


def test_first_come_first_served_sells_out_at_the_mean_price() -> None:
    both = RICH[0] + POOR[0]
    mean = (RICH[0] * RICH[1] + POOR[0] * POOR[1]) / both
    sold = np.minimum(np.arange(SHOPPERS + 1), UNITS) @ binomial(SHOPPERS, both)
    assert mean * sold == pytest.approx(125, abs=1e-3)


def test_rationing_by_the_value_of_a_unit_later_brings_the_optimum() -> None:
    worth = np.zeros(UNITS + 1)  # of units left, with no shopper to come
    for _ in range(SHOPPERS):
        later = np.concatenate(([0.0], np.diff(worth)))  # the bid price of a unit
        gains = [chance * np.maximum(brings - later, 0) for chance, brings in (RICH, POOR)]
        worth = worth + np.where(np.arange(UNITS + 1) > 0, sum(gains), 0)
    assert worth[UNITS] == pytest.approx(167.981337, abs=SERVED)


def test_hindsight_of_rationing() -> None:
    # the rich first, the poor with what is left; how many come is trinomial
    everybody = np.minimum(np.arange(SHOPPERS + 1), UNITS) @ binomial(SHOPPERS, RICH[0] + POOR[0])
    rich = np.minimum(np.arange(SHOPPERS + 1), UNITS) @ binomial(SHOPPERS, RICH[0])
    assert (RICH[1] - POOR[1]) * rich + POOR[1] * everybody == pytest.approx(169.432822, abs=SERVED)


def test_fluid_value_and_price_of_rationing_come_from_the_linear_programme() -> None:
    lost = np.array([[0.0, RICH[1]], [0.0, POOR[1]]])  # serving costs nothing, refusing what the unit would bring
    programme = AggregatedLP(np.arange(2), np.zeros((2, 2)), lost, np.array([[0, -1]] * 2))
    orders = SHOPPERS * np.array([RICH[0], POOR[0]])
    found = programme.solve(orders, np.array([float(UNITS)]))
    assert orders @ lost[:, 1] - found.value == pytest.approx(170)
    assert found.prices == pytest.approx([POOR[1]])
