"""Who wants what: by region, by channel, and what is bought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.chance.tape import Tape
from tests.chance.test_levels import BUSY, CHANNELS, MANY, ONE_LINE, near, units
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

IN_THE_WEST = 2  # San Francisco, the third place
PEOPLE = np.array([600, 900, 700]) / 2200


def test_goods_are_wanted_more_where_tastes_say_so_and_as_many_come_as_ever(tmp_path: Path) -> None:
    # cables, half of all, four times as popular in the West: 0.5 * 4 / (0.5 * 4 + 0.5) there
    taste = {"categories": ["cables"], "states": ["CA"], "times": 4}
    usual = Tape(tiny(tmp_path / "usual", **BUSY, **ONE_LINE), 1, 0)._born(1)
    scenario = tiny(tmp_path / "west", demand__tastes=[taste], **BUSY, **ONE_LINE)
    rows = Tape(scenario, 1, 0)._born(1)
    assert [(row.at, row.place) for row in rows] == [(row.at, row.place) for row in usual]
    west = [row for row in rows if row.place == IN_THE_WEST]
    rest = [row for row in rows if row.place != IN_THE_WEST]
    assert near(units(west)[0], 0.8 * len(west))
    assert [row.lines for row in rest] == [row.lines for row in usual if row.place != IN_THE_WEST]


def test_a_channel_may_sell_some_goods_only(tmp_path: Path) -> None:
    tastes = [{"categories": ["screens", "printers", "audio"], "channels": ["marketplace"], "times": 0}]
    scenario = tiny(tmp_path, demand__channels=CHANNELS, demand__tastes=tastes, **BUSY, **ONE_LINE)
    rows = Tape(scenario, 1, 0)._born(1)
    assert set(units(row for row in rows if row.channel == 1)) == {0}
    assert set(units(row for row in rows if row.channel == 0)) == {0, 1, 2, 3}


def test_stock_is_planned_for_what_is_wanted_nearby(tmp_path: Path) -> None:
    taste = {"categories": ["cables"], "states": ["CA"], "times": 4}
    usual = tiny(tmp_path / "usual", walk_ins=...)
    west = tiny(tmp_path / "west", walk_ins=..., demand__tastes=[taste])
    daily, before = west.stock_plan.daily_demand, usual.stock_plan.daily_demand
    # of the stores Oakland serves the West alone, Boston all others
    assert daily[:, 3] / before[:, 3] == pytest.approx(np.array([1.6, 0.4, 0.4, 0.4]))
    assert daily[:, 2] == pytest.approx(before[:, 2])


def test_some_orders_with_the_one_get_a_unit_of_the_other(tmp_path: Path) -> None:
    rule = {"orders_of": {"products": ["C"]}, "bring": {"categories": ["cables"]}, "share": "40 %"}
    usual = Tape(tiny(tmp_path / "usual", **BUSY, **ONE_LINE), 1, 0)._born(1)
    scenario = tiny(tmp_path / "more", demand__bought_together=[rule], **BUSY, **ONE_LINE)
    rows = Tape(scenario, 1, 0)._born(1)
    monitors = [row for row in usual if row.lines[0].sku == 2]
    brought = [row for row, before in zip(rows, usual, strict=True) if row.lines != before.lines]
    assert {tuple(sku for sku, _ in row.lines) for row in brought} == {(2, 0)}
    assert abs(len(brought) - 0.4 * len(monitors)) <= 4 * (0.24 * len(monitors)) ** 0.5
    assert units(rows)[0] == units(usual)[0] + len(brought)


def test_a_promotion_comes_where_its_goods_are_wanted(tmp_path: Path) -> None:
    # monitors are wanted in Chicago only: so are the extra ones
    tastes = [{"products": ["C"], "places": ["021", "941"], "times": 0}]
    sale = {"products": ["C"], "starts": "2026-02-03", "ends": "2026-02-04", "times": 5}
    usual = Tape(tiny(tmp_path / "usual", demand__tastes=tastes, **BUSY, **ONE_LINE), 1, 0)._born(1)
    scenario = tiny(tmp_path / "sale", demand__tastes=tastes, demand__promotions={"m": sale}, **BUSY, **ONE_LINE)
    more = Tape(scenario, 1, 0)._born(1)[len(usual) :]
    assert {row.place for row in more} == {1}
    assert near(len(more), 4 * 0.15 * PEOPLE[1] * MANY)
