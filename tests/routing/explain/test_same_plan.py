"""An explanation explains the very plan that is made, and making one changes nothing."""

from __future__ import annotations

from copy import deepcopy

import pytest

from sim.contract.messages import Order
from sim.contract.news import Refusal
from sim.routing.explain import explain, routed
from tests.routing.explain.worlds import NOW, PRICED, STRATEGIES, order, world


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_plan_explained_is_the_plan_made(strategy: str) -> None:
    for seed in range(40):
        engine = world(seed, strategy).engine()
        for k in range(10):
            asked = order(1000 * seed + k)
            told = explain(engine, asked, NOW + k, level="reasons").plan
            assert told == engine.route(asked, NOW + k)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_routing_with_an_explanation_makes_the_plans_of_routing_without(strategy: str) -> None:
    for seed in range(20):
        plain, told = world(seed, strategy).engine(), world(seed, strategy).engine()
        for k in range(10):
            asked = order(1000 * seed + k)
            plan, explanation = routed(told, asked, NOW + k)
            assert plan == explanation.plan == plain.route(asked, NOW + k)
        assert (plain.available() == told.available()).all()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_asking_what_would_have_changed_it_leaves_the_next_plans_as_they_were(strategy: str) -> None:
    for seed in range(2):
        asked_often, never_asked = world(seed, strategy).engine(), world(seed, strategy).engine()
        for k in range(5):
            asked = order(1000 * seed + k)
            explain(asked_often, asked, NOW + k)
            assert asked_often.route(asked, NOW + k) == never_asked.route(asked, NOW + k)


@pytest.mark.parametrize("strategy", PRICED)
def test_the_plan_explained_is_the_plan_made_while_prices_are_renewed(strategy: str) -> None:
    for seed in range(6):
        engine = world(seed, strategy).engine()
        for k in range(12):
            now, asked = NOW + k, order(1000 * seed + k)
            wake = engine.next_wake()
            if wake is not None and wake <= now:
                engine.tick(now)
            told = explain(engine, asked, now, level="full" if k == 11 else "reasons").plan
            assert told == engine.route(asked, now)


def test_routing_with_an_explanation_is_remembered_by_those_who_learn_from_orders() -> None:
    plain, told = world(4, "bid_price").engine(), world(4, "bid_price").engine()
    for k in range(12):
        now, asked = NOW + k, order(k)
        for engine in (plain, told):
            wake = engine.next_wake()
            if wake is not None and wake <= now:
                engine.tick(now)
        assert routed(told, asked, now)[0] == plain.route(asked, now)


def test_lines_of_one_product_are_told_together() -> None:
    engine = world(3, "cheapest").engine()
    asked = Order(1, NOW, 0, (*order(3).lines, *order(3).lines))
    assert explain(engine, asked, NOW).plan == engine.route(asked, NOW)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_told_does_not_depend_on_what_was_heard_since(strategy: str) -> None:
    here = world(5, strategy)
    engine = here.engine()
    explanation = explain(engine, order(5), NOW)
    before = deepcopy(explain(engine, order(5), NOW).as_json())
    for k in range(20):
        plan = engine.route(order(100 + k), NOW + 200 * k)
        for parcel in plan.parcels[:1]:
            engine.observe(Refusal(NOW + 200 * k, 100 + k, parcel.site, *parcel.lines[0]))
    assert explanation.as_json() == before


def test_equal_beliefs_have_equal_hashes_and_one_unit_more_another() -> None:
    here = world(7, "cheapest")
    asked = order(7)
    more = tuple(tuple(units + (k == 0) for k, units in enumerate(row)) for row in here.stock)
    hashes = [
        explain(each.engine(), asked, NOW, "reasons").snapshot
        for each in (here, here, type(here)(**{**vars(here), "stock": more}))
    ]
    assert hashes[0] == hashes[1] != hashes[2]
