from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.network.site import Handling, SiteKind
from sim.routing.offers import offers
from sim.routing.offers.large_orders import neighbours
from sim.routing.offers.offers import Share, least_cost_offer, partitions
from tests.networks import network, product, service, site
from tests.routing.instances import OBJECTIVES, Instance, total, units

HANDLING = Handling(40, 10, 60, 70, 0, 0)
# as published tables are: a first step that is dear, and each further one much less so
RATES = np.array([[700, 760, 900], [900, 1000, 1250], [1300, 1500, 2000], [2500, 3100, 4200]])


def random_instance(seed: int, lines: int, sites: int = 12, density: float = 0.45) -> Instance:
    """Return an order of many lines in a network where each site holds some of them."""
    draw = np.random.default_rng(seed)
    kinds = [SiteKind.DC, SiteKind.THIRD_PARTY, *[SiteKind.STORE] * (sites - 2)]
    places = [site(float(draw.integers(5, 900)), kind, handling=HANDLING) for kind in kinds]
    goods = [product(float(weight)) for weight in draw.choice([0.2, 1.0, 4.0], lines)]
    net = network(places, goods, [service(RATES.tolist())], days=(-1, 10))
    available = ((draw.random((lines, sites)) < density) * draw.integers(1, 4, (lines, sites))).astype(np.int32)
    wanted = tuple(Line(sku, int(draw.choice([1, 1, 2]))) for sku in range(lines))
    return Instance(net, available, Order(1, 0.0, 0, wanted, refused_by=(3,)), 600.0)


@pytest.fixture
def most_partitions(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Let a test say how many partitions are searched through."""
    partitions.cache_clear()
    yield monkeypatch
    partitions.cache_clear()


def solve(instance: Instance, name: str, most: int, patch: pytest.MonkeyPatch) -> tuple[int, float]:
    patch.setattr(offers, "MOST_PARTITIONS", most)
    partitions.cache_clear()
    offer = least_cost_offer(instance.request(), instance.objective(name), 3)
    return units(offer), total(instance.request(), instance.objective(name), offer)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_step_by_step_comes_within_two_per_cent_of_the_exact_search(
    name: str, most_partitions: pytest.MonkeyPatch
) -> None:
    exact_sum = near_sum = 0.0
    for seed in range(30):
        instance = random_instance(seed, lines=4 + seed % 3)
        exact_units, exact = solve(instance, name, 100_000, most_partitions)
        near_units, near = solve(instance, name, 0, most_partitions)
        assert near_units <= exact_units
        if near_units == exact_units:
            assert near >= exact - 1e-3
            exact_sum, near_sum = exact_sum + exact, near_sum + near
    assert near_sum <= 1.02 * exact_sum


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("lines", [12, 30])
def test_a_large_order_gets_no_more_than_there_is_from_a_few_sites_that_may(name: str, lines: int) -> None:
    for seed in range(5):
        instance = random_instance(seed, lines)
        request = instance.request()
        offer = least_cost_offer(request, instance.objective(name), 3)
        assert 1 <= len({share.site for share in offer}) == len(offer) <= 3
        assert 3 not in {share.site for share in offer}
        given = np.zeros_like(instance.available)
        for share in offer:
            given[:, share.site] += share.basket
        assert (given <= instance.available).all()
        assert (given.sum(axis=1) <= request.wanted).all()


def test_a_large_order_that_one_site_has_whole_goes_whole() -> None:
    instance = random_instance(1, lines=12)
    instance.available[:, 7] = 5
    offer = least_cost_offer(instance.request(), instance.objective("cheapest"), 3)
    assert offer == [Share(7, instance.request().wanted)]


def test_a_large_order_is_split_over_warehouses_rather_than_sent_whole_from_a_store() -> None:
    instance = random_instance(1, lines=12)
    instance.available[:] = 0
    instance.available[:, 7] = 5
    instance.available[:6, 0] = instance.available[6:, 1] = 5
    offer = least_cost_offer(instance.request(), instance.objective("dc_first"), 3)
    assert sorted(share.site for share in offer) == [0, 1]


def test_a_large_order_that_no_three_sites_can_serve_gets_as_much_as_three_can_give() -> None:
    instance = random_instance(1, lines=12)
    instance.available[:] = np.eye(12, dtype=np.int32)  # each site holds a line of its own
    offer = least_cost_offer(instance.request(), instance.objective("cheapest"), 3)
    assert units(offer) == 3


def test_a_large_order_that_nobody_has_gets_nothing() -> None:
    instance = random_instance(1, lines=12)
    instance.available[:] = 0
    assert least_cost_offer(instance.request(), instance.objective("cheapest"), 3) == []


def test_the_steps_are_to_merge_two_baskets_or_to_move_a_line_or_one_unit_of_it() -> None:
    found = {tuple(sorted(partition)) for partition in neighbours(((2, 0), (0, 1)), 3)}
    assert found == {
        ((2, 1),),  # merged
        ((0, 1), (1, 0), (1, 0)),  # one unit to a basket of its own
        ((1, 0), (1, 1)),  # one unit to the other basket
    }


@pytest.mark.parametrize("most", [2, 3, 4])
def test_a_step_keeps_every_unit_and_the_limit_of_baskets(most: int) -> None:
    for partition in partitions((2, 1, 3), most) or ():
        for near in neighbours(partition, most):
            assert tuple(map(sum, zip(*near, strict=True))) == (2, 1, 3)
            assert len(near) <= most
            assert all(map(any, near))
