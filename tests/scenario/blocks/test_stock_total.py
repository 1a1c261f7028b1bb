"""A total of stock shared among kinds of sites: the units of each product stay as many, to the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.network.site import SiteKind
from sim.scenario.blocks.stock_total import StockTotalBlock, shared
from tests.tiny import SITE_KIND, TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

DC, STORE, VENDOR = SiteKind.DC, SiteKind.STORE, SiteKind.VENDOR
KINDS = (DC, DC, STORE, STORE, STORE, SiteKind.THIRD_PARTY)
HEADER: list[object] = ["sku", "site", "on_hand"]


def by_kind(scenario: Scenario) -> dict[str, int]:
    level = scenario.usual_plan.order_up_to.sum(axis=0)
    kinds = np.array([site.kind for site in scenario.network.sites])
    return {kind: int(level[kinds == kind].sum()) for kind in dict.fromkeys(kinds.tolist())}


@given(
    units=st.lists(st.lists(st.integers(0, 60), min_size=6, max_size=6), min_size=1, max_size=40),
    parts=st.tuples(*[st.integers(0, 20)] * 3).filter(any),
)
def test_no_unit_comes_or_goes_and_every_kind_has_its_share(units: list[list[int]], parts: tuple[int, ...]) -> None:
    before = np.array(units, dtype=np.int32)
    shares = {kind: part / sum(parts) for kind, part in zip((DC, SiteKind.THIRD_PARTY, STORE), parts, strict=True)}
    after = shared(before, StockTotalBlock(shares=shares), KINDS, np.full(6, 1 / 6))
    assert (after >= 0).all()
    assert after.sum(axis=1).tolist() == before.sum(axis=1).tolist()
    for kind, share in shares.items():
        there = after[:, [each is kind for each in KINDS]].sum()
        assert abs(there - share * before.sum()) < 2


def test_sites_of_a_kind_part_their_share_as_they_had_it() -> None:
    before = np.array([[30, 10, 20, 20, 0, 0]], dtype=np.int32)
    shares = {DC: 0.75, STORE: 0.25, SiteKind.THIRD_PARTY: 0.0}
    after = shared(before, StockTotalBlock(shares=shares), KINDS, np.full(6, 1 / 6))
    assert after.tolist() == [[45, 15, 10, 10, 0, 0]]


def test_a_kind_that_had_nothing_parts_its_share_by_the_people_who_live_near() -> None:
    before = np.array([[20, 20, 0, 0, 0, 0]], dtype=np.int32)
    shares = {DC: 0.0, STORE: 1.0, SiteKind.THIRD_PARTY: 0.0}
    after = shared(before, StockTotalBlock(shares=shares), KINDS, np.array([0.5, 0.5, 0.6, 0.3, 0.1, 1.0]))
    assert after.tolist() == [[0, 0, 24, 12, 4, 0]]


def test_the_stock_of_vendors_is_not_ours_to_share() -> None:
    before = np.array([[10, 10, 7]], dtype=np.int32)
    after = shared(before, StockTotalBlock(shares={DC: 0.25, STORE: 0.75}), (DC, STORE, VENDOR), np.full(3, 1 / 3))
    assert after.tolist() == [[5, 15, 7]]


def test_levels_are_shared_and_no_reorder_point_reaches_its_level(tmp_path: Path) -> None:
    usual = tiny(tmp_path / "usual")
    moved = tiny(tmp_path / "moved", stock_total={"shares": {"dc": "25 %", "store": "75 %"}})
    assert moved.units_stocked == usual.units_stocked
    total = usual.units_stocked
    assert abs(by_kind(moved)["dc"] - 0.25 * total) < 1
    assert abs(by_kind(moved)["store"] - 0.75 * total) < 1
    plan, before = moved.stock_plan, usual.stock_plan
    assert plan.order_up_to.sum(axis=1).tolist() == before.order_up_to.sum(axis=1).tolist()
    assert (plan.reorder_point < np.maximum(plan.order_up_to, 1)).all()
    # as far up the level as they were
    assert plan.reorder_point.sum() / total == pytest.approx(before.reorder_point.sum() / total, abs=0.02)


@pytest.mark.parametrize("units", [1, 999, 5000])
def test_a_total_of_ones_own_is_kept_to_the_unit_whoever_is_closed(tmp_path: Path, units: int) -> None:
    block = {"units": units, "shares": {"dc": "33 %", "store": "67 %"}}
    for closed in ([], ["dc_west"], ["dc_east", "store_boston"]):
        assert tiny(tmp_path, stock_total=block, network__closed=closed).units_stocked == units


def test_a_given_stock_is_shared_too(tmp_path: Path) -> None:
    tables: dict[str, list[list[object]]] = {"stock.csv": [HEADER, ["A", "dc_east", 41], ["C", "store_oakland", 9]]}
    scenario = tiny(
        tmp_path, tables, opening_stock="stock.csv", stock_total={"shares": {"dc": "50 %", "store": "50 %"}}
    )
    assert scenario.opening_stock is not None
    assert scenario.opening_stock.sum(axis=1).tolist() == [41, 0, 9, 0]
    assert sorted([int(scenario.opening_stock[:, :2].sum()), int(scenario.opening_stock[:, 2:].sum())]) == [25, 25]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"shares": {"dc": "50 %", "store": "40 %"}}, "the shares add up to 90 % - expected 100 %"),
        ({"shares": {"dc": "100 %"}}, "stock_total.shares: no share for store - expected one, if only 0 %"),
        ({"shares": {"dc": "50 %", "store": "30 %", "third_party": "20 %"}},
         "stock_total.shares.third_party: no such site of ours is open: 'third_party' - expected one of dc, store"),
        ({"shares": {"dc": "50 %", "stor": "50 %"}}, "did you mean store?"),
        ({"units": 0, "shares": {"dc": "50 %", "store": "50 %"}}, "stock_total.units: 0 - expected at least 1"),
    ],
)  # fmt: skip
def test_shares_that_cannot_be_are_told(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        tiny(tmp_path, stock_total=changes)
    assert told in str(error.value)


def test_nobody_needs_a_share_for_vendors(tmp_path: Path) -> None:
    rows = [*TABLES["sites.csv"], ["maker", "Ohio", "vendor", "OH", 40.0, -83.0, "America/New_York", 0]]
    kinds = {
        "dc": SITE_KIND,
        "store": SITE_KIND,
        "vendor": {**SITE_KIND, "stock": {**SITE_KIND["stock"], "online_share": "0 %"}},
    }
    scenario = tiny(
        tmp_path,
        {"sites.csv": rows},
        site_kinds=kinds,
        stock_total={"units": 500, "shares": {"dc": "50 %", "store": "50 %"}},
    )
    assert scenario.units_stocked == 500
