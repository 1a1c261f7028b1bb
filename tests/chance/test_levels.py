"""Season, growth, channels and promotions: how many come is what arithmetic says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.scenario.blocks.demand import DemandBlock
from tests.tiny import TREE, tiny

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.scenario.load import Scenario

MANY = 2000
BUSY: dict[str, Any] = {"demand__shoppers_per_day": MANY}
ONE_LINE: dict[str, Any] = {"demand__lines_per_order": {1: 1}, "demand__units_per_line": {1: 1}}
CHANNELS: dict[str, Any] = {"web": {"share": "75 %"}, "marketplace": {"share": "25 %"}}


def comers(scenario: Scenario, *days: int) -> list[Shopper]:
    tape = Tape(scenario, 1, 0)
    return [row for day in days for row in tape.shoppers(day)]


def near(count: float, mean: float) -> bool:
    """Return whether a Poisson count lies within four standard deviations of its mean."""
    return abs(count - mean) <= 4 * mean**0.5


def units(shoppers: Iterable[Shopper]) -> Counter[int]:
    """Return the units wanted of each product."""
    wanted = Counter[int]()
    for row in shoppers:
        for sku, quantity in row.lines:
            wanted[sku] += quantity
    return wanted


def block(**values: object) -> DemandBlock:
    return DemandBlock.model_validate({**TREE["demand"], **values})


@pytest.mark.parametrize(
    ("values", "today", "days", "level"),
    [
        ({}, date(2026, 11, 27), 300, 1.0),
        ({"season": {"months": [1] * 10 + [1.8, 1.68]}}, date(2026, 11, 27), 300, 1.8),
        ({"season": {"weeks": {52: 1.64}}}, date(2026, 12, 25), 300, 1.64),
        ({"season": {"weeks": {52: 1.64}}}, date(2026, 12, 28), 300, 1.0),
        ({"season": {"dates": {"2026-11-27": 5.7}}}, date(2026, 11, 27), 300, 5.7),
        ({"season": {"months": [1] * 10 + [1.8, 1], "dates": {"2026-11-27": 2}}}, date(2026, 11, 27), 300, 3.6),
        ({"growth": 0.21}, date(2026, 8, 3), 365, 1.21),
        ({"growth": 0.21}, date(2026, 8, 3), 730, 1.21**2),
        ({"growth": -0.19}, date(2026, 8, 3), 365, 0.81),
    ],
)
def test_a_days_level_is_its_month_times_its_week_times_its_date_times_growth(
    values: dict[str, Any], today: date, days: int, level: float
) -> None:
    assert block(**values).year_level(today, days) == pytest.approx(level, rel=1e-12)


def test_as_many_come_on_a_day_as_its_level_says(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, demand__season={"dates": {"2026-02-03": 0, "2026-02-05": 3}}, **BUSY)
    tape = Tape(scenario, 1, 0)
    local_days = [len(tape._born(day)) for day in range(4)]
    assert local_days[1] == 0
    assert near(local_days[0], MANY)
    assert near(local_days[3], 3 * MANY)


def test_channels_have_their_shares_hours_and_baskets(tmp_path: Path) -> None:
    night = {"share": "25 %", "hours": [1] * 6 + [0] * 18, "lines_per_order": {1: 1}, "units_per_line": {3: 1}}
    scenario = tiny(tmp_path, demand__channels={"web": {"share": "75 %"}, "marketplace": night}, **BUSY)
    assert scenario.channels == ("web", "marketplace")
    rows = Tape(scenario, 1, 0)._born(1)
    by_channel = [[row for row in rows if row.channel == channel] for channel in (0, 1)]
    assert near(len(by_channel[0]), 0.75 * MANY)
    assert near(len(by_channel[1]), 0.25 * MANY)
    assert {row.lines[0].quantity for row in by_channel[1]} == {3}
    assert {len(row.lines) for row in by_channel[0]} == {1, 2}
    # six in the morning in San Francisco is nine in New York
    assert max(row.at for row in by_channel[1]) <= 1440 + 9 * 60


def test_a_weekday_of_a_channel_is_its_own(tmp_path: Path) -> None:
    week = {"mon": 0.0001, "tue": 1, "wed": 1, "thu": 1, "fri": 1, "sat": 1, "sun": 1}
    scenario = tiny(tmp_path, demand__channels={**CHANNELS, "web": {"share": "75 %", "weekday": week}}, **BUSY)
    monday = Counter(row.channel for row in Tape(scenario, 1, 0)._born(0))
    assert monday[0] <= 5
    assert near(monday[1], 0.25 * MANY)


def test_another_channel_leaves_the_shoppers_of_those_there_are_as_they_were(tmp_path: Path) -> None:
    two = tiny(tmp_path / "two", demand__channels=CHANNELS, **BUSY)
    more = {**CHANNELS, "social": {"share": "20 %"}}
    more["web"] = {"share": "55 %"}
    three = tiny(tmp_path / "three", demand__channels=more, **BUSY)
    there = [[row[1:] for row in comers(scenario, 1) if row.channel == 1] for scenario in (two, three)]
    assert len(there[0]) > 0
    assert there[0] == there[1]


@pytest.mark.parametrize(
    ("starts", "ends", "days"),
    [
        ("2026-02-03", "2026-02-04", 1.0),
        ("2026-02-03 06:00", "2026-02-03 12:00", 0.25),
        ("2026-02-03", "2026-02-05", 1),
    ],
)
def test_a_promotion_brings_so_many_times_the_units_of_its_goods_and_no_others(
    tmp_path: Path, starts: str, ends: str, days: float
) -> None:
    promotion = {"products": ["A"], "starts": starts, "ends": ends, "times": 3}
    usual = Tape(tiny(tmp_path / "usual", **BUSY), 1, 0)._born(1)
    rows = Tape(tiny(tmp_path / "sale", demand__promotions={"sale": promotion}, **BUSY), 1, 0)._born(1)
    assert rows[: len(usual)] == usual  # the usual shoppers come as they did
    more = units(rows[len(usual) :])
    assert set(more) == {0}
    # 1.3 lines of 1.2 units, half of them of A, twice as many again: the extra ones come for one line each
    lines = len(rows) - len(usual)
    assert near(lines, 2 * 0.5 * 1.3 * MANY * days)
    assert more[0] / lines == pytest.approx(1.2, abs=0.06)


def test_a_flash_sale_has_its_hours_and_channels(tmp_path: Path) -> None:
    sale = {
        "categories": ["audio", "screens"], "starts": "2026-02-03 18:00", "ends": "2026-02-03 20:00", "times": 20,
        "channels": ["marketplace"],
    }  # fmt: skip
    changes: dict[str, Any] = {"demand__channels": CHANNELS, **BUSY}
    usual = Tape(tiny(tmp_path / "usual", **changes), 1, 0)._born(1)
    scenario = tiny(tmp_path / "sale", demand__promotions={"flash": sale}, **changes)
    more = Tape(scenario, 1, 0)._born(1)[len(usual) :]
    assert {row.channel for row in more} == {1}
    assert set(units(more)) == {1, 2}
    # on local clocks: three hours later in the West
    late = {0: 0, 1: 60, 2: 180}
    local = np.array([row.at - late[row.place] - 1440 for row in more])
    assert local.min() >= 18 * 60
    assert local.max() < 20 * 60
    # 25 % of the shoppers, 2 of 24 hours, 1.3 lines, 45 % of them of these, 19 times more
    assert near(len(more), 0.25 * MANY * 2 / 24 * 1.3 * 0.45 * 19)


def test_days_that_are_all_busy_or_all_quiet_are_so_on_every_channel(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, demand__channels={"a": {"share": 0.5}, "b": {"share": 0.5}}, demand__day_cv=0.5)
    tape = Tape(scenario, 1, 0)
    counts = np.array([[sum(row.channel == c for row in tape._born(day)) for c in (0, 1)] for day in range(25)])
    assert np.corrcoef(counts.T)[0, 1] > 0.7
    assert 0.3 < counts.sum(axis=1).std() / counts.sum(axis=1).mean() < 0.75
