"""Wherever the knobs stand: never too many sites or too few, shares that add up, and every option within reach."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.network.site import SiteKind
from sim.scenario.load import load, with_other_values
from sim.study.search.sites_and_stock import Shares, Sites
from sim.study.search.space import axis_of
from sim.study.search.variables import Field, Space, Strategies
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("a", "b", "c", "d", "e")
THREE = (SiteKind.DC, SiteKind.THIRD_PARTY, SiteKind.STORE)
share = st.floats(0, 1)


def closed(option: object) -> list[str]:
    return option.values["network.closed"]  # type: ignore[attr-defined, no-any-return]


@given(at=st.lists(share, min_size=5, max_size=5), least=st.integers(0, 5), more=st.integers(0, 5))
def test_as_many_sites_are_on_as_may_be(at: list[float], least: int, more: int) -> None:
    most = min(least + more, 5)
    dark = closed(Sites(NAMES, least, most, "closed").option(at))
    assert least <= 5 - len(dark) <= most
    if least <= sum(x >= 0.5 for x in at) <= most:
        assert dark == [name for name, x in zip(NAMES, at, strict=True) if x < 0.5]


def test_every_set_of_sites_is_there_once() -> None:
    sites = Sites(NAMES, 2, 3, "closed")
    sets = [frozenset(closed(option)) for option in sites.every()]
    assert len(sets) == len(set(sets)) == sites.count == math.comb(5, 2) + math.comb(5, 3)


def test_sites_that_were_closed_before_and_are_not_asked_about_stay_closed() -> None:
    assert closed(Sites(NAMES, 1, 5, "closed", ("z",)).option([1, 1, 0, 1, 1])) == ["z", "c"]


def test_a_site_that_sends_nothing_is_one_that_takes_no_order_on() -> None:
    limit = {"counts": "orders", "limit": 40}
    option = Sites(("a", "b"), 1, 2, "sends_nothing", (limit,)).option([1, 0])
    assert option.values == {"routing.capacity": [limit, {"counts": "orders", "sites": {"b": 0}}]}
    assert option.along == {"sites on": "a"}


@given(at=st.lists(share, min_size=2, max_size=2), low=st.tuples(*[st.integers(0, 6)] * 3), wide=st.integers(0, 20))
def test_shares_add_up_and_keep_to_their_limits(at: list[float], low: tuple[int, ...], wide: int) -> None:
    high = tuple(min(each + wide, 20) for each in low)
    if sum(high) < 20:
        return
    found = Shares(THREE, low, high, 20, 500)
    parts = [round(float(text.rstrip(" %")) / 5) for text in found.option(at).values["stock_total"]["shares"].values()]
    assert sum(parts) == 20
    assert all(a <= part <= b for a, part, b in zip(low, parts, high, strict=True))


def test_every_way_to_add_up_is_there_once_and_within_reach_of_the_knobs() -> None:
    shares = Shares(THREE, (1, 0, 2), (6, 3, 9), 10, 500)
    every = [tuple(option.along.values()) for option in shares.every()]
    brute = [(a, b, 10 - a - b) for a in range(1, 7) for b in range(4) if 2 <= 10 - a - b <= 9]
    assert every == [tuple(f"{10 * part} %" for part in parts) for parts in brute]
    assert shares.count == len(brute)
    grid = [(k + 0.5) / 60 for k in range(60)]
    assert {tuple(shares.option((x, y)).along.values()) for x in grid for y in grid} == set(every)


def test_the_total_is_the_same_to_the_unit_in_every_candidate(tmp_path: Path) -> None:
    scenario = load(write(tmp_path))
    shares = Shares((SiteKind.DC, SiteKind.STORE), (2, 2), (8, 8), 10, scenario.units_stocked)
    sites = Sites(("dc_east", "dc_west"), 1, 2, "closed")
    space = Space(Strategies(("cheapest",)), (sites, shares))
    assert space.count == 3 * 7
    totals = {with_other_values(scenario, each.values, "").units_stocked for each in space.every()}
    assert totals == {scenario.units_stocked}


@pytest.mark.parametrize(
    ("said", "levels", "values"),
    [
        ("-2..1", 4, [-2, -1, 0, 1]),
        ("1 min..9 min step 4 min", 3, ["1 min", "5 min", "9 min"]),
        (["x", {"y": 1}], 2, ["x", {"y": 1}]),
    ],
)
def test_a_field_has_a_level_for_each_of_its_values(said: object, levels: int, values: list[object]) -> None:
    field = Field(axis_of("a.b+a.c", said), "b")
    assert [knob.levels for knob in field.knobs] == [levels]
    assert [option.values for option in field.every()] == [{"a.b": value, "a.c": value} for value in values]


def test_a_range_without_steps_has_no_end_of_values() -> None:
    field = Field(axis_of("a.b", "1 min..3 min"), "b")
    assert math.isinf(field.count)
    assert field.option((0.25,)).values == {"a.b": "1.5 min"}
