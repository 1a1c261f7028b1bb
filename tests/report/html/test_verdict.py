"""The verdict, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from sim.report.html.verdict import Verdict, verdict
from sim.study.runs.recorded import Recorded
from sim.study.worth import worths
from tests.runs import made_up

BASE = [1000.0, 1100, 1200, 1300]
MUCH, LITTLE, LESS = ([value + more for value, more in zip(BASE, few, strict=True)] for few in (
    (5010, 4990, 5000, 5000), (90, -70, 40, -20), (-510, -490, -500, -500)))  # fmt: skip
NOT_KNOWN = "cannot be told from it in cost yet, cannot be told from it in fill yet, and cannot be told from it in "


def of(recorded: Recorded) -> Verdict:
    return verdict(recorded, worths(recorded))


def test_an_option_that_is_surely_worth_more_is_to_be_chosen() -> None:
    found = of(made_up({"a": BASE, "b": MUCH}))
    assert (found.tone, found.best) == ("choose", "b")
    told = "Choose b: it is worth 5,000 USD a year more than a (95 % interval +4,990 to +5,010), " + NOT_KNOWN
    assert found.sentence.startswith(told)


def test_what_is_paid_once_is_told_with_when_it_is_back() -> None:
    bench: dict[str, Any] = {"account": "equipment", "times": 1, "per_month_cents": None, "once_cents": 250_000.0}
    found = of(made_up({"a": BASE, "b": MUCH}, fixed={"a": {}, "b": {"bench": bench}}))
    assert found.sentence.endswith("; the 2,500 USD to be paid once are back after 6 months (6 to 6).")


def test_the_baseline_is_to_be_kept_where_all_others_are_surely_worth_less() -> None:
    found = of(made_up({"a": BASE, "b": LESS}))
    assert (found.tone, found.best) == ("keep", "a")
    assert found.sentence == (
        "Keep a: even the best of the others, b, is worth 500 USD a year less than a (95 % interval −513 to −487)."
    )


def test_what_is_worth_exactly_as_much_is_no_reason_to_change() -> None:
    found = of(made_up({"a": BASE, "b": LESS, "c": BASE}))
    assert (found.tone, found.best) == ("keep", "a")
    assert found.sentence == "Keep a: none of the others is worth more, and c exactly as much."


def test_a_doubtful_difference_is_not_decided_and_says_how_many_replications_would_tell() -> None:
    found = of(made_up({"a": BASE, "b": LITTLE}))
    assert found.tone == "open"
    assert found.sentence == (
        "It cannot be told yet: at a first look b is worth 10 USD a year more than a (95 % interval −101 to +121; "
        "about 493 replications would tell)."
    )


def test_a_difference_that_is_sure_only_alone_may_be_luck_among_many() -> None:
    other = [value + 1 for value in LITTLE]
    barely = [value + more for value, more in zip(BASE, (60, 20, 40, 90), strict=True)]
    assert of(made_up({"a": BASE, "b": barely})).tone == "choose"
    found = of(made_up({"a": BASE, "b": barely, "c": other, "d": LITTLE, "e": other}))
    assert found.tone == "open"
    assert "with so many options at once it may be luck" in found.sentence


def test_who_misses_fewer_goals_comes_first_and_more_missed_goals_are_not_chosen() -> None:
    missed = [("a", "met"), ("b", "missed")]
    found = of(made_up({"a": BASE, "b": MUCH}, goals=missed))
    assert found.tone == "open"
    assert found.sentence.endswith("but misses 1 goal more: weigh the goals first.")
    found = of(made_up({"a": BASE, "b": MUCH, "c": LESS}, goals=[("a", "missed"), ("b", "missed"), ("c", "met")]))
    assert found.best == "c"
    assert found.sentence.endswith("but misses 1 goal fewer: whether that is worth it is yours to say.")


def test_of_options_worth_the_same_the_one_that_delivers_sooner_is_chosen() -> None:
    nearly = [value + more for value, more in zip(MUCH, (-3, 2, 1, -1), strict=True)]
    hours = {"a": [50.0, 51, 52, 53], "b": [50.0, 51, 52, 53], "c": [40.0, 41, 42, 43.5]}
    assert of(made_up({"a": BASE, "b": MUCH, "c": nearly}, hours=hours)).best == "c"
    assert of(made_up({"a": BASE, "b": MUCH, "c": BASE}, hours=hours)).best == "b"


@pytest.mark.parametrize(
    ("contributions", "sentence"),
    [
        ({"a": BASE}, "Only a was run, so there is nothing to choose between."),
        ({"a": [1.0], "b": [2.0]}, "One replication has no interval, so nothing can be told yet: run at least ten."),
    ],
)
def test_what_cannot_be_compared_says_so(contributions: dict[str, list[float]], sentence: str) -> None:
    found = of(made_up(contributions))
    assert (found.tone, found.sentence) == ("open", sentence)
