"""Counts by hand: who is counted when, what a count finds, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.ledger.movements import Why
from tests.theory.drifting import count_every
from tests.world.drifting import drifting, lived, moved
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    DC_WEST,
    HEADPHONES,
    MONITOR,
    PRINTER,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

HERE = CABLE, DC_EAST
FOUR_PRODUCTS = {(sku, DC_EAST): 10 for sku in range(4)}
LABOUR = {"at": "22:00", "per_product": "90 s", "per_hour": "20 USD"}


def counted(folder: Path, on_hand: dict[tuple[int, int], int], counting: dict[str, Any], **changes: Any) -> Scenario:
    """Return a world whose warehouses count; what has no demand is carried all the same where it has stock."""
    return drifting(folder, on_hand, {}, site_kinds__dc__counting=LABOUR | counting, **changes)


def of_east(ledger: Any) -> list[tuple[float, int]]:
    """Return minute and number of products of each count in the eastern warehouse."""
    counts = ledger.counts.columns()
    here = counts["site"] == DC_EAST
    return list(zip(counts["at"][here].tolist(), counts["products"][here].tolist(), strict=True))


def test_a_full_count_makes_every_record_right_and_costs_its_minutes(tmp_path: Path) -> None:
    scenario = counted(tmp_path, FOUR_PRODUCTS, {"full": {"every": "2 days"}})
    mishaps = [(at(1, 9), *HERE, Why.LOST, 0), (at(1, 9), HEADPHONES, DC_EAST, Why.MISKEYED, 1)]
    ledger = lived(scenario, mishaps)
    assert (ledger.records["closing"] == ledger.closing_stock).all()
    counts = {name: column[0] for name, column in ledger.counts.columns().items()}
    assert counts == {
        "at": at(2, 22), "site": DC_EAST, "products": 4, "wrong": 2, "wrong_units": 2, "found": 0, "minutes": 6.0,
        "cost_cents": 200,
    }  # fmt: skip


def test_the_first_full_count_may_have_a_date(tmp_path: Path) -> None:
    # the scenario starts on 2 February
    scenario = counted(tmp_path, FOUR_PRODUCTS, {"full": {"first": "2026-02-03", "every": "3 days"}})
    days = [when for when, _ in of_east(lived(scenario))]
    assert days[:2] == [at(1, 22), at(4, 22)]


def test_sites_count_by_their_own_clocks(tmp_path: Path) -> None:
    counts = lived(counted(tmp_path, {(CABLE, DC_WEST): 1}, {"full": {"every": "1 day"}})).counts.columns()
    assert counts["at"][counts["site"] == DC_WEST][0] == at(2, 1)  # 22:00 in Nevada is 1:00 in New York


def test_a_continuous_count_takes_products_in_a_fixed_order_and_begins_again(tmp_path: Path) -> None:
    scenario = counted(tmp_path, FOUR_PRODUCTS, {"continuous": {"products_a_day": 3}})
    mishaps = [(at(0, 1), sku, DC_EAST, Why.MISKEYED, 1) for sku in range(4)]
    rows = [row for row in moved(lived(scenario, mishaps)) if row[1] == Why.COUNTED]
    # the first three on the first night, the fourth on the second
    assert [when for when, *_ in rows] == [at(0, 22)] * 3 + [at(1, 22)]


def test_each_class_is_counted_at_its_own_pace(tmp_path: Path) -> None:
    # by value sold, monitors have 220 * 15 of 6,200, headphones 60 * 30, printers 150 * 5 and cables 7 * 50: they begin
    # at 0 %, 53 %, 82 % and 94 %
    classes = [
        {"value": "50 %", "every": "1 day"},
        {"value": "40 %", "every": "2 days"},
        {"value": "10 %", "every": "9 days"},
    ]
    scenario = counted(tmp_path, FOUR_PRODUCTS, {"classes": classes})
    mishaps = [(at(0, 1) + day * 1440, sku, DC_EAST, Why.MISKEYED, 1) for day in range(4) for sku in range(4)]
    ledger = lived(scenario, mishaps)
    columns = ledger.movements.columns()
    hits = columns["cell"][(columns["why"] == Why.COUNTED) & (columns["at"] < at(4, 0))] // 4
    assert np.bincount(hits, minlength=4)[[MONITOR, HEADPHONES, PRINTER]].tolist() == [4, 2, 2]
    # headphones and printers take turns; cables, alone in the last class, come first on the first of nine days
    assert [products for _, products in of_east(ledger)][:4] == [3, 2, 2, 2]


def test_after_a_short_pick_the_shelf_is_counted_once(tmp_path: Path) -> None:
    scenario = counted(tmp_path, {HERE: 2}, {"after_short_pick": {"after": "3 h"}})
    router = ObedientRouter(all_from(DC_EAST), all_from(DC_EAST), give_up)
    orders = [shopper(k, at(1, 12), {CABLE: 2}) for k in (1, 2)]
    ledger = lived(scenario, [(at(1, 9), *HERE, Why.LOST, 0)], orders, router=router)
    ((when, products),) = of_east(ledger)
    picked_at = ledger.picks.columns()["at"].min()
    assert (when, products) == (pytest.approx(picked_at + 180), 1)
    assert (ledger.records["closing"] == ledger.closing_stock).all()


def test_a_walk_along_the_shelves_finds_those_that_are_empty_and_only_those(tmp_path: Path) -> None:
    scenario = counted(tmp_path, {HERE: 1, (HEADPHONES, DC_EAST): 2}, {"empty_shelves": {"every": "2 days"}})
    mishaps = [(at(0, 9), sku, DC_EAST, Why.LOST, 0) for sku in (CABLE, HEADPHONES)]
    ledger = lived(scenario, mishaps)
    assert of_east(ledger) == [(at(1, 22), 1)]
    assert ledger.records["closing"][[CABLE, HEADPHONES], DC_EAST].tolist() == [0, 2]


@pytest.mark.parametrize(("finds", "back"), [(1, 3), (0, 0)])
def test_a_count_brings_misplaced_units_back_to_their_shelf(tmp_path: Path, finds: float, back: int) -> None:
    scenario = counted(tmp_path, {HERE: 5}, {"full": {"every": "2 days"}, "finds": finds})
    ledger = lived(scenario, [(at(1, 9) + k, *HERE, Why.MISPLACED, 0) for k in range(3)])
    assert ledger.closing_stock[HERE] == ledger.records["closing"][HERE] == 2 + back
    assert ledger.closing_aside["misplaced"].sum() == 3 - back
    assert ledger.counts.columns()["found"].sum() == back


def test_a_count_sees_what_is_spoilt_and_a_later_notice_finds_nothing(tmp_path: Path) -> None:
    scenario = counted(tmp_path, {HERE: 5}, {"full": {"every": "2 days"}})
    rows = [(at(1, 9), *HERE, Why.SPOILT, 0), (at(1, 9), *HERE, Why.DAMAGED, 0)]
    ledger = lived(scenario, [*rows, (at(3, 9), *HERE, Why.DAMAGE_NOTICED, 0)])
    assert ledger.closing_stock[HERE] == ledger.records["closing"][HERE] == 3
    assert ledger.closing_aside["quarantined"].sum() == 2


def test_a_count_can_itself_be_wrong_by_one(tmp_path: Path) -> None:
    scenario = counted(tmp_path, FOUR_PRODUCTS, {"full": {"every": "2 days"}, "error": 1})
    error = lived(scenario).records["closing"][:, DC_EAST] - 10
    assert np.abs(error).max() >= 1
    assert (error != 0).all()


def test_the_block_of_the_theory_counts_at_midnight() -> None:
    assert count_every(9)["full"] == {"every": "9 days"}
