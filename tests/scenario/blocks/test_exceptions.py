"""Sites that differ from others of their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

WEST = {"kinds": ["store"], "states": ["CA"]}


def pickers(folder: Path, *exceptions: dict[str, Any]) -> list[int]:
    return [block.pickers for block in tiny(folder, exceptions=list(exceptions)).site_blocks]


def test_a_site_without_an_exception_works_as_its_kind(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    assert all(
        block is scenario.file.site_kinds[site.kind]
        for site, block in zip(scenario.network.sites, scenario.site_blocks, strict=True)
    )


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"kinds": ["store"]}, [2, 2, 5, 5]),
        ({"states": ["NV", "CA"]}, [2, 5, 2, 5]),
        ({"sites": ["dc_east"]}, [5, 2, 2, 2]),
        ({"kinds": ["store"], "states": ["NV", "CA"]}, [2, 2, 2, 5]),
        ({}, [5, 5, 5, 5]),
    ],
)
def test_an_exception_is_made_where_all_its_conditions_hold(
    tmp_path: Path, where: dict[str, Any], expected: list[int]
) -> None:
    assert pickers(tmp_path, {"where": where, "set": {"pickers": 5}}) == expected


def test_of_several_exceptions_the_later_counts(tmp_path: Path) -> None:
    every = {"where": {}, "set": {"pickers": 5}}
    assert pickers(tmp_path, every, {"where": {"sites": ["dc_west"]}, "set": {"pickers": 7}}) == [5, 7, 5, 5]
    assert pickers(tmp_path, {"where": {"sites": ["dc_west"]}, "set": {"pickers": 7}}, every) == [5, 5, 5, 5]


def test_an_exception_reaches_what_everyone_knows_and_what_only_nature_knows(tmp_path: Path) -> None:
    change = {"lead": "5 h", "feed": {"kind": "event", "latency": "1 min"}, "stock.days_of_cover": 30}
    scenario = tiny(tmp_path, exceptions=[{"where": {"sites": ["dc_east"]}, "set": change}])
    east, west = scenario.network.sites[:2]
    assert (east.lead_min, west.lead_min) == (300, 120)
    assert (scenario.site_blocks[0].feed.kind, scenario.site_blocks[1].feed.kind) == ("event", "poll")
    usual = tiny(tmp_path / "usual")
    assert (scenario.stock_plan.order_up_to[:, 0] > usual.stock_plan.order_up_to[:, 0]).all()
    assert (scenario.stock_plan.order_up_to[:, 1] == usual.stock_plan.order_up_to[:, 1]).all()


@pytest.mark.parametrize(
    ("exception", "path", "expected"),
    [
        ({"where": WEST, "set": {"pickers": 0}}, "site_kinds.store.pickers", "expected at least 1"),
        ({"where": WEST, "set": {"pikers": 1}}, "site_kinds.store.pikers", "did you mean pickers?"),
        ({"where": WEST, "set": {}}, "exceptions[0].set", "expected at least 1"),
        ({"where": {"states": ["CA", "XX"]}, "set": {"pickers": 1}}, "exceptions[0].where.states[1]", "no site has it"),
        ({"where": {"sites": ["dc_eas"]}, "set": {"pickers": 1}}, "exceptions[0].where.sites[0]", "mean dc_east?"),
        ({"where": {"kinds": ["dc"], "states": ["CA"]}, "set": {"pickers": 1}}, "exceptions[0].where", "no site meets"),
        ({"where": WEST, "set": {"feed.every.x": 1}}, "exceptions[0].set.'feed.every.x'", "meets a plain value"),
    ],
)
def test_a_wrong_exception_is_told_at_its_line(
    tmp_path: Path, exception: dict[str, Any], path: str, expected: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        tiny(tmp_path, exceptions=[exception])
    (problem,) = error.value.problems
    assert problem.path == path
    assert expected in problem.message
    assert problem.line is not None
