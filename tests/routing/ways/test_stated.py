"""What an order says of who gives what holds under every strategy, or is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line
from sim.errors import NotOfferedError
from sim.routing.explain import explain
from sim.routing.offers.candidates import candidates
from tests.routing.supply import an_engine, dates, expect
from tests.routing.supply import order as supplied
from tests.routing.ways.shops import CORNER, DC, FAR, LAST, A, B, gives, order, shops, told

PLENTY = [[9] * 4, [9] * 4]
STRATEGIES = ("cheapest", "nearest", "fewest_parcels", "dc_first", "balanced", "ruled", "batch", "lp_rounding")
BATCH = {"choose": "batch", "window": "30 min"}
ROUNDING = {"choose": "lp_rounding", "horizon": "7 days", "resolve_every": "1 day", "memory": "7 days"}
BY_RULES = {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}]}
NAMED = {"batch": BATCH, "lp_rounding": ROUNDING, "ruled": BY_RULES}


def asked(strategy: str, stock: Any, **routing: Any) -> Any:
    """Return an engine that has heard of stock."""
    block = NAMED.get(strategy, {"choose": strategy})
    block = {**block, "day_value": "1 USD", "scarcity": 0.1} if strategy == "balanced" else block
    return told(stock, "it", strategies={"it": block}, **routing)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_pinned_product_comes_from_its_site(strategy: str) -> None:
    plan = asked(strategy, PLENTY).route(order((A, 2), (B, 1), pinned=((A, LAST), (B, LAST))), 0)
    assert gives(plan.parcels) == {LAST: {A: 2, B: 1}}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_the_pinned_site_lacks_nobody_else_gives(strategy: str) -> None:
    plan = asked(strategy, [[9, 9, 9, 1], [9] * 4]).route(order((A, 2), pinned=((A, LAST),)), 0)
    assert (gives(plan.parcels), plan.unfilled) == ({LAST: {A: 1}}, (Line(A, 1),))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_products_that_come_together_come_from_one_site(strategy: str) -> None:
    # round the corner stands A, farther on B; only the warehouse has both
    plan = asked(strategy, [[9, 9, 0, 0], [9, 0, 9, 0]]).route(order((A, 1), (B, 1), groups=((A, B),)), 0)
    assert gives(plan.parcels) == {DC: {A: 1, B: 1}}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_group_that_nobody_has_whole_is_left_open_and_the_rest_is_not(strategy: str) -> None:
    stock = [[0, 9, 0, 0], [0, 0, 9, 0], [0, 9, 0, 0]]
    plan = asked(strategy, stock, on=shops(products=3)).route(order((A, 1), (B, 1), (2, 1), groups=((A, B),)), 0)
    assert (gives(plan.parcels), plan.unfilled) == ({CORNER: {2: 1}}, (Line(A, 1), Line(B, 1)))


def test_what_is_pinned_gets_no_date_at_another_site() -> None:
    router = an_engine(sites=2)
    expect(router, (0, 0, 3.0, 10), sites=2)
    assert dates(router.route_now(supplied(1, 4), 60.0)) == [3.0]
    plan = router.route_now(supplied(2, 4, pinned=((0, 1),)), 60.0)
    assert (plan.backordered, dates(plan)) == ((Line(0, 4),), [])


@given(st.lists(st.integers(0, 2), min_size=8, max_size=8))
@settings(max_examples=25, deadline=None)
def test_the_cheapest_way_to_keep_a_group_together_is_found(units: list[int]) -> None:
    stock = [units[:4], units[4:]]
    engine, both = asked("cheapest", stock), order((A, 1), (B, 1))
    able = [site for site in range(4) if stock[A][site] and stock[B][site]]
    alone = {site: both._replace(pinned=((A, site), (B, site))) for site in able}
    prices = {site: engine.quote(only, 0).price_cents for site, only in alone.items()}
    plan = engine.route_now(both._replace(groups=((A, B),)), 0)
    assert [parcel.site for parcel in plan.parcels] == ([min(able, key=prices.__getitem__)] if able else [])


def test_a_kit_of_the_configuration_becomes_part_of_the_group_it_touches() -> None:
    stock = [[0, 1, 1, 0], [0, 1, 1, 0]]
    kits = {"kits": [{"A": 1, "B": 1}]}
    free = asked("nearest", stock, splits=kits).route(order((A, 2), (B, 2)), 0)
    grouped = asked("nearest", stock, splits=kits).route(order((A, 2), (B, 2), groups=((A,),)), 0)
    assert gives(free.parcels) == {CORNER: {A: 1, B: 1}, FAR: {A: 1, B: 1}}
    assert (grouped.parcels, grouped.unfilled) == ((), (Line(A, 2), Line(B, 2)))


@pytest.mark.parametrize("strategy", ["cheapest", "ruled"])
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"pinned": ((A, DC), (A, FAR))}, "to two sites"),
        ({"groups": ((A, B), (B,))}, "in two groups or kits"),
        ({"groups": ((A, B),), "kits": ((Line(A, 2),),)}, "in two groups or kits"),
        ({"pinned": ((A, DC),), "collect_at": CORNER}, "another site than it is collected at"),
    ],
)
def test_an_order_that_contradicts_itself_is_refused_by_name(strategy: str, more: dict[str, Any], says: str) -> None:
    with pytest.raises(NotOfferedError, match=says):
        asked(strategy, PLENTY, pickup={}).route(order((A, 2), (B, 1), **more), 0)


def test_what_is_pinned_to_the_counter_may_be_collected_there() -> None:
    plan = asked("cheapest", PLENTY, pickup={}).route(order((A, 1), pinned=((A, CORNER),), collect_at=CORNER), 0)
    assert gives(plan.parcels) == {CORNER: {A: 1}}


def test_a_candidate_sends_nothing_of_what_is_pinned_elsewhere() -> None:
    found = candidates(asked("cheapest", PLENTY), order((A, 1), (B, 1), pinned=((A, FAR),)), 0)
    assert {parcel.site: len(parcel.lines) for parcel in found} == {DC: 1, CORNER: 1, FAR: 2, LAST: 1}


def test_the_explanation_names_the_pin() -> None:
    found = explain(asked("cheapest", PLENTY), order((A, 1), pinned=((A, LAST),)), 0)
    reasons = {site["site"]: site["reason"] for site in found.as_json()["sites"]}
    assert sorted(reasons.values()) == ["pinned_elsewhere"] * 3 + ["serves_all"]
