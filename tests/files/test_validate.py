"""A block against its model: where each problem stands, and that none is told in the words of a library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from sim.errors import ScenarioError
from sim.fields import Count, Minutes, Model, Text
from sim.files import read_yaml, validate


class Poll(Model):
    kind: Literal["poll"]
    every: Minutes


class Batch(Model):
    kind: Literal["batch"]
    at: Text


class Site(Model):
    name: Text
    colours: tuple[Text, ...] = Field(default=("red",), min_length=1, max_length=2)
    feed: Annotated[Poll | Batch, Field(discriminator="kind")] | None = None
    open: bool = True


class World(Model):
    title: Text
    sites: dict[Literal["dc", "store"], Site] = Field(default_factory=dict)
    counts: tuple[Count, ...] = ()


def problems(folder: Path, text: str, *key: str) -> list[str]:
    path = folder / "w.yaml"
    path.write_text(text)
    try:
        validate(Site if key else World, read_yaml(path), key)
    except ScenarioError as error:
        return [str(problem).replace(f"{folder}/", "") for problem in error.problems]
    return []


FEED = "title: x\nsites:\n  dc:\n    name: y\n    feed: "


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: x\n", []),
        ("sites: {}\n", ["w.yaml: title: missing key - it is required"]),
        ("title: x\nzebra: y\n", ["w.yaml:2: zebra: unknown key 'zebra' - expected one of counts, sites, title"]),
        ("titel: y\n", ["w.yaml:1: titel: unknown key 'titel' - expected one of counts, sites, title "
                        "(did you mean title?)"]),
        ("title: x\nsites: 5\n", ["w.yaml:2: sites: 5 - expected a block of keys"]),
        ("title: x\ncounts: 5\n", ["w.yaml:2: counts: 5 - expected a list"]),
        ("title: x\ncounts: {a: 1}\n", ["w.yaml:2: counts: a block of 1 key - expected a list"]),
        ("title: x\ncounts:\n- 1\n- -1\n", ["w.yaml:4: counts[1]: -1 - expected at least 0"]),
        ("title: x\nsites:\n  dcs: {name: y}\n", ["w.yaml:3: sites.dcs: 'dcs' - expected one of dc, store "
                                                  "(did you mean dc?)"]),
        ("title: x\nsites:\n  dc:\n", ["w.yaml:3: sites.dc: nothing - expected a block with the keys name, colours, "
                                       "feed, open"]),
        ("title: x\nsites:\n  dc: {}\n", ["w.yaml:3: sites.dc.name: missing key - it is required"]),
        ("title: x\nsites:\n  dc:\n    name: y\n    colours: []\n",
         ["w.yaml:5: sites.dc.colours: a list of 0 - expected at least 1"]),
        ("title: x\nsites:\n  dc:\n    name: y\n    colours: [a, b, c]\n",
         ["w.yaml:5: sites.dc.colours: a list of 3 - expected at most 2"]),
        # the only item is wrong: there are not too few
        ("title: x\nsites:\n  dc:\n    name: y\n    colours: [5]\n",
         ["w.yaml:5: sites.dc.colours[0]: 5 - expected text"]),
        ("title: x\nsites:\n  dc:\n    name: y\n    open: maybe\n",
         ["w.yaml:5: sites.dc.open: 'maybe' - expected true or false"]),
        ("title: x\nsites:\n  dc:\n    name: y\n    open: []\n",
         ["w.yaml:5: sites.dc.open: a list of 0 - expected true or false"]),
        # of several kinds of block
        (FEED + "5 min\n", ["w.yaml:5: sites.dc.feed: '5 min' - expected a block of keys"]),
        (FEED + "{every: 5 min}\n", ["w.yaml:5: sites.dc.feed: missing key kind - it says which kind this is"]),
        (FEED + "{kind: pull}\n", ["w.yaml:5: sites.dc.feed.kind: 'pull' - expected one of batch, poll "
                                   "(did you mean poll?)"]),
        (FEED + "{kind: poll}\n", ["w.yaml:5: sites.dc.feed.every: missing key - it is required"]),
        (FEED + "{kind: poll, evry: 5 min}\n", ["w.yaml:5: sites.dc.feed.evry: unknown key 'evry' - expected one of "
                                                "every, kind (did you mean every?)"]),
        (FEED + "{kind: poll, every: 5}\n", ["w.yaml:5: sites.dc.feed.every: bare number 5 - expected a time span "
                                             "with its unit, such as '15 min'"]),
    ],
)  # fmt: skip
def test_a_problem_stands_where_the_file_says_so(tmp_path: Path, text: str, told: list[str]) -> None:
    assert problems(tmp_path, text) == told


def test_a_block_within_the_file_is_told_by_its_whole_key(tmp_path: Path) -> None:
    assert problems(tmp_path, "a:\n  b: {name: 5}\n", "a", "b") == ["w.yaml:2: a.b.name: 5 - expected text"]


def test_everything_is_told_at_once_in_file_order(tmp_path: Path) -> None:
    text = "sites:\n  store: {name: 1}\n  dc: {name: 2}\ncounts: [x]\ntitle: 3\n"
    assert [line.split(": ")[1] for line in problems(tmp_path, text)] == [
        "sites.store.name", "sites.dc.name", "counts[0]", "title",
    ]  # fmt: skip


def test_what_is_odd_in_the_yaml_is_told_with_the_rest(tmp_path: Path) -> None:
    assert problems(tmp_path, "title: x\ntitle: y\ncounts: 5\n") == [
        "w.yaml:2: title: the key stands already in line 1",
        "w.yaml:3: counts: 5 - expected a list",
    ]


def test_odd_yaml_is_refused_even_if_its_values_would_do(tmp_path: Path) -> None:
    assert problems(tmp_path, "title: !x y\n") == [
        "w.yaml:1: title: the tag '!x' - expected a plain value without a tag"
    ]
