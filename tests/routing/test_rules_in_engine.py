"""Rules on the engine's own belief, counters, prices and promises."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order, Plan
from sim.contract.news import Refusal
from sim.errors import NotOfferedError, RoutingError
from sim.network.network import Network
from tests.routing.ruled import (
    BOSTON,
    DC_EAST,
    DC_WEST,
    NEAREST,
    OAKLAND,
    TO_BOSTON,
    TO_SAN_FRANCISCO,
    A,
    B,
    C,
    build,
    heard,
    network,
    order,
    ruled,
    sites,
    with_attributes,
)  # fmt: skip

HOUR, DAY = 60.0, 1440.0


def limited(counts: str, limit: float | str, per: str = "day", **more: Any) -> dict[str, Any]:
    return {**NEAREST, "filters": [{"keep": "capacity", "counts": counts, "limit": limit, "per": per, **more}]}


def test_the_nearest_site_serves() -> None:
    assert sites(ruled(), order((A, 1))) == [BOSTON]


def test_a_site_without_coordinates_is_asked_after_all_others() -> None:
    nowhere = replace(network().sites[BOSTON], lat=np.nan, lon=np.nan)
    lost = replace(network(), sites=tuple(nowhere if k == BOSTON else s for k, s in enumerate(network().sites)))
    assert sites(ruled(on=lost), order((A, 20))) == [DC_EAST, DC_WEST, OAKLAND, BOSTON]
    line_by_line = heard(build({"choose": "nearest"}, lost), 5, lost)
    assert sites(line_by_line, order((A, 20))) == [DC_EAST, DC_WEST, OAKLAND, BOSTON]


def to_nowhere() -> Network:
    nowhere = replace(network().places[TO_BOSTON], lat=np.nan)
    return replace(network(), places=tuple(nowhere if k == TO_BOSTON else p for k, p in enumerate(network().places)))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"when_incomplete": "place_nothing"},
        {"backorder": True, "routing": {"backorders": {"retry_every": "2 h", "give_up_after": "2 days"}}},
    ],
    ids=["", "nothing", "later"],
)
def test_an_order_that_does_not_say_where_it_goes_is_refused_if_rules_want_it_to(more: dict[str, Any]) -> None:
    wants = ruled(NEAREST, on=to_nowhere(), destination_required=True, **more)
    plan, known = wants.quote(order((A, 1)), 0.0), wants.quote(order((A, 1), place=TO_SAN_FRANCISCO), 0.0)
    assert (plan.unfilled, known.unfilled) == ((Line(A, 1),), ())
    answer = wants.route(order((A, 1)), 0.0)
    assert isinstance(answer, Plan)
    assert (answer.reason, answer.parcels, answer.backordered) == ("destination_required", (), ())
    assert sites(ruled(on=to_nowhere()), order((A, 1))) != []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (order((A, 1), place=-1), "place -1 - expected one of 0 to 2"),
        (order((A, 1), place=3), "place 3 - expected one of 0 to 2"),
        (order((A, 1), (-1, 1)), "1 units of product -1 - expected at least 1, of one of 0 to 3"),
        (order((4, 1)), "1 units of product 4"),
        (order((A, 0), (B, 1)), "0 units of product 0"),
        (order((A, -2)), "-2 units of product 0"),
        (order(), "no lines"),
    ],
)
def test_an_order_for_what_there_is_not_is_refused_by_name(asked: Order, said: str) -> None:
    with pytest.raises(NotOfferedError, match=said):
        ruled().route(asked, 0.0)


@pytest.mark.parametrize(
    ("step", "alike"),
    [
        (limited("orders", 3), 3),
        (limited("lines", 3), 3),
        (limited("units", 4), 2),  # orders of two units
        (limited("minutes", 20, minutes_per_line=10), 2),
        (limited("orders", 0), 0),
    ],
)
def test_a_limit_of_n_takes_exactly_n(step: dict[str, Any], alike: int) -> None:
    engine = ruled(step, stock=[0, 0, 50, 0])
    served = [sites(engine, order((A, 2), id=k)) for k in range(5)]
    assert served == [[BOSTON]] * alike + [[]] * (5 - alike)


@pytest.mark.parametrize(("per", "length"), [("day", DAY), ("hour", HOUR)])
def test_a_limit_starts_anew_with_the_next_hour_or_day(per: str, length: float) -> None:
    engine = ruled(limited("orders", 1, per), stock=[0, 0, 50, 0])
    minutes = [1.0, length - 1, length, length + 1]
    assert [sites(engine, order((A, 1), id=k), now) for k, now in enumerate(minutes)] == [[BOSTON], [], [BOSTON], []]


def test_a_limit_can_be_each_site_s_own_and_no_limit_is_unlimited() -> None:
    there = with_attributes({}, {}, {"daily_order_limit": 1})
    engine = ruled(limited("orders", "daily_order_limit"), on=there, stock=50)
    assert [sites(engine, order((A, 1), id=k)) for k in range(4)] == [[BOSTON], [DC_EAST], [DC_EAST], [DC_EAST]]


def test_near_its_limit_a_site_loses_to_one_with_room() -> None:
    there = with_attributes({"limit": 10}, {}, {"limit": 2})
    room = {"by": "capacity_left", "capacity": {"keep": "capacity", "counts": "orders", "limit": "limit"}, "band": 0.25}
    engine = ruled({"rank": [room, {"by": "distance"}]}, on=there, stock=[50, 0, 50, 0])
    assert [sites(engine, order((A, 1), id=k))[0] for k in range(3)] == [BOSTON, DC_EAST, DC_EAST]


def test_round_robin_asks_whoever_waited_longest() -> None:
    engine = ruled({"rank": [{"by": "round_robin"}]}, stock=50)
    served = [sites(engine, order((A, 1), id=k), now=float(k))[0] for k in range(6)]
    assert served == [DC_EAST, DC_WEST, BOSTON, OAKLAND, DC_EAST, DC_WEST]


@pytest.mark.parametrize(("days", "asked_again"), [(1.9, False), (2.0, True), (3.0, True)])
def test_a_refuser_is_not_asked_again_before_the_period_is_over(days: float, asked_again: bool) -> None:
    engine = ruled({**NEAREST, "filters": [{"keep": "not_refused_within", "period": "2 days"}]}, stock=50)
    engine.observe(Refusal(0.0, 1, BOSTON, A, 1))
    heard(engine, 50, network(), at=1.0)
    again = order((A, 1), refused_by=(BOSTON,))
    assert (sites(engine, again, now=days * DAY) == [BOSTON]) is asked_again


def test_another_order_s_refusal_is_no_reason() -> None:
    engine = ruled({**NEAREST, "filters": [{"keep": "not_refused_within", "period": "2 days"}]}, stock=50)
    engine.observe(Refusal(0.0, 1, BOSTON, B, 1))
    assert sites(engine, order((A, 1), id=2)) == [BOSTON]


def test_without_such_a_rule_a_refuser_is_never_asked_again() -> None:
    assert sites(ruled(stock=50), order((A, 1), refused_by=(BOSTON,)), now=30 * DAY) == [DC_EAST]


def test_an_order_refused_too_often_is_given_to_people_and_not_tried_again() -> None:
    kept = {"backorders": {"retry_every": "2 h", "give_up_after": "2 days"}}
    engine = ruled(stock=50, max_rejects=2, routing=kept)
    plan = engine.route(order((A, 1), refused_by=(BOSTON, DC_EAST)), 1.0)
    assert (plan.reason, plan.parcels, plan.unfilled) == ("permanent_exception", (), (Line(A, 1),))
    assert engine.next_wake() is None


def test_refusals_are_counted_whether_or_not_the_order_tells_of_them() -> None:
    engine = ruled({"filters": [{"keep": "not_refused_within", "period": "1 day"}]}, stock=50, max_rejects=2)
    for at, site in ((1.0, BOSTON), (2.0, DC_EAST)):
        assert engine.route(order((A, 1)), at).parcels
        engine.observe(Refusal(at, order((A, 1)).id, site, A, 1))
    assert engine.route(order((A, 1)), 3.0).reason == "permanent_exception"


def test_what_is_left_goes_to_the_queue_by_name() -> None:
    plan = ruled(stock=[0, 0, 2, 0], queue="unfillable").route(order((A, 3)), 1.0)
    assert (plan.unfilled, plan.queue, plan.reason) == ((Line(A, 1),), "unfillable", "part")


def test_a_refused_order_reserves_nothing_and_names_what_is_short() -> None:
    stock = np.array([[5] * 4, [1, 0, 0, 0], [5] * 4, [0] * 4])
    engine = ruled(stock=stock, when_incomplete="refuse")
    plan = engine.route(order((A, 1), (B, 2), (C, 1)), 1.0)
    assert (plan.reason, plan.short, len(plan.unfilled)) == ("insufficient_stock", (B,), 3)
    assert engine.available().tolist() == [20, 1, 20, 0]


def test_a_backorder_waits_for_a_site_s_later_supply_and_is_served_when_it_comes() -> None:
    there = with_attributes({"backorderable": True})
    kept = {"backorders": {"retry_every": "2 h", "give_up_after": "2 days"}}
    engine = ruled(on=there, stock=[0, 0, 2, 0], backorder=True, routing=kept)
    plan = engine.route(order((A, 3)), 1.0)
    assert (plan.backordered, plan.backordered_at, plan.unfilled) == ((Line(A, 1),), (DC_EAST,), ())
    heard(engine, [4, 0, 0, 0], there, at=100.0)
    (decision,) = engine.tick(120.0)
    assert [(p.site, p.lines) for p in decision.plan.parcels] == [(DC_EAST, (Line(A, 1),))]


def test_a_site_that_gives_part_now_promises_the_rest_from_its_own_later_supply() -> None:
    there = with_attributes({}, {}, {"backorderable": True})
    kept = {"backorders": {"retry_every": "2 h", "give_up_after": "2 days"}}
    plan = ruled(on=there, stock=[0, 0, 2, 0], backorder=True, routing=kept).route(order((A, 3)), 1.0)
    assert [(p.site, p.lines) for p in plan.parcels] == [(BOSTON, (Line(A, 2),))]
    assert (plan.backordered, plan.backordered_at, plan.reason) == ((Line(A, 1),), (BOSTON,), "whole")


def test_a_backorder_whose_supply_never_comes_is_given_up() -> None:
    there = with_attributes({"backorderable": True})
    kept = {"backorders": {"retry_every": "2 h", "give_up_after": "3 h"}}
    engine = ruled(on=there, stock=0, backorder=True, routing=kept)
    engine.route(order((A, 1)), 1.0)
    assert engine.tick(120.0) == []
    (decision,) = engine.tick(240.0)
    assert (decision.plan.unfilled, decision.plan.backordered) == ((Line(A, 1),), ())


def test_a_pinned_product_comes_from_its_site_alone() -> None:
    plan = ruled().route(order((A, 7), (B, 1), pinned=((A, OAKLAND),)), 1.0)
    assert {p.site: p.lines for p in plan.parcels} == {OAKLAND: (Line(A, 5),), BOSTON: (Line(B, 1),)}
    assert plan.unfilled == (Line(A, 2),)


def test_a_group_comes_from_one_site_although_nearer_ones_have_parts_of_it() -> None:
    stock = np.array([[5, 5, 5, 5], [5, 5, 0, 5], [5, 5, 5, 5], [0] * 4])
    plan = ruled(stock=stock).route(order((A, 1), (B, 1), (C, 1), groups=((A, B),)), 1.0)
    assert {p.site: p.lines for p in plan.parcels} == {DC_EAST: (Line(A, 1), Line(B, 1)), BOSTON: (Line(C, 1),)}


def test_a_kit_in_the_configuration_is_a_group_of_every_order() -> None:
    stock = np.array([[5, 5, 5, 5], [5, 5, 0, 5], [5, 5, 5, 5], [0] * 4])
    plan = ruled(stock=stock, together=[["A", "B"]]).route(order((A, 1), (B, 1), (C, 1)), 1.0)
    assert {p.site: p.lines for p in plan.parcels} == {DC_EAST: (Line(A, 1), Line(B, 1)), BOSTON: (Line(C, 1),)}


def test_a_kit_of_unknown_products_is_refused_by_name() -> None:
    with pytest.raises(RoutingError, match="together: 'AA' - expected one of A, B, C, D"):
        ruled(together=[["AA", "B"]])


def test_a_category_or_a_ranked_site_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(RoutingError, match=r"unsplit_categories: 'audo' - expected one of .*did you mean audio"):
        ruled(unsplit_categories=["audo"])
    with pytest.raises(RoutingError, match=r"steps\[0\]: given ranks: 'bostn' - expected one of"):
        ruled({"rank": [{"by": "given", "ranks": {"bostn": 1}}]})


def test_a_line_of_a_category_that_is_not_split_comes_from_one_site_and_others_may_split() -> None:
    plan = ruled(stock=[4, 0, 1, 0], unsplit_categories=["audio"]).route(order((A, 2), (B, 2)), 1.0)
    assert {p.site: p.lines for p in plan.parcels} == {
        BOSTON: (Line(A, 1),), DC_EAST: (Line(A, 1), Line(B, 2)),
    }  # fmt: skip


def test_the_preferred_site_comes_first_if_the_order_has_one() -> None:
    engine = ruled({"rank": [{"by": "preferred_location"}, {"by": "distance"}]})
    assert sites(engine, order((A, 1), preferred=OAKLAND)) == [OAKLAND]
    assert sites(engine, order((A, 1))) == [BOSTON]


def test_a_soft_filter_is_given_up_only_for_what_is_left() -> None:
    near = {**NEAREST, "filters": [{"keep": "max_distance", "limit": "20 km", "soft": 1}]}
    plan = ruled(near).route(order((A, 7)), 1.0)
    assert {p.site: p.lines for p in plan.parcels} == {BOSTON: (Line(A, 5),), DC_EAST: (Line(A, 2),)}


def test_filters_ask_for_attributes_channels_and_combinations() -> None:
    there = with_attributes(
        {"channels": "web", "groups": "east|outlets"}, {"channels": "web|app", "groups": "outlets"},
        {"size": 1, "groups": "outlets_closed"}, {"size": 3},
    )  # fmt: skip
    big = {"keep": "attribute", "name": "size", "at_least": 2}
    west = {"keep": "attribute", "name": "state", "one_of": ["CA", "NV"]}

    def who(*filters: dict[str, Any]) -> set[int]:
        return set(sites(ruled({"filters": list(filters)}, on=there, stock=1), order((A, 4), channel="app")))

    assert who({"keep": "channel"}) == {DC_WEST, BOSTON, OAKLAND}
    assert who(big) == {OAKLAND}
    assert who(west) == {DC_WEST, OAKLAND}
    assert who({"keep": "attribute", "name": "groups", "lists": "outlets"}) == {DC_EAST, DC_WEST}
    assert who({"keep": "none_of", "of": [{"keep": "attribute", "name": "groups", "lists": "east"}]}) == {
        DC_WEST, BOSTON, OAKLAND,
    }  # fmt: skip
    assert who({"keep": "none_of", "of": [west]}) == {DC_EAST, BOSTON}
    assert who({"keep": "any_of", "of": [big, {"keep": "attribute", "name": "kind", "one_of": ["dc"]}]}) == {
        DC_EAST, DC_WEST, OAKLAND,
    }  # fmt: skip
    assert who({"keep": "attribute", "name": "state", "same_as_destination": True}) == {BOSTON}


def test_a_promise_can_be_a_condition() -> None:
    in_two_days = {"filters": [{"keep": "promised_within", "days": 2}]}
    assert set(sites(ruled(in_two_days), order((A, 20), place=TO_SAN_FRANCISCO))) == {DC_WEST, OAKLAND}


def test_the_least_cost_by_rules_is_that_of_the_cheapest_strategy() -> None:
    luck = np.random.default_rng(3)
    by_rules = build({"choose": "rules", "steps": [{"allocate": "least_cost", "max_sites": 3}]}, network())
    cheapest = build({"choose": "cheapest"}, network())
    for k in range(60):
        stock = luck.integers(0, 3, size=(4, 4))
        wanted = order(*[(int(sku), int(luck.integers(1, 3))) for sku in luck.permutation(4)[:2]], id=k, place=k % 3)
        plans = [
            heard(engine, stock, network(), at=float(k)).route(wanted, float(k)) for engine in (by_rules, cheapest)
        ]
        costs = [sum(sum(parcel.cents) for parcel in plan.parcels) for plan in plans]
        assert costs[0] == pytest.approx(costs[1])
        assert plans[0].unfilled == plans[1].unfilled
        for engine, plan in zip((by_rules, cheapest), plans, strict=True):
            for parcel in plan.parcels:
                for sku, quantity in parcel.lines:
                    engine.observe(Refusal(float(k), k, parcel.site, sku, quantity))


@pytest.mark.parametrize("choose", ["nearest", "cheapest", "fewest_parcels", "dc_first"])
def test_two_lines_of_one_product_never_get_the_same_unit_twice(choose: str) -> None:
    engine = heard(build({"choose": choose}, network()), [0, 0, 3, 0], network())
    plan = engine.route(order((A, 2), (A, 2), place=TO_BOSTON), 1.0)
    assert sum(line.quantity for parcel in plan.parcels for line in parcel.lines) == 3
    assert plan.unfilled == (Line(A, 1),)
