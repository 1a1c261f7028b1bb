from __future__ import annotations

from typing import Any

import pytest

from sim.routing.rules.columns import Columns
from sim.routing.rules.config import Rules
from sim.routing.rules.lint import Fault, lint

NEAR: dict[str, Any] = {"by": "distance"}


def within(limit: str, **more: Any) -> dict[str, Any]:
    return {"keep": "max_distance", "limit": limit, **more}


def in_country(*names: str) -> dict[str, Any]:
    return {"keep": "attribute", "name": "country", "one_of": list(names)}


FAULTY: dict[str, tuple[list[dict[str, Any]], str, Fault]] = {
    "distance before another rule never ties": (
        [{"rank": [NEAR, {"by": "priority"}]}], "steps[0].rank[0]", Fault.NEVER_TIES,
    ),
    "a rule that stands twice": (
        [{"rank": [{"by": "priority"}, {"by": "priority"}]}], "steps[0].rank[1]", Fault.NEVER_ACTS,
    ),
    "a score stretched over whoever is there": (
        [{"weigh": [NEAR]}], "steps[0].weigh[0]", Fault.DEPENDS_ON_OTHERS,
    ),
    "at least more than at most": (
        [{"filters": [{"keep": "attribute", "name": "size", "at_least": 3, "at_most": 2}]}],
        "steps[0].filters[0]", Fault.CONTRADICTORY,
    ),
    "two ranges that do not meet": (
        [{"filters": [{"keep": "attribute", "name": "size", "at_least": 3},
                      {"keep": "attribute", "name": "size", "at_most": 2}]}],
        "steps[0].filters[1]", Fault.CONTRADICTORY,
    ),
    "two lists with nothing in common": (
        [{"filters": [in_country("US"), in_country("CA", "MX")]}], "steps[0].filters[1]", Fault.CONTRADICTORY,
    ),
    "a filter that is also forbidden": (
        [{"filters": [in_country("US"), {"keep": "none_of", "of": [in_country("US")]}]}],
        "steps[0].filters[1]", Fault.CONTRADICTORY,
    ),
    "a capacity of nothing": (
        [{"filters": [{"keep": "capacity", "counts": "orders", "limit": 0}]}],
        "steps[0].filters[0]", Fault.CONTRADICTORY,
    ),
    "a wider radius beside a narrower one": (
        [{"filters": [within("50 km"), within("90 km")]}], "steps[0].filters[1]", Fault.NEVER_ACTS,
    ),
    "a split limit on one site": (
        [{"allocate": "one_site", "max_sites": 3}], "steps[0].max_sites", Fault.NEVER_ACTS,
    ),
    "a limit by line that nobody counts": (
        [{"allocate": "whole_lines", "max_sites_per_line": 2}], "steps[0].max_sites_per_line", Fault.NEVER_ACTS,
    ),
    "a wider capacity": (
        [{"filters": [{"keep": "capacity", "counts": "orders", "limit": 5},
                      {"keep": "capacity", "counts": "orders", "limit": 9, "channels": ["web"]}]}],
        "steps[0].filters[1]", Fault.NEVER_ACTS,
    ),
    "a step behind one that takes all": (
        [{}, {"filters": [within("50 km")], "allocate": "one_site"}], "steps[1]", Fault.UNREACHABLE,
    ),
    "a nearer step behind one that takes all around": (
        [{"filters": [within("50 km")]}, {"filters": [within("30 km")], "allocate": "one_site"}], "steps[1]",
        Fault.UNREACHABLE,
    ),
    "a rule that stands twice, turned round": (
        [{"rank": [{"by": "priority"}, {"by": "priority", "descending": True}]}], "steps[0].rank[1]", Fault.NEVER_ACTS,
    ),
    "a narrower radius where one is enough": (
        [{"filters": [{"keep": "any_of", "of": [within("50 km"), within("30 km")]}]}],
        "steps[0].filters[0].of[1]", Fault.NEVER_ACTS,
    ),
    "a step that stands twice": (
        [{"allocate": "one_site"}, {"allocate": "one_site", "name": "again"}], "steps[1]", Fault.UNREACHABLE,
    ),
}  # fmt: skip

SOUND: dict[str, list[dict[str, Any]]] = {
    "distance in bands before another rule": [{"rank": [{**NEAR, "band": "50 km"}, {"by": "priority"}]}],
    "distance last": [{"rank": [{"by": "lines_covered"}, NEAR]}],
    "a score with a stated end": [{"weigh": [{**NEAR, "worst": "900 km"}]}],
    "a narrower radius that is given up first": [{"filters": [within("50 km", soft=1), within("90 km")]}],
    "countries of which one is enough": [{"filters": [{"keep": "any_of", "of": [in_country("US"), in_country("CA")]}]}],
    "countries of which none is wanted": [
        {"filters": [{"keep": "none_of", "of": [in_country("US"), in_country("CA")]}]},
    ],
    "a nearer step that gives its radius up": [
        {"filters": [within("50 km")]},
        {"filters": [within("30 km", soft=1)], "allocate": "one_site"},
    ],
    "distance in bands, then to the mile": [{"rank": [{**NEAR, "band": "50 km"}, NEAR]}],
    "one site, then several": [{"allocate": "one_site"}, {}],
    "near, then far": [{"filters": [within("50 km")]}, {}],
    "what nobody has goes beyond stock": [{}, {"allocate": "whole_lines", "oversell": True}],
    "capacities of two kinds": [
        {
            "filters": [
                {"keep": "capacity", "counts": "orders", "limit": 5},
                {"keep": "capacity", "counts": "units", "limit": 9},
            ]
        },
    ],
    "small splits, then any": [{"max_sites": 2}, {}],
}


@pytest.mark.parametrize(("steps", "where", "fault"), FAULTY.values(), ids=FAULTY.keys())
def test_the_linter_finds(steps: list[dict[str, Any]], where: str, fault: Fault) -> None:
    found = lint(Rules.model_validate({"steps": steps}))
    assert [(each.where, each.fault) for each in found] == [(where, fault)]


@pytest.mark.parametrize("steps", SOUND.values(), ids=SOUND.keys())
def test_the_linter_has_nothing_to_say_of(steps: list[dict[str, Any]]) -> None:
    assert lint(Rules.model_validate({"steps": steps})) == []


@pytest.mark.parametrize(
    "step",
    [
        {"rank": [{"by": "attribute", "attribute": "rent"}]},
        {"filters": [{"keep": "attribute", "name": "rent", "at_most": 5}]},
        {"filters": [{"keep": "capacity", "counts": "orders", "limit": "rent"}]},
    ],
)
def test_an_attribute_that_no_site_has_is_found_once_the_sites_are_known(step: dict[str, Any]) -> None:
    rules = Rules.model_validate({"steps": [step]})
    assert [each.fault for each in lint(rules, Columns(("a",), [{}]))] == [Fault.NOBODY_HAS_IT]
    assert lint(rules, Columns(("a",), [{"rent": 3}])) == []


def test_backorders_that_no_site_takes_are_found() -> None:
    rules = Rules.model_validate({"steps": [{}], "backorder": True})
    assert [str(each) for each in lint(rules, Columns(("a",), [{}]))] == [
        "backorder: nobody_has_it: no site has the attribute backorderable: true"
    ]


def test_orders_that_nobody_may_have_refused_are_found() -> None:
    (found,) = lint(Rules.model_validate({"steps": [{}], "max_rejects": 0}))
    assert (found.where, found.fault) == ("max_rejects", Fault.CONTRADICTORY)
