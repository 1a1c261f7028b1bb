"""How a wrong input is told: one line a problem, each once, in the order of the file."""

from __future__ import annotations

import pickle

import pytest

from sim.errors import Problem, ScenarioError, expected_one_of, gathering, in_file_order, nearest, one_of, shown


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("a.yaml", "demand.day_cv", "-1 - expected at least 0", 7), "a.yaml:7: demand.day_cv: -1 - expected at "
         "least 0"),
        (Problem("a.yaml", "", "the file is empty"), "a.yaml: the file is empty"),
        (Problem("a.csv", "", "3 cells", 2), "a.csv:2: 3 cells"),
        (Problem("", "", "no such scenario"), "no such scenario"),
    ],
)  # fmt: skip
def test_a_problem_is_one_line_of_what_is_known(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_problems_come_by_file_and_line_and_each_once() -> None:
    late, early, table = Problem("y", "b", "m", 9), Problem("y", "a", "m", 2), Problem("t", "c", "m", 1)
    whole = Problem("y", "", "m")
    assert in_file_order([late, table, early, whole, late]) == [whole, early, late, table]


def test_problems_on_one_line_keep_their_order() -> None:
    two, one = Problem("y", "z", "m", 1), Problem("y", "a", "m", 1)
    assert in_file_order([two, one]) == [two, one]


def test_line_ten_comes_after_line_nine() -> None:
    assert [p.line for p in in_file_order([Problem("y", "", "m", 10), Problem("y", "", "m", 9)])] == [9, 10]


def test_an_error_says_all_its_problems_a_line_each() -> None:
    error = ScenarioError([Problem("y", "b", "m", 2), Problem("y", "a", "m", 1), Problem("y", "b", "m", 2)])
    assert str(error) == "y:1: a: m\ny:2: b: m"


def test_an_error_that_comes_from_another_process_says_the_same() -> None:
    error = ScenarioError([Problem("y", "a", "m", 1)])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_gathering_goes_on_behind_what_is_wrong() -> None:
    problems = [Problem("x", "", "first")]
    with gathering(problems):
        raise ScenarioError([Problem("y", "", "second")])
    assert [problem.message for problem in problems] == ["first", "second"]


def test_gathering_lets_other_errors_through() -> None:
    with pytest.raises(ZeroDivisionError), gathering([]):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"), (True, "true"), (False, "false"), (5, "5"), (2.5, "2.5"), ("x", "'x'"), ("", "''"),
        (float("nan"), ".nan"), (float("inf"), ".inf"), (float("-inf"), "-.inf"), ("a\nb", "'a\\nb'"),
        ([], "a list of 0"), ((1, 2), "a list of 2"), ({}, "a block of 0 keys"), ({"a": {"b": 1}}, "a block of 1 key"),
        ("x" * 61, f"'{'x' * 60}'..."), ("x" * 60, f"'{'x' * 60}'"),
    ],
)  # fmt: skip
def test_a_value_is_shown_as_its_file_would_say_it(value: object, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("found", "names", "near"),
    [
        ("stor", ["dc", "store"], "store"),
        ("DC", ["dc", "store"], "dc"),
        ("usd", ["USD", "cents"], "USD"),
        ("latitude", ["lat", "lon"], "lat"),
        ("pop", ["population", "lat"], "population"),
        ("xyz", ["dc", "store"], None),
        ("", ["dc", "store"], None),
        ("x", [], None),
        (5, ["dc"], None),
    ],
)
def test_the_nearest_name_is_found_or_none(found: object, names: list[str], near: str | None) -> None:
    assert nearest(found, names) == near


def test_the_nearest_of_very_many_names_is_found() -> None:
    assert nearest("P09999x", [f"{'PQ'[k % 2]}{k:05}" for k in range(20_000)] + ["P09999"]) == "P09999"


def test_names_are_listed_in_order_with_the_nearest() -> None:
    assert expected_one_of("stor", ["store", "dc"]) == "'stor' - expected one of dc, store (did you mean store?)"


def test_what_is_there_already_cannot_have_been_meant() -> None:
    assert one_of("stor", ["store", "dc"], taken=["store"]) == "one of dc, store"


def test_a_long_list_of_names_is_cut() -> None:
    assert one_of("?", [f"n{k:02}" for k in range(22)]).endswith("n18, n19 and 2 more")


def test_zeros_that_a_spreadsheet_took_away_are_given_back() -> None:
    assert nearest("21", ["021", "921", "210"]) == "021"
