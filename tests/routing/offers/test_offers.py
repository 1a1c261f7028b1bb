from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line, Order
from sim.network.site import Handling
from sim.routing.offers.offers import Share, least_cost_offer, partitions
from tests.networks import network, site
from tests.routing.instances import OBJECTIVES, Instance, brute_force, instances, total, units

for_every_objective = pytest.mark.parametrize("name", OBJECTIVES)
any_objective = st.sampled_from(OBJECTIVES)
sometimes = settings(deadline=None, max_examples=80)


def offer_of(instance: Instance, name: str, max_parcels: int = 3) -> list[Share]:
    return least_cost_offer(instance.request(), instance.objective(name), max_parcels)


def outcome(instance: Instance, name: str, offer: list[Share]) -> tuple[int, float]:
    return units(offer), total(instance.request(), instance.objective(name), offer)


@pytest.mark.parametrize("max_parcels", [1, 2, 3])
@for_every_objective
@settings(deadline=None, max_examples=40)
@given(instance=instances())
def test_the_search_finds_what_trying_every_assignment_finds(name: str, max_parcels: int, instance: Instance) -> None:
    served, score = outcome(instance, name, offer_of(instance, name, max_parcels))
    most, least = brute_force(instance.request(), instance.objective(name), max_parcels)
    assert served == most
    assert score == pytest.approx(least, rel=1e-12, abs=1e-3)


@for_every_objective
@settings(deadline=None, max_examples=50)
@given(instance=instances())
def test_no_parcel_scores_below_the_floor_or_its_bound(name: str, instance: Instance) -> None:
    request, objective = instance.request(), instance.objective(name)
    for basket in product(*(range(q + 1) for q in request.wanted)):
        if any(basket):
            least = float(objective.scores(request, basket).min())
            assert objective.floor(request) <= least + 1e-6
            assert objective.bound(request, basket) <= least + 1e-6


@sometimes
@given(name=any_objective, instance=instances())
def test_a_site_gives_once_no_more_than_it_has_and_only_where_it_may(name: str, instance: Instance) -> None:
    request, offer = instance.request(), offer_of(instance, name)
    assert len({share.site for share in offer}) == len(offer) <= 3
    for line, quantity in enumerate(request.wanted):
        assert sum(share.basket[line] for share in offer) <= quantity
    for site_, basket in offer:
        assert all(units <= max(row[site_], 0) for units, row in zip(basket, request.rows, strict=True))
        assert any(basket)
        assert site_ not in instance.order.refused_by
        assert instance.network.zone[0, site_] > 0


@sometimes
@given(name=any_objective, instance=instances(), data=st.data())
def test_the_order_of_lines_makes_no_difference(name: str, instance: Instance, data: st.DataObject) -> None:
    lines = tuple(data.draw(st.permutations(instance.order.lines)))
    shuffled = replace(instance, order=instance.order._replace(lines=lines))
    assert outcome(shuffled, name, offer_of(shuffled, name)) == pytest.approx(
        outcome(instance, name, offer_of(instance, name)), rel=1e-12, abs=1e-3
    )


@sometimes
@given(name=any_objective, instance=instances())
def test_a_site_that_can_give_nothing_never_changes_the_plan(name: str, instance: Instance) -> None:
    empty_shelves = np.zeros((len(instance.available), 1), dtype=np.int32)
    more = replace(
        instance,
        network=replace(instance.network, sites=(*instance.network.sites, site(1.0))),
        available=np.hstack([instance.available, empty_shelves]),
    )
    assert offer_of(more, name) == offer_of(instance, name)


