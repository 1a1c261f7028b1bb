"""Points of a space: what may be said of an axis, and which points each way to sample it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.search.space import points, read_axis


def along(sample: str, *over: str, seed: int = 1) -> list[dict[str, Any]]:
    return [point.along for point in points([read_axis(text) for text in over], sample, seed)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=1,2", [1, 2]),
        ("a.b=5 min, nightly", ["5 min", "nightly"]),
        ("a.b={kind: poll, every: 5 min},webhook", [{"kind": "poll", "every": "5 min"}, "webhook"]),
        ("a.b=1..5", [1, 3, 5]),
        ("a.b=1..2", [1, 2]),
        ("a.b=0.5..1.5", [0.5, 1.0, 1.5]),
        ("a.b=5..15 min", ["5 min", "10 min", "15 min"]),
        ("a.b=10 %..30 %", ["10 %", "20 %", "30 %"]),
    ],
)
def test_an_axis_has_the_values_of_its_list_or_three_of_its_range(text: str, values: list[Any]) -> None:
    assert [point["a.b"] for point in along("grid", text)] == values


def test_one_value_may_stand_at_several_paths() -> None:
    (point,) = points([read_axis("x.dc.feed+x.store.feed=5 min")], "grid", 1)
    assert point.values == {"x.dc.feed": "5 min", "x.store.feed": "5 min"}
    assert point.along == {"dc.feed": "5 min"}


def test_a_grid_is_each_with_each() -> None:
    found = along("grid", "a.b=1,2", "a.c=x,y")
    assert found == [{"a.b": b, "a.c": c} for b in (1, 2) for c in ("x", "y")]


def test_one_at_a_time_leaves_the_others_as_they_are() -> None:
    assert along("one_at_a_time", "a.b=1,2", "a.c=x") == [{"a.b": 1}, {"a.b": 2}, {"a.c": "x"}]


def test_a_latin_hypercube_fills_every_axis_evenly() -> None:
    found = along("lhs:20", "a.b=0.0..1.0", "a.c=x,y")
    assert len(found) == 20
    assert np.bincount([int(point["a.b"] * 20) for point in found], minlength=20).tolist() == [1] * 20
    assert sum(point["a.c"] == "x" for point in found) == 10
    assert found == along("lhs:20", "a.b=0.0..1.0", "a.c=x,y")
    assert found != along("lhs:20", "a.b=0.0..1.0", "a.c=x,y", seed=2)


def test_whole_numbers_of_a_range_stay_whole_and_are_equally_likely() -> None:
    found = [point["a.b"] for point in along("lhs:30", "a.b=1..3", "a.c=0.0..1.0")]
    assert sorted(found) == [1] * 10 + [2] * 10 + [3] * 10


def test_points_that_are_equal_are_one() -> None:
    assert len(along("lhs:30", "a.b=1..3")) == 3


def test_axes_of_one_short_name_are_told_by_their_whole_paths() -> None:
    assert along("grid", "x.dc.pickers=1", "y.dc.pickers=2") == [{"x.dc.pickers": 1, "y.dc.pickers": 2}]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nonsense", "expected path=value,value or path=low..high"),
        ("a=", "expected path=value,value or path=low..high"),
        ("a..b=1", "expected keys parted by dots"),
        ("a=9 min..2 min", "expected the low end first"),
        ("a=1 min..2 h", "min and h - expected one unit"),
        ("a=x..y", "expected two numbers, such as 1..4"),
        ("a=1,1", "1 twice - expected each value once"),
        ("a=[", "not valid YAML"),
    ],
)
def test_what_is_no_axis_is_told(text: str, told: str) -> None:
    with pytest.raises(FulfillSimError, match=told):
        read_axis(text)


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("gird", "'gird' - expected grid, one_at_a_time or lhs:20"),
        ("lhs:0", "expected at least one point"),
        ("lhs:5000", "5,000 points - expected 1 to 2,000"),
    ],
)
def test_what_is_no_sample_is_told(sample: str, told: str) -> None:
    with pytest.raises(FulfillSimError, match=told):
        points([read_axis("a=0.0..1.0")], sample, 1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a.b=2 min..6 min step 2 min", ["2 min", "4 min", "6 min"]),
        ("a.b=1..6 step 2", [1, 3, 5]),
        ("a.b=0.1..0.4 step 0.1", [0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_a_range_in_steps_has_each_step_whatever_the_sample(text: str, values: list[Any]) -> None:
    assert [point["a.b"] for point in along("grid", text)] == values
    drawn = [point["a.b"] for point in along("lhs:12", text, "a.c=0.0..1.0")]
    assert {value: drawn.count(value) for value in values} == dict.fromkeys(values, 12 // len(values))


@pytest.mark.parametrize("text", ["a=1..4 step 0", "a=1..4 step 5", "a=1 min..4 min step 1 h", "a=1..4 step x"])
def test_a_step_that_makes_no_sense_is_told(text: str) -> None:
    with pytest.raises(FulfillSimError, match="expected"):
        read_axis(text)
