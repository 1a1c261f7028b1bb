"""The least-cost choice against every other way to choose, and against trying everything."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.routing.rules.config import Rules
from sim.routing.rules.decide import decide
from sim.routing.rules.situation import Situation
from tests.routing.rules.situations import situation, situations

HEURISTICS = ("greedy", "one_site", "whole_lines", "fewest_sites")


def priced(asked_for: Situation) -> Situation:
    """Give every site a price: a label, and so much a unit."""
    sites = np.arange(len(asked_for.columns))

    def cost(basket: tuple[int, ...]) -> NDArray[np.float64]:
        return 100.0 + 37 * sites + sum(basket) * (20.0 - 3 * sites)

    return replace(asked_for, cost=cost)


def served(asked_for: Situation, allocate: str, most: int) -> tuple[int, float]:
    """Return the units a way to choose serves, and what that costs."""
    by = Rules.model_validate({"steps": [{"allocate": allocate, "max_sites": most}]})
    gives = decide(by, asked_for).gives
    assert asked_for.cost is not None
    prices = [float(asked_for.cost(tuple(basket))[site]) for site, basket in gives.items()]
    return sum(sum(basket) for basket in gives.values()), sum(prices)


@pytest.mark.parametrize("heuristic", HEURISTICS)
@given(asked_for=situations(most_sites=4, most_units=3).map(priced), most=st.integers(1, 3))
def test_the_optimiser_serves_as_much_at_no_more_cost(heuristic: str, asked_for: Situation, most: int) -> None:
    units, cost = served(asked_for, "least_cost", most)
    other_units, other_cost = served(asked_for, heuristic, most)
    assert units >= other_units
    assert units > other_units or cost <= other_cost + 1e-9


@given(situations(most_sites=4, most_units=3).map(priced), st.integers(1, 3))
def test_a_looser_limit_never_serves_less_or_costs_more(asked_for: Situation, most: int) -> None:
    units, cost = served(asked_for, "least_cost", most)
    more_units, other_cost = served(asked_for, "least_cost", most + 1)
    assert more_units >= units
    assert more_units > units or other_cost <= cost + 1e-9


@given(situations(most_sites=4, most_units=3).map(priced), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_change_the_cost(asked_for: Situation, random: object) -> None:
    lines = list(range(len(asked_for.wanted)))
    random.shuffle(lines)  # type: ignore[attr-defined]
    shuffled = replace(
        asked_for,
        wanted=tuple(asked_for.wanted[k] for k in lines),
        skus=tuple(asked_for.skus[k] for k in lines),
        available=[asked_for.available[k] for k in lines],
    )
    assert served(shuffled, "least_cost", 3) == pytest.approx(served(asked_for, "least_cost", 3))


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=2, max_size=2),
    st.lists(st.integers(1, 2), min_size=2, max_size=2),
)
def test_the_optimiser_finds_what_trying_everything_finds(stock: list[list[int]], wanted: list[int]) -> None:
    asked_for = priced(situation(stock, wanted))
    assert asked_for.cost is not None
    best = (0, 0.0)
    baskets = list(product(*(range(n + 1) for n in wanted)))
    for plan in product(baskets, repeat=3):
        fits = all(plan[site][k] <= stock[k][site] for site in range(3) for k in range(2))
        totals = [sum(basket[k] for basket in plan) for k in range(2)]
        if fits and all(total <= n for total, n in zip(totals, wanted, strict=True)):
            cost = sum(float(asked_for.cost(basket)[site]) for site, basket in enumerate(plan) if any(basket))
            best = min(best, (-sum(totals), cost))
    units, cost = served(asked_for, "least_cost", 3)
    assert (units, cost) == (-best[0], pytest.approx(best[1]))  # type: ignore[comparison-overlap]
