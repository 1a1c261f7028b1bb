"""The exact search under every penalty and credit at once, against trying everything."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.contract.messages import Line, Order
from sim.routing.cost import ParcelCosts
from sim.routing.objective.priced import OpenPrice
from sim.routing.offers.filters import of_kind
from sim.routing.offers.left_open import offer_or_open
from sim.routing.offers.offers import Basket, Request, Share, least_cost_offer
from sim.routing.promise import Promises
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.dc_first import DcFirst
from sim.routing.strategies.fewest_parcels import FewestParcels
from sim.routing.strategies.nearest import Nearest
from tests.networks import network, site
from tests.routing.instances import Instance, brute_force, total, units
from tests.routing.objective.everything import EVERYTHING, every_offer, known_instances, priced, whole_total

# one penalty alone, so that a bound that is wrong is not made good by another that is slack
ALONE = [{name: block} for name, block in EVERYTHING.items()]


@pytest.mark.parametrize("max_parcels", [1, 2, 3])
@settings(max_examples=40)
@given(instance=known_instances())
def test_with_everything_on_the_search_finds_what_trying_everything_finds(max_parcels: int, instance: Instance) -> None:
    request, objective = instance.request(), priced(instance.network)
    offer = least_cost_offer(request, objective, max_parcels)
    most, least = brute_force(request, objective, max_parcels)
    assert units(offer) == most
    assert total(request, objective, offer) == pytest.approx(least, rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("block", ALONE, ids=EVERYTHING)
@settings(max_examples=12)
@given(instance=known_instances())
def test_so_it_does_with_each_alone(block: dict[str, Any], instance: Instance) -> None:
    request, objective = instance.request(), priced(instance.network, block)
    offer = least_cost_offer(request, objective, 3)
    most, least = brute_force(request, objective, 3)
    assert units(offer) == most
    assert total(request, objective, offer) == pytest.approx(least, rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("block", ALONE, ids=EVERYTHING)
@settings(max_examples=10)
@given(instance=known_instances())
def test_no_parcel_is_below_the_floor_or_its_bound(block: dict[str, Any], instance: Instance) -> None:
    request, objective = instance.request(), priced(instance.network, block)
    for basket in product(*(range(q + 1) for q in request.wanted)):
        if any(basket):
            least = float(objective.scores(request, basket).min())
            assert objective.floor(request) <= least + 1e-6
            assert objective.bound(request, basket) <= least + 1e-6


open_prices = st.builds(
    lambda per_order, per_unit: OpenPrice(per_order, tuple(per_unit), 100.0),
    st.sampled_from([0.0, 300.0, 3000.0]),
    st.lists(st.sampled_from([0.0, 200.0, 900.0, 20000.0]), min_size=3, max_size=3),
)


@settings(max_examples=80)
@given(instance=known_instances(), open_price=open_prices, max_parcels=st.integers(1, 3))
def test_what_to_leave_open_is_found_as_trying_everything_finds_it(
    instance: Instance, open_price: OpenPrice, max_parcels: int
) -> None:
    request, objective = instance.request(), priced(instance.network)
    offer = offer_or_open(request, objective, max_parcels, open_price)
    least = min(whole_total(request, objective, other, open_price) for other in every_offer(request, max_parcels))
    assert whole_total(request, objective, offer, open_price) == pytest.approx(least, rel=1e-12, abs=1e-6)


@settings(max_examples=60)
@given(instance=known_instances(), open_price=open_prices)
def test_no_other_strategy_does_better_by_the_same_objective(instance: Instance, open_price: OpenPrice) -> None:
    request, objective, net = instance.request(), priced(instance.network), instance.network
    found = whole_total(request, objective, offer_or_open(request, objective, 3, open_price), open_price)
    everybody = of_kind(net, None)
    costs = ParcelCosts(net, everybody)
    balanced = Balanced(costs, net, Promises(net), 99.0, 0.1)
    others = [Cheapest(costs), FewestParcels(costs), DcFirst(costs, net), balanced]
    offers = [least_cost_offer(request, other, 3) for other in others]
    offers.append(Nearest(net, everybody).choose(request))
    for offer in offers:
        if len(offer) <= 3:
            assert found <= whole_total(request, objective, offer, open_price) + 1e-6


class Stated:
    """Scores by site and units, the same for every product."""

    def __init__(self, scores: list[list[float]]) -> None:
        self._scores = np.array(scores, dtype=np.float64)

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        scores: NDArray[np.float64] = self._scores[:, [k for k, units in enumerate(basket) if units]].sum(axis=1)
        return scores

    def floor(self, request: Request) -> float:
        return -1000.0

    def bound(self, request: Request, basket: Basket) -> float:
        return -1000.0


def asked(lines: int, stock: list[list[int]]) -> Request:
    return Request(Order(1, 0.0, 0, tuple(Line(sku, 1) for sku in range(lines))), np.array(stock, dtype=np.int32), 0.0)


def test_a_parcel_dearer_than_the_best_offer_is_not_given_up_while_another_may_bring_a_credit() -> None:
    # site 0 has both for 900 - 100; alone its first is dearer than that, but site 1 pays 500 to be rid of the second
    objective = Stated([[900, -100], [9999, -500]])
    offer = least_cost_offer(asked(2, [[1, 0], [1, 1]]), objective, 2)
    assert offer == [Share(0, (1, 0)), Share(1, (0, 1))]


def test_one_parcel_with_a_credit_is_not_taken_for_best_while_three_may_bring_more() -> None:
    objective = Stated([[-700.0] * 3, [-800.0, 0, 0], [0, -800.0, 0], [0, 0, -800.0]])
    found = least_cost_offer(asked(3, [[1] * 4] * 3), objective, 3)
    assert sorted(found) == [Share(1, (1, 0, 0)), Share(2, (0, 1, 0)), Share(3, (0, 0, 1))]


def test_an_order_too_large_to_try_every_split_gives_up_the_parcel_that_is_not_worth_it() -> None:
    # 12 products at a near site for 5 USD a parcel, 2 at a far one for 7 USD
    net = network([site(10.0), site(900.0)], products=14)
    request = asked(14, [[9, 0]] * 12 + [[0, 9]] * 2)
    objective = Cheapest(ParcelCosts(net, of_kind(net, None)))
    prices = (OpenPrice(0.0, (300.0,) * 14), OpenPrice(0.0, (400.0,) * 14))
    assert [units(offer_or_open(request, objective, 3, price)) for price in prices] == [12, 14]
