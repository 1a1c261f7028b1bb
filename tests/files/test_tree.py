"""YAML as it is written: its plain values and the line of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.files import Key, YamlFile, read_yaml
from sim.files.tree import dotted


def read(folder: Path, text: str) -> YamlFile:
    (folder / "file.yaml").write_text(text, encoding="utf-8")
    return read_yaml(folder / "file.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5), ("-5", -5), ("+5", 5), ("007", 7), ("5.0", 5.0), (".5", 0.5), ("1e3", 1000.0), ("-1.5E-3", -0.0015),
        (".inf", float("inf")), ("-.INF", float("-inf")), ("true", True), ("False", False), ("null", None), ("~", None),
        ("", None), ("no", "no"), ("On", "On"), ("y", "y"), ("16:30", "16:30"), ("1:20:30", "1:20:30"),
        ("2026-02-28", "2026-02-28"), ("2026-02-30", "2026-02-30"), ("2026-02-28 10:00", "2026-02-28 10:00"),
        ("0x1F", "0x1F"), ("0o17", "0o17"), ("0b11", "0b11"), ("'5'", "5"), ('"true"', "true"), ("=", "="),
        ("!!str 5", "5"), ("!!int 5", 5), ("9" * 41, "9" * 41), ("4.95 USD", "4.95 USD"), ("a#b", "a#b"),
        ("a # b", "a"), ("|\n a\n b\n", "a\nb\n"), (">\n a\n b\n", "a b\n"), ("[a, [1], {b: 2}]", ["a", [1], {"b": 2}]),
        ("{}", {}), ("[]", []), ('"\\u00e9"', "\u00e9"),
    ],
)  # fmt: skip
def test_a_value_is_what_yaml_1_2_says(tmp_path: Path, text: str, value: object) -> None:
    found = read(tmp_path, f"key: {text}\n").tree["key"]
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_read_as_such(tmp_path: Path) -> None:
    found = read(tmp_path, "key: .nan\n").tree["key"]
    assert found != found


@pytest.mark.parametrize("text", ["5", "true", "null", "5.0", "16:30", "2026-02-28", "''", "a b"])
def test_a_key_is_text_as_it_is_written(tmp_path: Path, text: str) -> None:
    assert list(read(tmp_path, f"{text}: x\n").tree) == [text.strip("'")]


LINES = """\
# a comment
title: Tiny

clock:
  start: 1
sites:
- a
-
  kind: dc
hours: {mon: 1,
  tue: 2}
text: |
  one
  two
last: 1
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("title",), 2), (("clock",), 4), (("clock", "start"), 5), (("sites", 0), 7), (("sites", 1), 9),
        (("sites", 1, "kind"), 9), (("hours", "mon"), 10), (("hours", "tue"), 11), (("text",), 12), (("last",), 15),
        # what is not there is told at what holds it
        (("clock", "end"), 5 - 1), (("sites", 1, "name"), 9), (("hours", "wed"), 10), (("nothing",), None),
    ],
)  # fmt: skip
def test_a_problem_stands_at_the_line_of_its_key(tmp_path: Path, key: Key, line: int | None) -> None:
    assert read(tmp_path, LINES).problem(key, "m").line == line


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("a", "b"), [1, {"c": 2}]),
        (("a", "b", 1, "c"), 2),
        (("a", "x"), None),
        (("a", "b", 9), None),
        (("a", "b", "c"), None),
        (("a", "b", 0, "c"), None),
        ((), {"a": {"b": [1, {"c": 2}]}}),
    ],
)
def test_a_value_is_found_by_its_key_or_is_nothing(tmp_path: Path, key: Key, value: object) -> None:
    assert read(tmp_path, "a: {b: [1, {c: 2}]}").at(key) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("sites", 3, "kind"), "sites[3].kind"),
        (("a", "b", "c"), "a.b.c"),
        ((), ""),
        (("my key", "x"), "my key.x"),
        (("a.b", "c"), "'a.b'.c"),
        (("a\nb",), "'a\\nb'"),
        (("",), "''"),
        (("x" * 100,), f"'{'x' * 60}'..."),
    ],
)
def test_a_key_is_written_as_people_do(key: Key, text: str) -> None:
    assert dotted(key) == text


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: &x {p: 1, q: 2}\nb: *x\n", {"p": 1, "q": 2}),
        ("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\n", {"p": 1, "q": 3}),
        ("a: &x {p: 1, q: 2}\nb: {q: 3, <<: *x}\n", {"p": 1, "q": 3}),
        ("a: &x {p: 1}\nc: &y {p: 5, q: 2}\nb: {<<: [*x, *y]}\n", {"p": 1, "q": 2}),
        ("a: &x {p: 1}\nc: &y {<<: *x, q: 2}\nb: {<<: *y}\n", {"p": 1, "q": 2}),
    ],
)
def test_what_is_written_once_may_stand_twice(tmp_path: Path, text: str, tree: dict[str, Any]) -> None:
    assert read(tmp_path, text).tree["b"] == tree


def test_an_anchor_may_be_used_again_for_something_else(tmp_path: Path) -> None:
    assert read(tmp_path, "a: &x 1\nb: &x 2\nc: *x\n").tree["c"] == 2


def test_a_doubled_key_is_a_problem_and_the_first_one_counts(tmp_path: Path) -> None:
    file = read(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert [(p.path, p.line, p.message) for p in file.problems] == [("a", 3, "the key stands already in line 1")]
    assert file.tree == {"a": 1, "b": 2}


@pytest.mark.parametrize("text", ["a: " + "[" * 29 + "]" * 29, "a: " + "{b: " * 28 + "1" + "}" * 28])
def test_nesting_is_read_to_the_limit(tmp_path: Path, text: str) -> None:
    assert list(read(tmp_path, text).tree) == ["a"]


def test_many_aliases_are_counted_as_what_they_stand_for(tmp_path: Path) -> None:
    wide = ", ".join(["1"] * 1000)
    assert len(read(tmp_path, f"a: &x [{wide}]\nb: [{', '.join(['*x'] * 40)}]\n").tree["b"]) == 40
    with pytest.raises(ScenarioError, match="more than 50,000 values, aliases included"):
        read(tmp_path, f"a: &x [{wide}]\nb: [{', '.join(['*x'] * 50)}]\n")