@sometimes
@given(name=any_objective, instance=instances(most_sites=5))
def test_without_a_site_that_was_not_used_the_plan_is_as_good(name: str, instance: Instance) -> None:
    offer = offer_of(instance, name)
    used = {share.site for share in offer} | set(instance.order.refused_by)
    kept = [j for j in range(len(instance.network.sites)) if j in used or j % 2 == 0]
    fewer = replace(
        instance,
        network=replace(instance.network, sites=tuple(instance.network.sites[j] for j in kept)),
        available=instance.available[:, kept],
        order=instance.order._replace(refused_by=tuple(kept.index(j) for j in instance.order.refused_by)),
    )
    expected = outcome(instance, name, offer)
    assert outcome(fewer, name, offer_of(fewer, name)) == pytest.approx(expected, rel=1e-12, abs=1e-3)


@sometimes
@given(name=any_objective, instance=instances())
def test_leave_for_more_parcels_serves_more_or_costs_no_more(name: str, instance: Instance) -> None:
    ranked = []
    for max_parcels in (1, 2, 3, 4):
        served, score = outcome(instance, name, offer_of(instance, name, max_parcels))
        ranked.append((-served, round(score, 2)))
    assert ranked == sorted(ranked, reverse=True)


@sometimes
@given(instance=instances())
def test_what_one_site_has_whole_is_one_parcel_when_parcels_come_first(instance: Instance) -> None:
    request = instance.request()
    holders = np.isfinite(request.feasible_scores(instance.objective("cheapest"), request.wanted))
    if holders.any():
        assert len(offer_of(instance, "fewest_parcels")) == 1


def set_partitions(items: list[int], most: int) -> set[tuple[tuple[int, ...], ...]]:
    """Put labelled units into 2 to `most` unlabelled baskets, the plain way: name a basket for each unit."""
    lines = max(items) + 1
    found = set()
    for names in product(range(most), repeat=len(items)):
        baskets = [[0] * lines for _ in range(most)]
        for item, basket in zip(items, names, strict=True):
            baskets[basket][item] += 1
        found.add(tuple(sorted((tuple(basket) for basket in baskets if any(basket)), reverse=True)))
    return {partition for partition in found if len(partition) > 1}


@pytest.mark.parametrize("most", [2, 3, 4])
@pytest.mark.parametrize("wanted", [(1,), (2,), (5,), (1, 1), (2, 1), (1, 1, 1), (3, 2), (2, 1, 2), (1, 1, 1, 1)])
def test_partitions_are_all_the_ways_to_fill_baskets_each_once(wanted: tuple[int, ...], most: int) -> None:
    items = [line for line, quantity in enumerate(wanted) for _ in range(quantity)]
    found = partitions(wanted, most)
    assert found is not None
    assert len(set(found)) == len(found)
    assert set(found) == set_partitions(items, most)


def test_fewer_baskets_come_first() -> None:
    found = partitions((1, 1, 1), 3)
    assert found is not None
    assert [len(partition) for partition in found] == [2, 2, 2, 3]


@pytest.mark.parametrize(("lines", "countable"), [(8, True), (9, True), (10, False)])
def test_beyond_some_thousand_partitions_they_are_not_counted(lines: int, countable: bool) -> None:
    # Stirling numbers: S(9,2) + S(9,3) = 255 + 3025, S(10,2) + S(10,3) = 511 + 9330
    assert (partitions((1,) * lines, 3) is not None) == countable


def test_two_parcels_are_taken_when_together_they_cost_less_than_one() -> None:
    # a lone holder of both asks 50 USD a parcel, two that hold one each ask 1 USD
    dear, cheap = Handling(0, 5000, 0, 0, 0, 0), Handling(0, 100, 0, 0, 0, 0)
    net = network([site(handling=dear), site(handling=cheap), site(handling=cheap)])
    instance = Instance(
        net, np.array([[1, 1, 0], [1, 0, 1]], dtype=np.int32), Order(1, 0.0, 0, (Line(0, 1), Line(1, 1))), 0.0
    )
    assert offer_of(instance, "cheapest") == [Share(1, (1, 0)), Share(2, (0, 1))]
    assert offer_of(instance, "cheapest", max_parcels=1) == [Share(0, (1, 1))]
