"""What the cases of other engines leave open: splits, scores, bands, soft filters, and why."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.network.geo import great_circle_km
from sim.routing.rules.config import Rules
from sim.routing.rules.decide import Answer, StepTrace, asked, decide
from sim.routing.rules.reasons import Reason
from sim.routing.rules.situation import Situation
from tests.routing.rules.situations import named, situation


def by(*steps: dict[str, Any], **more: Any) -> Rules:
    return Rules.model_validate({"steps": list(steps), **more})


def gives(asked_for: Situation, *steps: dict[str, Any]) -> dict[str, list[int]]:
    return named(asked_for, decide(by(*steps), asked_for).gives)


def ranked(asked_for: Situation, **step: Any) -> str:
    return "".join(asked_for.columns.ids[site] for site in asked(by(step).steps[0], asked_for))


def test_banded_distances_tie_so_that_the_next_rule_acts() -> None:
    shop = situation([[1, 9, 9]], [1], km=[10.0, 40.0, 60.0])
    more_stock = {"by": "inventory_balance"}
    assert ranked(shop, rank=[{"by": "distance"}, more_stock]) == "abc"
    assert ranked(shop, rank=[{"by": "distance", "band": "50 km"}, more_stock]) == "bac"


def test_all_sites_closer_than_a_radius_are_equally_near() -> None:
    shop = situation([[1, 9, 9]], [1], km=[10.0, 40.0, 60.0])
    assert ranked(shop, rank=[{"by": "distance", "tie_below": "70 km"}, {"by": "inventory_balance"}]) == "bca"


def test_a_site_at_the_customer_s_door_is_nearer_than_one_of_unknown_place() -> None:
    assert ranked(situation([[1] * 3], [1], km=[np.nan, 0.0, 3.0]), rank=[{"by": "distance"}]) == "bca"


def test_a_rule_can_be_turned_round_and_unknown_still_ranks_last() -> None:
    shop = situation([[1] * 3], [1], km=[5.0, np.nan, 9.0])
    assert ranked(shop, rank=[{"by": "distance", "descending": True}]) == "cab"


def test_weights_decide_between_rules_that_disagree() -> None:
    shop = situation([[2, 9]], [1], km=[0.0, 100.0])
    near, full = {"by": "distance"}, {"by": "inventory_balance"}
    assert ranked(shop, weigh=[{**near, "weight": 3}, {**full, "weight": 2}]) == "ab"
    assert ranked(shop, weigh=[{**near, "weight": 2}, {**full, "weight": 3}]) == "ba"


def test_a_stated_worst_makes_a_score_independent_of_who_else_is_there() -> None:
    near = {"by": "distance", "worst": "100 km", "weight": 1}
    full = {"by": "inventory_balance", "worst": 0, "weight": 1}
    two = situation([[4, 9]], [1], km=[0.0, 50.0])
    three = situation([[4, 9, 9]], [1], km=[0.0, 50.0, 5000.0])
    assert ranked(two, weigh=[near, full]) == ranked(three, weigh=[near, full])[:2]


def test_a_weighted_rule_may_exclude_whom_it_does_not_know() -> None:
    shop = situation([[1] * 3], [1], km=[5.0, np.nan, 9.0])
    assert ranked(shop, weigh=[{"by": "distance"}]) == "acb"
    assert ranked(shop, weigh=[{"by": "distance", "exclude_unknown": True}]) == "ac"


def test_the_same_rules_serve_in_turn_and_by_weight() -> None:
    shop = situation([[0, 9, 9]], [1], km=[1.0, 2.0, 3.0])
    rules = [{"by": "lines_covered"}, {"by": "distance"}]
    assert ranked(shop, rank=rules) == ranked(shop, weigh=[{**rules[0], "weight": 9}, rules[1]]) == "bca"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({}, {"a": [2, 0], "b": [1, 1], "c": [0, 1]}),
        ({"max_sites": 2}, {"a": [2, 0], "b": [1, 1]}),
        ({"max_sites_per_line": 1}, {"a": [2, 0], "b": [0, 1]}),
        ({"allocate": "one_site"}, {}),
        ({"allocate": "whole_lines"}, {"d": [3, 0]}),
        ({"allocate": "fewest_sites"}, {"b": [1, 1], "d": [2, 1]}),
        ({"allocate": "fewest_sites", "max_sites": 1}, {}),
        ({"shipment_threshold": "15 cents"}, {}),
        ({"shipment_threshold": "10 cents"}, {"a": [2, 0], "b": [1, 1], "c": [0, 1]}),
        ({"no_split_below": "51 cents"}, {"a": [2, 0]}),
        ({"no_split_below": "50 cents"}, {"a": [2, 0], "b": [1, 1], "c": [0, 1]}),
    ],
)
def test_each_split_rule_on_one_order(step: dict[str, Any], expected: dict[str, list[int]]) -> None:
    shop = situation([[2, 1, 0, 3], [0, 1, 1, 1]], [3, 2])
    assert gives(shop, step) == expected


def test_the_smallest_set_is_the_first_in_order_among_its_equals() -> None:
    shop = situation([[1, 0, 1, 0], [0, 1, 0, 1]], [1, 1])
    assert gives(shop, {"allocate": "fewest_sites"}) == {"a": [1, 0], "b": [0, 1]}


def test_a_step_that_is_not_allowed_leaves_the_order_to_the_next() -> None:
    shop = situation([[1, 1]], [2])
    assert gives(shop, {"shipment_threshold": "15 cents"}, {"allocate": "greedy"}) == {"a": [1], "b": [1]}


def test_soft_filters_are_given_up_in_their_stated_order() -> None:
    shop = situation([[1, 1, 1]], [1], km=[np.nan, 500.0, 50.0], attributes=[{}, {}, {"size": 1}])
    near = {"keep": "max_distance", "limit": "100 km"}
    small = {"keep": "attribute", "name": "size", "at_most": 0}
    assert gives(shop, {"filters": [{**near, "soft": 2}, {**small, "soft": 1}]}) == {"c": [1]}
    assert gives(shop, {"filters": [{**near, "soft": 1}, {**small, "soft": 2}]}) == {"a": [1]}


def traced(asked_for: Situation, *steps: dict[str, Any]) -> tuple[Answer, list[StepTrace]]:
    trace: list[StepTrace] = []
    return decide(by(*steps), asked_for, trace), trace


def test_the_trace_names_the_first_filter_that_kept_a_site_out() -> None:
    shop = situation([[1] * 4], [1], km=[5.0, 900.0, np.nan, 5.0], attributes=[{}, {}, {}, {"enabled": False}])
    _, (note,) = traced(shop, {"filters": [{"keep": "max_distance", "limit": "100 km"}]})
    assert note.kept_out == {1: Reason.TOO_FAR, 2: Reason.DISTANCE_UNKNOWN, 3: Reason.SWITCHED_OFF}
    assert note.order == [0]


def test_the_trace_tells_each_rule_s_keys_and_what_was_given_up() -> None:
    shop = situation([[1, 1]], [2], km=[5.0, 900.0])
    near = {"keep": "max_distance", "limit": "100 km", "soft": 1}
    _, notes = traced(shop, {"name": "near first", "filters": [near], "rank": [{"by": "distance"}]})
    assert [(note.step, note.relaxed, note.order) for note in notes] == [
        ("near first", 0, [0]),
        ("near first", 1, [0, 1]),
    ]
    assert notes[1].keys["distance"].tolist() == [5.0, 900.0]


def test_the_trace_says_why_what_was_found_is_not_allowed() -> None:
    answer, (note,) = traced(situation([[1, 1]], [2]), {"shipment_threshold": "15 cents"})
    assert note.failed is answer.reason is Reason.BELOW_SHIPMENT_THRESHOLD


def test_tracing_changes_nothing() -> None:
    shop = situation([[1, 1, 0], [0, 1, 2]], [2, 2])
    assert traced(shop, {})[0] == decide(by({}), shop)


def test_there_are_words_for_more_than_twenty_reasons() -> None:
    assert len(Reason) > 20


def test_two_sites_equally_far_on_either_side_of_the_antimeridian_tie() -> None:
    lon = np.array([179.0, -179.0])
    km = great_circle_km(np.zeros(1), np.array([180.0]), np.zeros(2), lon)[0].tolist()
    shop = situation([[1, 9]], [1], km=km)
    assert ranked(shop, rank=[{"by": "distance"}, {"by": "inventory_balance"}]) == "ba"


@pytest.mark.parametrize("groups", [(), ((1,),)])
def test_the_smallest_set_gives_everything_or_nothing_also_with_groups_and_limits_by_line(
    groups: tuple[tuple[int, ...], ...],
) -> None:
    shop = situation([[2, 1]], [1, 2], skus=[0, 0], groups=groups)
    step = {"allocate": "fewest_sites", "max_sites_per_line": 1}
    together = {"a": [0, 2], "b": [1, 0]} if groups else {"a": [1, 1], "b": [0, 1]}
    assert gives(shop, step) == together


def test_a_site_that_gave_to_a_line_in_an_earlier_step_does_not_keep_the_last_one_from_giving() -> None:
    first = {"filters": [{"keep": "attribute", "name": "kind", "one_of": ["dc"]}]}
    shop = situation([[1, 2]], [3], attributes=[{"kind": "dc"}, {"kind": "store"}])
    rest = {"filters": [{"keep": "attribute", "name": "kind", "one_of": ["store"]}]}
    for allocate in ("greedy", "fewest_sites"):
        assert gives(shop, first, {**rest, "allocate": allocate}) == {"a": [1], "b": [2]}


@pytest.mark.parametrize(
    ("allocate", "most", "expected"),
    [
        ("fewest_sites", 1, {"a": [2, 0]}),
        ("fewest_sites", 2, {"a": [2, 1], "b": [0, 1]}),
        ("least_cost", 1, {"a": [2, 1]}),
        ("least_cost", 2, {"a": [2, 1], "b": [0, 1]}),
    ],
)
def test_a_site_that_gives_already_is_not_counted_twice_and_none_is_added_beyond_the_limit(
    allocate: str, most: int, expected: dict[str, list[int]]
) -> None:
    price = 100.0 + np.arange(2)
    shop = situation([[2, 0], [1, 1]], [2, 2], km=[5.0, 50.0], cost=lambda basket: price + sum(basket))
    near = {"keep": "max_distance", "limit": "9 km"}
    steps = {"allocate": "whole_lines", "filters": [near]}, {"allocate": allocate, "max_sites": most}
    assert gives(shop, *steps) == expected


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (by({"max_sites": 1}), Reason.PART),
        (by({"allocate": "fewest_sites"}), Reason.SPLIT),
        (by({"filters": [{"keep": "stock_at_least", "units": 2}]}, {}), Reason.SPLIT),
        (by({"max_sites": 1}, when_incomplete="refuse"), Reason.INSUFFICIENT_STOCK),
        (by({"max_sites": 1}, when_incomplete="place_nothing"), Reason.INCOMPLETE),
        (by({"shipment_threshold": "15 cents"}), Reason.BELOW_SHIPMENT_THRESHOLD),
        (by({}, max_rejects=0), Reason.PERMANENT_EXCEPTION),
        (by({}, destination_required=True), Reason.DESTINATION_REQUIRED),
        (by({}, backorder=True), Reason.SPLIT),
    ],
)
def test_a_plan_says_how_it_ended(rules: Rules, reason: Reason) -> None:
    assert decide(rules, situation([[1, 1]], [2])).reason is reason


def test_a_plan_from_one_site_is_whole_also_when_part_of_it_is_still_to_come() -> None:
    shop = situation([[1, 1]], [2], backorderable=[np.array([True, False])])
    answer = decide(by({"max_sites": 1}, backorder=True), shop)
    assert (answer.reason, answer.gives, answer.later) == (Reason.WHOLE, {0: [1]}, {0: [1]})
