"""Kits: a site gives whole kits only, and the search over splits stays exact."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line
from sim.contract.news import Refusal
from sim.errors import NotOfferedError
from sim.routing.engine import Engine
from sim.routing.offers.offers import Request
from sim.routing.waiting.backorders import BackorderPolicy
from tests.networks import network, site
from tests.networks import product as goods
from tests.routing.ways.shops import CORNER, DC, FAR, A, B, gives, heard, order, told

KIT = (Line(A, 2), Line(B, 1))
STRATEGIES = ("cheapest", "nearest", "fewest_parcels", "dc_first", "balanced", "ruled")


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_site_gives_whole_kits_only(strategy: str) -> None:
    # the corner shop has A for two kits and B for one, the other shop the rest, with one A too many
    plan = told([[0, 4, 3, 0], [0, 1, 1, 0]], strategy).route(order((A, 4), (B, 2), kits=(KIT,)), 0)
    assert gives(plan.parcels) == {CORNER: {A: 2, B: 1}, FAR: {A: 2, B: 1}}


def test_without_the_kit_the_units_are_spread_as_they_lie() -> None:
    plan = told([[0, 4, 3, 0], [0, 1, 1, 0]], "nearest").route(order((A, 4), (B, 2)), 0)
    assert gives(plan.parcels) == {CORNER: {A: 4, B: 1}, FAR: {B: 1}}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_makes_no_whole_kit_is_left_open(strategy: str) -> None:
    plan = told([[0, 3, 1, 0], [0, 0, 1, 0]], strategy).route(order((A, 2), (B, 1), kits=(KIT,)), 0)
    assert plan.parcels == ()
    assert plan.unfilled == (Line(A, 2), Line(B, 1))


def test_other_lines_of_the_order_are_free() -> None:
    there = network([site(10.0), site(20.0)], [goods()] * 3)
    stock = [[2, 0], [1, 0], [0, 3]]
    plan = told(stock, on=there).route(order((A, 2), (2, 3), (B, 1), kits=(KIT,)), 0)
    assert gives(plan.parcels) == {0: {A: 2, B: 1}, 1: {2: 3}}


@pytest.mark.parametrize(
    ("lines", "kits", "told_so"),
    [
        (
            ((A, 3), (B, 1)),
            (KIT,),
            r"kits\[0\]: 3, 1 units - expected a whole multiple of 2, 1",
        ),
        (((A, 2),), (KIT,), r"kits\[0\]: 2, 0 units - expected a whole multiple of 2, 1"),
        (((A, 2), (B, 1)), (KIT, (Line(A, 1),)), "a product stands in two kits"),
    ],
)
def test_what_is_no_whole_number_of_kits_is_refused(
    lines: tuple[tuple[int, int], ...], kits: tuple[tuple[Line, ...], ...], told_so: str
) -> None:
    with pytest.raises(NotOfferedError, match=told_so):
        told([[9, 9, 9, 9], [9, 9, 9, 9]]).route(order(*lines, kits=kits), 0)


def test_what_a_refusal_sends_back_of_a_kit_is_sent_loose() -> None:
    router = told([[5, 2, 0, 0], [5, 1, 0, 0]], "nearest")
    asked = order((A, 2), (B, 1), kits=(KIT,))
    assert list(gives(router.route(asked, 0).parcels)) == [CORNER]
    router.observe(Refusal(1.0, 1, CORNER, A, 1))
    rest = router.route(asked._replace(lines=(Line(A, 1),), refused_by=(CORNER,)), 1.0)
    assert gives(rest.parcels) == {DC: {A: 1}}


def test_what_is_kept_of_a_broken_kit_is_tried_again_loose() -> None:
    router = told([[0, 2, 0, 0], [5, 1, 0, 0]], "nearest", backorders=BackorderPolicy(120, 9999))
    asked = order((A, 2), (B, 1), kits=(KIT,))
    router.route(asked, 0)
    router.observe(Refusal(1.0, 1, CORNER, A, 1))
    assert router.route(asked._replace(lines=(Line(A, 1),), refused_by=(CORNER,)), 1.0).backordered == (Line(A, 1),)
    heard(router, [[1, 0, 0, 0], [5, 0, 0, 0]], at=60.0)
    (decision,) = router.tick(120.0)
    assert gives(decision.plan.parcels) == {DC: {A: 1}}


@settings(max_examples=60)
@given(
    stock=st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=2),
    kits=st.integers(1, 3),
    km=st.lists(st.sampled_from([5.0, 60.0, 200.0, 450.0, 900.0]), min_size=3, max_size=3),
)
def test_the_search_over_kits_is_as_good_as_trying_every_way(
    stock: list[list[int]], kits: int, km: list[float]
) -> None:
    there = network([site(far + j, id=str(j)) for j, far in enumerate(km)], [goods(3.0), goods(9.0)])
    router = told(stock, on=there)
    plan = router.route(order((A, 2 * kits), (B, kits), kits=(KIT,)), 0)
    have = [min(a // 2, b) for a, b in zip(*stock, strict=True)]
    served = min(kits, sum(have))
    assert sum(n for parcel in plan.parcels for _, n in parcel.lines) == 3 * served
    assert all(dict(parcel.lines)[A] == 2 * dict(parcel.lines)[B] for parcel in plan.parcels)
    best = min(
        sum(_price(router, j, n) for j, n in enumerate(shares) if n)
        for shares in product(*(range(h + 1) for h in have))
        if sum(shares) == served
    )
    assert sum(sum(parcel.cents) for parcel in plan.parcels) == pytest.approx(best)


def _price(router: Engine, site_: int, kits: int) -> float:
    parts = router.parts()
    request = Request(order((A, 2 * kits), (B, kits)), parts.belief.available, 0.0)
    return float(parts.costs.by_site(request, (2 * kits, kits))[site_])


@pytest.mark.parametrize(("more", "served"), [(-1.0, False), (1.0, True)])
def test_a_kit_is_left_open_if_that_costs_less_than_sending_it(more: float, served: bool) -> None:
    asked, stock = order((A, 2), (B, 1), kits=(KIT,)), [[2, 0, 0, 0], [1, 0, 0, 0]]
    cents = told(stock).quote(asked, 0).price_cents + more
    priced = {"choose": "cheapest", "objective": {"cancelled": {"per_unit": f"{cents / 3} cents"}}}
    assert bool(told(stock, "it", strategies={"it": priced}).route_now(asked, 0).parcels) is served
