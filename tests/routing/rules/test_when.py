"""Steps that are for some orders only, and filters that take several conditions together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from sim.routing.explain import explain
from sim.routing.rules.config import Rules
from sim.routing.rules.decide import decide
from sim.routing.rules.lint import lint
from sim.routing.rules.situation import Situation
from tests.routing.ruled import DC_EAST, A, order, ruled, sites
from tests.routing.rules.situations import named, situation

NEAREST = {"by": "distance"}


def shop(**more: Any) -> Situation:
    """Return an order of two lines worth 0.20 USD: near has one, far has both."""
    return replace(situation([[1, 1], [0, 1]], [1, 1], km=[1.0, 90.0]), **more)


def given(when: dict[str, Any], asked: Situation) -> dict[str, list[int]]:
    """Return what is given if orders that meet a condition come from one site, and others from the nearest."""
    rules = Rules.model_validate(
        {"steps": [{"when": when, "allocate": "one_site", "rank": [NEAREST]}, {"rank": [NEAREST]}]}
    )
    return named(asked, decide(rules, asked).gives)


WHOLE, SPREAD = {"b": [1, 1]}, {"a": [1, 0], "b": [0, 1]}


@pytest.mark.parametrize(
    ("when", "meets", "not_met"),
    [
        ({"channels": ["web", "app"]}, {"channel": "app"}, {"channel": "shop"}),
        ({"to": {"state": ["AK", "HI"]}}, {"destination": {"state": "HI"}}, {"destination": {"state": "NY"}}),
        ({"to": {"state": ["AK", "HI"]}}, {"destination": {"state": "HI"}}, {"destination": {}}),
        ({"calls_for": ["cold"]}, {"called_for": frozenset({"cold"})}, {"called_for": frozenset({"hazmat"})}),
        ({"worth_at_least": "20 cents"}, {"order_value": 20.0}, {"order_value": 19.9}),
        ({"worth_below": "20 cents"}, {"order_value": 19.9}, {"order_value": 20.0}),
        ({"priority_at_least": 2}, {"priority": 2}, {"priority": 1}),
        (
            {"channels": ["web"], "priority_at_least": 1},
            {"channel": "web", "priority": 1},
            {"channel": "web", "priority": 0},
        ),
    ],
)
def test_a_step_is_for_orders_that_meet_each_condition(
    when: dict[str, Any], meets: dict[str, Any], not_met: dict[str, Any]
) -> None:
    assert given(when, shop(**meets)) == WHOLE
    assert given(when, shop(**not_met)) == SPREAD


@pytest.mark.parametrize("when", [{}, {"worth_at_least": "2 USD", "worth_below": "2 USD"}, {"chanels": ["web"]}])
def test_conditions_that_mean_nothing_or_exclude_one_another_are_refused(when: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate({"steps": [{"when": when}]})


def test_a_step_behind_one_for_some_orders_is_reached_by_the_others() -> None:
    some, all_of_them = {"when": {"channels": ["web"]}, "rank": [NEAREST]}, {"rank": [NEAREST]}
    assert lint(Rules.model_validate({"steps": [some, all_of_them]})) == []
    assert [each.where for each in lint(Rules.model_validate({"steps": [all_of_them, some]}))] == ["steps[1]"]


def test_an_explanation_tells_the_step_that_decided_and_not_the_one_passed_by() -> None:
    engine = ruled(
        {"name": "web", "when": {"channels": ["web"]}, "rank": [NEAREST]},
        {"name": "others", "rank": [NEAREST], "filters": [{"keep": "attribute", "name": "kind", "one_of": ["dc"]}]},
    )
    asked = order((A, 1), channel="shop")
    assert [each["step"] for each in explain(engine, asked, 1.0).as_json()["passes"]] == ["others"]
    assert sites(engine, asked) == [DC_EAST]


HOT = {"keep": "attribute", "name": "hot", "one_of": [True]}
BIG = {"keep": "attribute", "name": "size", "at_least": 5}
OLD = {"keep": "attribute", "name": "old", "one_of": [True]}


@pytest.mark.parametrize(
    ("filters", "pass_"),
    [
        ({"keep": "all_of", "of": [HOT, BIG]}, "a"),
        ({"keep": "any_of", "of": [{"keep": "all_of", "of": [HOT, BIG]}, OLD]}, "ad"),
        ({"keep": "none_of", "of": [{"keep": "all_of", "of": [HOT, BIG]}]}, "bcd"),
    ],
)
def test_conditions_can_be_taken_together_among_others(filters: dict[str, Any], pass_: str) -> None:
    attributes = [{"hot": True, "size": 5}, {"hot": True, "size": 4}, {"size": 9}, {"old": True}]
    asked = situation([[1, 1, 1, 1]], [4], attributes=attributes)
    gives = named(asked, decide(Rules.model_validate({"steps": [{"filters": [filters]}]}), asked).gives)
    assert "".join(sorted(gives)) == pass_
