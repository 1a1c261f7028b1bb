"""Whatever is done to a scenario's files, it loads or a `ScenarioError` says why in the words of the trade."""

from __future__ import annotations

import csv
import json
import random
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from sim.errors import Problem
from sim.study.checks.check import problems_of
from tests.tiny import TABLES, TREE

MUTATIONS = 300
RULED: dict[str, Any] = {
    "choose": "rules",
    "steps": [
        {"filters": [{"keep": "max_distance", "limit": "100 mi"}], "rank": [{"by": "distance", "band": "50 km"}]},
        {"rank": [{"by": "priority"}, {"by": "lines_covered"}], "allocate": "one_site"},
    ],
}
VALUES: list[Any] = [
    None, True, False, 0, -1, 7, 2.5, -0.0, 1e308, -1e308, 5e-324, float("nan"), float("inf"), 10**30, 10**400,
    "", "x", "no", "a\nb", "a\0b", "\u20ac", "x" * 3000, "16:30", "2026-02-30", "-1 min", "1 min", "5 USD", "200 %",
    "1e9 days", "../x.csv", "/dev/zero", ".", [], [[]], [None], [1, 2], {}, {"a": 1}, {"law": "x"}, {"kind": 5},
    {"choose": True}, {"1": 1}, {"": ""}, {"mon": "closed"},
]  # fmt: skip
NAMES: list[Any] = ["x", "law", "kind", "choose", "mon", "[key]", "poll", "", "on", 5, 1.5, True, None, "a\nb"]
CELLS: list[Any] = [
    "", "nan", "-inf", "-1", "0", "1e308", "1e-308", "1,5", "x", "x" * 3000, "a\nb", "\0", '"', "dc", "third_party",
    "America/New_York", "021", "\u0663", "\u00b2", 10**30, "91", " 1 ",
]  # fmt: skip
# Words of Python and of the libraries
JARGON = re.compile(
    r"<class|object at|Input should|Value error|type=|ctx|pydantic|Errno|NoneType"
    r"|\b(None|True|False|dict|int|str)\b|(?<!\.)\binf\b"
)
# What was found, and the names of the user's own things, are not our words
NOT_OURS = re.compile(r"'(?:[^'\\]|\\.)*'(?:\.\.\.)?|\"(?:[^\"\\]|\\.)*\"|one of .*")


def keys(node: Any, key: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every place in a tree."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place for name, child in pairs for place in [(*key, name), *keys(child, (*key, name))]]


def spoil_tree(luck: random.Random, tree: Any) -> None:
    """Delete, rename, add or replace something."""
    *parents, last = luck.choice(keys(tree))
    node = tree
    for name in parents:
        node = node[name]
    deed = luck.choice(["delete", "rename", "add", "replace", "replace", "replace"])
    if deed == "delete":
        del node[last]
    elif deed == "rename" and isinstance(node, dict):
        node[luck.choice([*NAMES, f"{last}x", str(last).upper()])] = node.pop(last)
    elif deed == "add" and isinstance(node, dict):
        node[luck.choice(NAMES)] = deepcopy(luck.choice(VALUES))
    elif deed == "add":
        node.insert(last, deepcopy(luck.choice(VALUES)))
    else:
        node[last] = deepcopy(luck.choice(VALUES))


def spoil_table(luck: random.Random, rows: list[list[Any]]) -> None:
    """Delete, double, shorten, lengthen a row, or change a cell of it."""
    row = luck.choice(rows)
    k = luck.randrange(len(row))
    match luck.choice(["delete", "double", "shorten", "lengthen", "cell", "cell", "cell", "cell"]):
        case "delete":
            rows.remove(row)
        case "double":
            rows.append(row)
        case "shorten":
            del row[k]
        case "lengthen":
            row.insert(k, "x")
        case _:
            row[k] = luck.choice(CELLS)


def spoil(folder: Path, seed: int) -> list[Problem]:
    """Write a scenario with one to three things done to it, and return what is told about that."""
    luck = random.Random(seed)
    tree, tables = deepcopy(TREE), deepcopy(TABLES)
    tree["routing"]["strategies"]["ruled"] = deepcopy(RULED)
    tables["stock.csv"] = [["sku", "site", "on_hand"], ["A", "dc_east", 5]]
    if luck.random() < 0.5:
        tree["opening_stock"] = "stock.csv"
    for _ in range(luck.randint(1, 3)):
        if luck.random() < 0.6:
            spoil_tree(luck, tree)
        else:
            spoil_table(luck, tables[luck.choice(sorted(tables))])
    for name, rows in tables.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    # YAML holds JSON, but for three words
    text = json.dumps(tree, indent=1).replace("NaN", ".nan").replace("Infinity", ".inf")
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    scenario, problems = problems_of(folder)
    assert scenario is not None or problems
    if scenario is not None:  # what was harmless is so for what comes next, too
        assert scenario.stock_plan.order_up_to.min() >= 0
        assert len(scenario.digest) == 64
    return problems


def wrong_words(problem: Problem, folder: Path) -> str | None:
    """Return what is wrong with the way a problem is told."""
    text = str(problem)
    if not text.startswith(f"{folder}/"):
        return "names no file"
    if "\n" in text:
        return "takes more than a line"
    if len(text) > 1000:
        return "goes on for ever"
    found = JARGON.search(NOT_OURS.sub("", problem.message))
    return f"speaks of {found[0]}" if found else None


@pytest.mark.parametrize("part", range(10))
def test_what_was_done_is_told_in_plain_words_or_harmless(tmp_path: Path, part: int) -> None:
    for seed in range(part, MUTATIONS, 10):
        problems = spoil(tmp_path, seed)
        assert [(seed, str(p), wrong) for p in problems if (wrong := wrong_words(p, tmp_path))] == []
        assert len(set(problems)) == len(problems)


def test_most_of_what_was_done_is_noticed(tmp_path: Path) -> None:
    # that the test above does not pass because nothing ever happens
    assert sum(bool(spoil(tmp_path, seed)) for seed in range(40)) >= 30
