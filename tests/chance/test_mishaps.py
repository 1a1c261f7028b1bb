"""The tape of mishaps: rates as stated, days cut from periods without a seam, the same luck whatever else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.mishaps import PERIOD
from sim.chance.streams import Hashed
from sim.chance.tape import Tape
from sim.ledger.movements import Why
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.scenario.load import Scenario

DAYS = 100
STORES = (2, 3)


def rows(scenario: Scenario, why: Why, days: int = DAYS) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the moments and cells of all mishaps of one kind."""
    found = [Tape(scenario, 1, 0).unseen.on(day) for day in range(days)]
    at, cells, kinds = (np.concatenate([getattr(each, name) for each in found]) for name in ("at", "cells", "why"))
    return at[kinds == why], cells[kinds == why]


def world(folder: Path, **records: Any) -> Scenario:
    return tiny(folder, site_kinds__store__records=records)


def poisson(count: int, mean: float) -> bool:
    """Return whether a count lies within four standard deviations of its mean."""
    return bool(abs(count - mean) < 4 * np.sqrt(mean))


def test_each_product_of_each_store_loses_what_is_stated(tmp_path: Path) -> None:
    _, cells = rows(world(tmp_path, shrink={"per_product_day": 2}), Why.LOST)
    assert set((cells % 4).tolist()) == set(STORES)
    assert all(poisson(count, 2 * DAYS) for count in np.unique(cells, return_counts=True)[1])


def test_a_share_of_demand_follows_what_is_expected_to_be_wanted(tmp_path: Path) -> None:
    scenario = world(tmp_path, shrink={"of_demand": "10 %"})
    _, cells = rows(scenario, Why.LOST)
    expected = 0.1 * DAYS * scenario.stock_plan.daily_demand.reshape(-1)
    counts = np.bincount(cells, minlength=16)
    assert all(poisson(counts[cell], expected[cell]) for cell in range(16) if cell % 4 in STORES)


def test_a_share_of_the_units_on_the_shelf_is_drawn_for_a_full_one(tmp_path: Path) -> None:
    scenario = world(tmp_path, shrink={"per_unit_day": "2 %"})
    most = scenario.stock_plan.order_up_to
    found = [Tape(scenario, 1, 0).unseen.on(day) for day in range(DAYS)]
    detail = np.concatenate([each.detail for each in found])
    cells = np.concatenate([each.cells for each in found])
    cell = 0 * 4 + 2
    units = most[0, 2]
    assert poisson(int((cells == cell).sum()), 0.02 * units * DAYS)
    assert set(detail[cells == cell].tolist()) <= set(range(units))
    half = np.count_nonzero(detail[cells == cell] < units // 2) / np.count_nonzero(cells == cell)
    assert half == pytest.approx(0.5, abs=0.2)


def test_days_are_in_order_and_cut_at_midnight(tmp_path: Path) -> None:
    scenario = world(tmp_path, shrink={"per_product_day": 3}, damage={"per_product_day": 3, "noticed_after": "36 h"})
    tape = Tape(scenario, 1, 0)
    for day in (0, 1, PERIOD - 1, PERIOD, PERIOD + 1, 2 * PERIOD):
        at = tape.unseen.on(day).at
        assert at.size
        assert (np.diff(at) >= 0).all()
        assert day * 1440 <= at[0] <= at[-1] < (day + 1) * 1440


def test_what_is_noticed_is_noticed_so_long_after_it_happened(tmp_path: Path) -> None:
    damage = {"per_product_day": 3, "noticed": "60 %", "noticed_after": "36 h"}
    scenario = world(tmp_path, damage=damage)
    (broken, cells), (seen, same), (spoilt, _) = (
        rows(scenario, why) for why in (Why.DAMAGED, Why.DAMAGE_NOTICED, Why.SPOILT)
    )
    early = broken < (DAYS - 1.5) * 1440
    assert np.array_equal(np.sort(broken[early] + 2160), np.sort(seen))
    assert sorted(cells[early].tolist()) == sorted(same.tolist())
    share = broken.size / (broken.size + spoilt.size)
    assert abs(share - 0.6) < 4 * np.sqrt(0.24 / (broken.size + spoilt.size))


def test_thieves_come_in_opening_hours_and_on_open_days(tmp_path: Path) -> None:
    hours = {"mon": "10:00-20:00", "wed": "12:00-14:00"}
    scenario = tiny(
        tmp_path, site_kinds__store__records={"theft": {"per_product_day": 3}}, site_kinds__store__hours=hours
    )
    at, cells = rows(scenario, Why.STOLEN, 28)  # before the clocks change
    boston = at[cells % 4 == 2]
    days, minutes = boston // 1440 % 7, boston % 1440  # the scenario starts on a Monday
    assert set(days.tolist()) == {0, 2}
    assert minutes[days == 0].min() >= 600
    assert minutes[days == 0].max() < 1200
    assert ((minutes[days == 2] >= 720) & (minutes[days == 2] < 840)).all()
    assert poisson(boston.size, 3 * 4 * 8)


def test_wrong_bookings_go_up_as_often_as_down(tmp_path: Path) -> None:
    scenario = world(tmp_path, miskeyed={"per_product_day": 3})
    detail = np.concatenate([Tape(scenario, 1, 0).unseen.on(day).detail for day in range(DAYS)])
    assert set(detail.tolist()) == {-1, 1}
    assert abs((detail == 1).mean() - 0.5) < 4 * 0.5 / np.sqrt(detail.size)


def test_a_new_store_and_another_source_shift_no_mishap_of_the_others(tmp_path: Path) -> None:
    before = rows(world(tmp_path / "a", shrink={"per_product_day": 1}), Why.LOST)
    sites = [*TABLES["sites.csv"], ["z", "Lima", "store", "OH", 40.7, -84.1, "America/New_York", 1]]
    records = {"shrink": {"per_product_day": 1}, "theft": {"per_product_day": 5}}
    at, cells = rows(tiny(tmp_path / "b", {"sites.csv": sites}, site_kinds__store__records=records), Why.LOST)
    old = cells % 5 < 4
    assert np.array_equal(at[old], before[0])
    assert np.array_equal(cells[old] // 5 * 4 + cells[old] % 5, before[1])


def test_since_the_last_count_records_have_drifted_by_their_rates(tmp_path: Path) -> None:
    scenario = world(tmp_path, shrink={"per_product_day": 2}, counted_before="50 days")
    ((why, cells, _), (_, more, _)) = Tape(scenario, 1, 0).unseen.before()
    assert why is Why.LOST
    assert poisson(cells.size + more.size, 2 * 50 * 8)


def test_nothing_happens_where_no_records_are_kept(tmp_path: Path) -> None:
    unseen = Tape(tiny(tmp_path), 1, 0).unseen
    assert [each.at.size for each in map(unseen.on, range(3))] == [0, 0, 0]


def test_hashed_luck_of_many_is_that_of_each_and_is_even() -> None:
    luck = Hashed(1, 0, "till")
    names = np.arange(20_000, dtype=np.uint64)
    many = luck.many(names, names[::-1])
    assert many[:50].tolist() == [luck(k, 19_999 - k) for k in range(50)]
    counts = np.bincount((many * 20).astype(int), minlength=20)
    assert ((counts - 1000) ** 2 / 1000).sum() < 43.8  # chi-squared with 19 degrees of freedom, one in a thousand
