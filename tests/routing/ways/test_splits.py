"""Split control over every strategy: all at once or nothing, complete first, so many packages."""

from __future__ import annotations

import pytest

from sim.contract.messages import Line
from sim.errors import NotOfferedError
from sim.routing.waiting.backorders import BackorderPolicy
from tests.networks import network, product, site
from tests.routing.ways.shops import CORNER, DC, FAR, LAST, A, B, gives, heard, order, told

STRATEGIES = ("cheapest", "nearest", "fewest_parcels", "dc_first", "balanced", "ruled")
APART = [[1, 1, 0, 0], [1, 0, 1, 1]]  # all is at the warehouse; one thing at each shop
TWO = order((A, 1), (B, 1))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_ship_together_takes_the_one_site_that_has_all(strategy: str) -> None:
    assert gives(told(APART, strategy).route(TWO._replace(ship_together=True), 0).parcels) == {DC: {A: 1, B: 1}}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_ship_together_takes_nothing_if_no_site_has_all(strategy: str) -> None:
    plan = told([[0, 1, 0, 0], [0, 0, 1, 1]], strategy).route(TWO._replace(ship_together=True), 0)
    assert (plan.parcels, plan.unfilled, plan.reason) == ((), TWO.lines, "no_one_has_all")


def test_a_site_that_has_refused_is_not_the_one_that_has_all() -> None:
    plan = told(APART).route(TWO._replace(ship_together=True, refused_by=(DC,)), 0)
    assert plan.parcels == ()


def test_complete_first_sets_a_site_that_has_all_before_nearer_ones() -> None:
    assert set(gives(told(APART, "nearest").route(TWO, 0).parcels)) == {CORNER, FAR}
    assert set(gives(told(APART, "nearest", splits={"complete_first": True}).route(TWO, 0).parcels)) == {DC}


def test_complete_first_splits_if_no_site_has_all() -> None:
    stock = [[0, 1, 0, 0], [0, 0, 1, 1]]
    whole = told(stock, "nearest", splits={"complete_first": True}).route(TWO, 0)
    assert whole == told(stock, "nearest").route(TWO, 0)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("most", "units"), [(0, 0), (1, 2), (2, 3), (3, 3), (None, 3)])
def test_an_order_comes_in_no_more_packages_than_it_may(strategy: str, most: int | None, units: int) -> None:
    # two units at the corner, one at the next shop
    plan = told([[0, 2, 1, 0], [0] * 4], strategy).route(order((A, 3), max_packages=most), 0)
    assert sum(n for parcel in plan.parcels for _, n in parcel.lines) == units
    assert len(plan.parcels) <= (9 if most is None else most)
    assert sum(n for _, n in plan.unfilled) == 3 - units


def test_what_a_carrier_bills_as_two_packages_counts_as_two() -> None:
    heavy = network([site(10.0)], [product(30.0)])  # up to 100 lb a package: 45 kg
    asked = order((A, 2), max_packages=1)
    plan = told([[2]], on=heavy).route(asked, 0)
    assert (plan.parcels, plan.unfilled, plan.reason) == ((), (Line(A, 2),), "too_many_packages")
    assert told([[2]], on=heavy).route(asked._replace(max_packages=2), 0).unfilled == ()


def test_the_order_s_own_limit_goes_before_that_of_the_configuration() -> None:
    stock = [[0, 1, 0, 0], [0, 0, 1, 1]]
    assert len(told(stock, splits={"max_packages": 1}).route(TWO, 0).parcels) == 1
    assert len(told(stock, splits={"max_packages": 1}).route(TWO._replace(max_packages=2), 0).parcels) == 2


@pytest.mark.parametrize(("most", "late"), [(1, []), (2, [FAR]), (None, [FAR])])
def test_what_is_sent_later_counts_as_well(most: int | None, late: list[int]) -> None:
    router = told([[0, 1, 0, 0], [0] * 4], backorders=BackorderPolicy(120, 9999))
    assert len(router.route(order((A, 2), max_packages=most), 0).parcels) == 1
    heard(router, [[0, 0, 5, 0], [0] * 4], at=60.0)
    assert [parcel.site for decision in router.tick(120.0) for parcel in decision.plan.parcels] == late


def test_a_negative_limit_is_refused_by_name() -> None:
    with pytest.raises(NotOfferedError, match="max_packages -1 - expected 0 or more, or null"):
        told(APART).route(TWO._replace(max_packages=-1), 0)


def test_of_two_packages_the_cheapest_pair_is_taken_whatever_three_would_cost() -> None:
    stock = [[0, 1, 0, 1], [0, 1, 1, 0]]
    plan = told(stock, "cheapest").route(order((A, 2), (B, 1), max_packages=2), 0)
    assert gives(plan.parcels) == {CORNER: {A: 1, B: 1}, LAST: {A: 1}}
