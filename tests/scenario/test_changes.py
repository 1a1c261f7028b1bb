"""A scenario as a base and named changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from sim.errors import FulfillSimError, ScenarioError, one_of
from sim.scenario.changes import parsed
from sim.scenario.load import load
from sim.scenario.schema import ScenarioFile
from sim.study.checks.check import problems_of
from tests import tiny

if TYPE_CHECKING:
    from pathlib import Path

FASTER = {"says": "Stores speak often", "set": {"site_kinds.store.feed.every": "5 min"}}
HELD = {"set": {"routing.safety_stock": {"store": 2}}}


def derived(folder: Path, **tree: Any) -> Path:
    """Write a scenario beside the tiny one that extends it."""
    tiny.write(folder / "base", changes={"faster_feed": FASTER, "held": HELD})
    path = folder / "mine" / "scenario.yaml"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({"extends": "../base", **tree}, file)
    return path


def message(path: Path, changes: tuple[str, ...] = ()) -> str:
    with pytest.raises(FulfillSimError) as error:
        load(path, changes)
    return str(error.value)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("title", ("title",)),
        ("site_kinds.store.feed", ("site_kinds", "store", "feed")),
        ("routing.strategies.a b.steps[1].filters[0].limit",
         ("routing", "strategies", "a b", "steps", 1, "filters", 0, "limit")),
    ],
)  # fmt: skip
def test_a_path_is_read_as_people_write_it(path: str, key: tuple[str | int, ...]) -> None:
    assert parsed(path) == key


@pytest.mark.parametrize("path", ["", "a..b", ".a", "a[x]", "a]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="expected keys parted by dots"):
        parsed(path)


def test_a_named_change_sets_what_it_says_and_leaves_the_rest(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, changes={"faster_feed": FASTER})
    before, after = load(path), load(path, ["faster_feed"])
    assert after.file.site_kinds["store"].feed.every == 5  # type: ignore[union-attr, index]
    expected = before.resolved()
    expected["site_kinds"]["store"]["feed"]["every"] = 5.0
    assert after.resolved() == expected


def test_changes_are_made_one_after_the_other(tmp_path: Path) -> None:
    slower = {"set": {"site_kinds.store.feed.every": "1 h"}}
    path = tiny.write(tmp_path, changes={"faster": FASTER, "slower": slower})
    assert load(path, ["faster", "slower"]).file.site_kinds["store"].feed.every == 60  # type: ignore[union-attr, index]
    assert load(path, ["slower", "faster"]).file.site_kinds["store"].feed.every == 5  # type: ignore[union-attr, index]


def test_a_change_may_add_to_a_list_and_make_what_is_not_there(tmp_path: Path) -> None:
    held = {"add": {"routing.ring_fences": [{"units": 3, "kinds": ["store"]}]}}
    path = tiny.write(tmp_path, changes={"held": held})
    assert load(path, ["held"]).routing["ring_fences"] == [{"units": 3, "kinds": ["store"]}]
    assert "ring_fences" not in load(path).routing


@pytest.mark.parametrize("outer_first", [True, False])
def test_a_block_is_set_before_what_is_inside_it_whatever_stands_first(tmp_path: Path, outer_first: bool) -> None:
    block = {"site_kinds.store.feed": {"kind": "poll", "every": "1 h"}}
    inside = {"site_kinds.store.feed.every": "5 min"}
    both = block | inside if outer_first else inside | block
    changed = load(tiny.write(tmp_path, changes={"both": {"set": both}}), ["both"])
    assert changed.source.at(("site_kinds", "store", "feed")) == {"kind": "poll", "every": "5 min"}


def test_a_change_may_leave_something_out(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, changes={"no_walk_ins": {"remove": ["walk_ins"]}})
    assert load(path).file.walk_ins is not None
    assert load(path, ["no_walk_ins"]).file.walk_ins is None


def test_unused_changes_are_not_part_of_what_a_scenario_is(tmp_path: Path) -> None:
    with_changes = load(tiny.write(tmp_path / "a", changes={"faster": FASTER}))
    without = load(tiny.write(tmp_path / "a"))
    assert with_changes.digest == without.digest


def test_an_unknown_change_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, changes={"faster_feed": FASTER})
    assert "unknown change 'faster_fed' - expected one of faster_feed (did you mean faster_feed?)" in message(
        path, ("faster_fed",)
    )


def test_a_scenario_without_changes_says_so(tmp_path: Path) -> None:
    assert "expected a scenario with a block `changes:`" in message(tiny.write(tmp_path), ("any",))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"set": {"site_kinds.store.pickrs": 2}}, "site_kinds.store.pickrs: unknown key 'pickrs'"),
        ({"set": {"title.x": 2}}, "this one meets a plain value"),
        ({"set": {"demand.hours[30]": 2}}, "item 30 of a list of 24"),
        ({"add": {"title": [2]}}, "to replace a value, use set"),
        ({"remove": ["demnad"]}, "nothing to remove: 'demnad'"),
        ({"remove": ["demand.hours[0]"]}, "set the list anew instead"),
        ({"put": {}}, "unknown key 'put'"),
        ({"set": {"a..b": 1}}, "expected keys parted by dots"),
    ],
)
def test_a_wrong_change_is_told_at_its_line(tmp_path: Path, change: dict[str, Any], expected: str) -> None:
    path = tiny.write(tmp_path, changes={"wrong": change})
    told = message(path, ("wrong",))
    assert expected in told
    line = int(told.split("scenario.yaml:")[1].split(":")[0])
    first = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if text.strip() == "wrong:")
    assert first <= line <= first + 4


def test_a_path_that_leads_nowhere_is_told_once_where_it_is_said(tmp_path: Path) -> None:
    # what a path makes on its way is no part of the base, nor is what is missing in it a mistake of its own
    path = derived(tmp_path, set={"site_kinds.stor.pickers": 2, "clok.measure": "2 days"})
    assert message(path).splitlines() == [
        f"{path}:3: site_kinds.stor: 'stor' - expected one of dc, store, third_party, vendor (did you mean store?)",
        f"{path}:4: clok: unknown key 'clok' - expected {one_of('clok', ScenarioFile.model_fields)}",
    ]


def test_a_change_that_changes_nothing_is_a_mistake(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, changes={"good": FASTER, "empty": {"says": "more of it"}})
    assert "changes: empty changes nothing - expected set, add or remove" in message(path)


def test_check_tries_every_change(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, changes={"good": FASTER, "bad": {"set": {"demand.day_cv": -1}}})
    scenario, problems = problems_of(path)
    assert scenario is not None
    assert [problem.path for problem in problems] == ["demand.day_cv"]


def test_what_extends_is_the_base_with_its_changes_made(tmp_path: Path) -> None:
    mine = load(derived(tmp_path, title="Mine", set={"demand.shoppers_per_day": 10}))
    base = load(tmp_path / "base")
    expected = base.resolved()
    expected["title"], expected["demand"]["shoppers_per_day"] = "Mine", 10.0
    assert mine.resolved() == expected
    assert mine.name == "mine"


def test_the_changes_of_the_base_can_be_made_in_what_extends_it(tmp_path: Path) -> None:
    path = derived(tmp_path, changes={"held": {"set": {"routing.safety_stock": {"dc": 1}}}})
    assert load(path, ["faster_feed"]).file.site_kinds["store"].feed.every == 5  # type: ignore[union-attr, index]
    assert load(path, ["held"]).routing["safety_stock"] == {"dc": 1}


def test_a_problem_names_the_file_that_it_stands_in(tmp_path: Path) -> None:
    path = derived(tmp_path, set={"demand.day_cv": -1})
    assert f"{path}:3: demand.day_cv" in message(path)
    tiny.write(tmp_path / "base", demand__day_cv=-1)
    path.write_text("extends: ../base\n", encoding="utf-8")
    assert "base/scenario.yaml:" in message(path)


def test_tables_are_looked_for_beside_the_file_that_names_them(tmp_path: Path) -> None:
    path = derived(tmp_path, set={"network.sites": "two_sites.csv"})
    rows = (tmp_path / "base" / "sites.csv").read_text(encoding="utf-8").splitlines()
    (path.parent / "two_sites.csv").write_text("\n".join([rows[0], rows[1], rows[3]]), encoding="utf-8")
    mine = load(path)
    assert [site.id for site in mine.network.sites] == ["dc_east", "store_boston"]
    assert len(mine.network.products) == 4


def test_scenarios_that_extend_one_another_are_refused(tmp_path: Path) -> None:
    path = derived(tmp_path)
    (tmp_path / "base" / "scenario.yaml").write_text("extends: ../mine\n", encoding="utf-8")
    assert "extends this scenario in turn" in message(path)


@pytest.mark.parametrize("name", ["../bse", "/etc", "../../base", "nothing"])
def test_only_a_neighbour_or_a_shipped_scenario_can_be_extended(tmp_path: Path, name: str) -> None:
    path = derived(tmp_path)
    path.write_text(f"extends: {name}\n", encoding="utf-8")
    told = message(path)
    assert "scenario.yaml:1: extends" in told
    assert "expected a scenario beside this one or a shipped one" in told


def test_what_extends_holds_nothing_but_changes(tmp_path: Path) -> None:
    path = derived(tmp_path, demand={})
    with pytest.raises(ScenarioError, match="unknown key 'demand'"):
        load(path)


def test_what_extends_may_leave_out_changes_of_the_base(tmp_path: Path) -> None:
    mine = load(derived(tmp_path, remove=["changes.held"], changes={"own": FASTER}))
    assert list(mine.file.changes) == ["faster_feed", "own"]
