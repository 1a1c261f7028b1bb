"""Flash sales that begin by chance: as often and as long as a renewal process says, on one tape for all."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.promotions import runs_of
from sim.chance.tape import Tape
from sim.errors import ScenarioError
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

DAY = 1440.0
MANY = 2000
FLASH: dict[str, Any] = {"products": ["A"], "times": 3, "per_year": 73, "lasts": "12 h"}


def runs(scenario: Scenario, seed: int = 1) -> list[tuple[float, float]]:
    return runs_of(scenario, "flash", scenario.file.demand.promotions["flash"], Tape(scenario, seed, 0).luck_of)


def test_they_begin_at_their_rate_while_none_runs(tmp_path: Path) -> None:
    days = 3650
    scenario = tiny(tmp_path, demand__promotions={"flash": FLASH}, clock__measure=f"{days} days")
    found = runs(scenario)
    assert {round(end - start, 6) for start, end in found} == {720}
    assert all(before[1] < after[0] for before, after in pairwise(found))
    # half a day of sale and five days without, the latter by chance: a renewal process
    mean, sd = days / 5.5, np.sqrt(days * 5**2 / 5.5**3)
    assert abs(len(found) - mean) < 4 * sd


def test_they_bring_so_many_times_the_demand_for_their_goods_while_they_run(tmp_path: Path) -> None:
    busy = {"demand__shoppers_per_day": MANY, "clock__measure": "30 days"}
    usual = Tape(tiny(tmp_path / "usual", **busy), 1, 0)
    scenario = tiny(tmp_path / "flash", demand__promotions={"flash": {**FLASH, "per_year": 365}}, **busy)
    tape, late = Tape(scenario, 1, 0), {0: 0, 1: 60, 2: 180}
    more, local = 0, []
    for day in range(8):
        there, rows = usual._born(day), tape._born(day)
        assert rows[: len(there)] == there
        more += len(rows) - len(there)
        local += [row.at - late[row.place] for row in rows[len(there) :]]
    parts = [(start, min(end, 8 * DAY)) for start, end in runs(scenario) if start < 8 * DAY]
    running = sum(end - start for start, end in parts) / DAY
    assert running > 1
    mean = 2 * 0.5 * 1.3 * MANY * running  # twice as many again of A, half of 1.3 lines
    assert abs(more - mean) < 4 * mean**0.5
    # on local clocks each begins and ends at the same hour
    assert all(any(start <= at < end for start, end in parts) for at in local)


def test_their_luck_is_their_own(tmp_path: Path) -> None:
    one = tiny(tmp_path / "one", demand__promotions={"flash": FLASH})
    two = tiny(tmp_path / "two", demand__promotions={"other": {**FLASH, "products": ["B"]}, "flash": FLASH})
    assert runs(one) == runs(two)
    assert runs(one) != runs(one, seed=2)
    longer = tiny(tmp_path / "long", demand__promotions={"flash": FLASH}, clock__measure="90 days")
    assert runs(longer)[: len(runs(one))] == runs(one)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({}, "neither"),
        ({"per_year": 4}, "per_year"),
        ({"starts": "2026-02-03"}, "starts"),
        ({"starts": "2026-02-03", "ends": "2026-02-04", "per_year": 4, "lasts": "1 h"}, "ends and lasts and per_year"),
    ],
)
def test_a_promotion_is_scheduled_or_random(tmp_path: Path, when: dict[str, Any], found: str) -> None:
    message = f"demand.promotions.flash: {found}"
    with pytest.raises(ScenarioError, match=re.escape(message)) as told:
        tiny(tmp_path, demand__promotions={"flash": {"products": ["A"], "times": 3, **when}})
    assert "expected either starts and ends, or per_year and lasts" in str(told.value)
