"""Chance and not knowing the inputs: told apart on tables whose variances are known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.inputs import parts_of, read_belief


def test_a_table_that_is_a_sum_of_inputs_and_luck_is_parted_exactly() -> None:
    inputs, luck = np.array([1.0, 2.0, 6.0]), np.array([0.0, 4.0])
    parts = parts_of(inputs[:, None] + luck[None, :])
    assert parts.mean == 5
    assert parts.inputs == pytest.approx(inputs.var(ddof=1)) == pytest.approx(7)
    assert parts.luck == pytest.approx(luck.var(ddof=1)) == pytest.approx(8)
    assert parts.share_of_inputs == pytest.approx(7 / (7 + 8 / 2))


def test_the_parts_are_right_on_average_where_their_variances_are_known() -> None:
    draw = np.random.default_rng(1)
    found = [
        parts_of(draw.normal(0, 3, (12, 1)) + draw.normal(0, 2, (1, 10)) + draw.normal(0, 1, (12, 10)))
        for _ in range(2000)
    ]
    assert np.mean([parts.inputs for parts in found]) == pytest.approx(9, rel=0.04)
    assert np.mean([parts.luck for parts in found]) == pytest.approx(4 + 1, rel=0.04)


def test_known_inputs_leave_nothing_but_chance() -> None:
    parts = parts_of(np.tile([1.0, 2.0, 4.0], (5, 1)))
    assert parts.inputs == 0
    assert parts.share_of_inputs == 0


def test_more_replications_do_not_narrow_what_is_not_known() -> None:
    inputs = np.array([0.0, 1.0, 2.0])[:, None]
    few, many = (parts_of(inputs + np.zeros((1, count))) for count in (3, 30))
    assert few.interval().half_width == pytest.approx(many.interval().half_width)


@pytest.mark.parametrize(
    ("text", "share", "value"),
    [
        ("a.b=normal(1000, 50)", 0.5, 1000.0),
        ("a.b=normal(1000, 50)", 0.975, 1098.0),
        ("a.b=uniform(2 min, 6 min)", 0.25, "3 min"),
        ("a.b=normal(5 %, 1 %)", 0.5, "5 %"),
    ],
)
def test_a_belief_has_a_value_at_every_share(text: str, share: float, value: str | float) -> None:
    found = read_belief(text).at(share)
    assert found == (value if isinstance(value, str) else pytest.approx(value, rel=1e-4))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b=5", "expected path=normal"),
        ("a.b=normal(x, 1)", "expected path=normal"),
        ("a..b=normal(1, 1)", "expected keys parted by dots"),
        ("a.b=normal(5 min, 1 h)", "min and h - expected one"),
        ("a.b=normal(5, 0)", "expected a deviation above 0"),
        ("a.b=uniform(5, 1)", "expected the low end first"),
    ],
)
def test_what_is_no_belief_is_told(text: str, told: str) -> None:
    with pytest.raises(FulfillSimError, match=told):
        read_belief(text)


def test_one_draw_or_one_replication_is_refused() -> None:
    with pytest.raises(FulfillSimError, match="1 draws by 3 replications"):
        parts_of(np.zeros((1, 3)))
