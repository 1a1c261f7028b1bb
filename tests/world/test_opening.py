"""A run that starts from given stock, goods on their way and open orders, followed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.study.kpis.reconcile import reconcile
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

STOCK: list[list[object]] = [["sku", "site", "on_hand"], ["A", "dc_east", 5]]
RECEIPTS: list[list[object]] = [
    ["sku", "site", "due_on", "units"], ["A", "store_boston", "2026-02-04", 3], ["A", "dc_east", "2026-02-02", 2],
]  # fmt: skip
ORDER = ["order", "placed_at", "place", "channel", "sku", "quantity"]
BACKLOG: list[list[object]] = [
    ORDER,
    ["late", "2026-02-01T12:00-05:00", "606", "web", "A", 1],
    ["old", "2026-01-30T09:30-05:00", "021", "web", "A", 2],
]


def test_goods_on_their_way_come_on_their_day_though_nothing_is_ordered(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {}, {"receipts.csv": RECEIPTS}, opening_receipts="receipts.csv")
    ledger = simulate(scenario, HandMadeTape(scenario), ObedientRouter(all_from(DC_EAST)))
    audit(ledger)
    came = ledger.receipts.columns()
    assert list(zip(came["at"].tolist(), came["site"].tolist(), came["quantity"].tolist(), strict=True)) == [
        (at(0, 4), DC_EAST, 2),
        (at(2, 4), BOSTON, 3),
    ]
    assert ledger.opening_in_transit.sum() == 5
    assert ledger.closing_in_transit.sum() == 0


def test_goods_on_their_way_keep_the_rules_from_ordering_twice(tmp_path: Path) -> None:
    levels = [["sku", "site", "reorder_point", "order_up_to"]]
    levels += [[sku, site, 4, 8] if (sku, site) == ("A", "store_boston") else [sku, site, 0, 0]
               for sku in "ABCD" for site in ("dc_east", "dc_west", "store_boston", "store_oakland")]  # fmt: skip
    coming = [RECEIPTS[0], ["A", "store_boston", "2026-02-04", 8]]
    tables: dict[str, list[list[object]]] = {"stock.csv": STOCK, "levels.csv": levels, "receipts.csv": coming}
    own: dict[str, Any] = {
        "opening_stock": "stock.csv",
        "stock_levels": "levels.csv",
        "clock__warm_up": "0 days",
    }
    with_it = tiny(tmp_path / "a", tables, **own, opening_receipts="receipts.csv")
    without = tiny(tmp_path / "b", tables, **own)
    ordered = [
        simulate(each, HandMadeTape(each), ObedientRouter(all_from(DC_EAST))).supply_orders.columns()["units"].tolist()
        for each in (with_it, without)
    ]
    assert ordered == [[], [8]]


def test_open_orders_go_first_and_count_for_none_of_the_measured(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 4}, {"backlog.csv": BACKLOG}, opening_backlog="backlog.csv")
    router = ObedientRouter(all_from(DC_EAST))
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 1})]), router)
    audit(ledger)
    assert reconcile(ledger).holds
    asked = [(now, order.placed_at, order.lines[0].quantity) for now, order in router.asked]
    # two and a half days before midnight of 2 February, then half a day before, then the first shopper
    assert asked == [(0.0, -(2 * 1440 + 14.5 * 60), 2), (0.0, -720.0, 1), (at(0, 8), at(0, 8), 1)]
    orders = orders_of(ledger)
    measured = (orders["at"] >= ledger.measured[0]) & (orders["at"] < ledger.measured[1])
    assert orders["units_picked"].tolist() == [2, 1, 1]
    assert measured.tolist() == [False, False, True]


def test_an_open_order_takes_the_same_luck_whatever_else_there_is(tmp_path: Path) -> None:
    one = stocked(tmp_path / "one", {}, {"backlog.csv": BACKLOG[:2]}, opening_backlog="backlog.csv")
    other = stocked(
        tmp_path / "other", {(CABLE, BOSTON): 9}, {"backlog.csv": BACKLOG[:2]}, opening_backlog="backlog.csv"
    )
    rows = [HandMadeTape(each).backlog for each in (one, other)]
    assert rows[0] == rows[1]
    assert len({row.id for row in rows[0]} & {row.id for row in HandMadeTape(one).shoppers(0)}) == 0


@pytest.mark.parametrize(
    ("receipt", "order", "said"),
    [
        (["A", "dc_east", "2026-02-01", 2], None, "receipts.csv:2: due_on: 2026-02-01 - expected no day before"),
        (["A", "dc_eats", "2026-02-03", 2], None, "did you mean dc_east?"),
        (["A", "dc_east", "3 Feb", 2], None, "'3 Feb' - expected a date such as"),
        (["A", "dc_east", "2026-02-03", -2], None, "-2"),
        (None, ["x", "2026-02-02T12:00", "021", "web", "A", 1], "expected a moment in the 40 days before"),
        (None, ["x", "2025-12-01T12:00", "021", "web", "A", 1], "expected a moment in the 40 days before"),
        (None, ["x", "2026-02-01T12:00", "0211", "web", "A", 1], "did you mean 021"),
        (None, ["x", "2026-02-01T12:00", "021", "web", "A", 0], "0 units - expected at least 1"),
    ],
)
def test_what_cannot_be_is_refused_by_line(
    tmp_path: Path, receipt: list[object] | None, order: list[object] | None, said: str
) -> None:
    tables: dict[str, list[list[object]]] = {}
    named: dict[str, str] = {}
    if receipt is not None:
        tables["receipts.csv"], named["opening_receipts"] = [RECEIPTS[0], receipt], "receipts.csv"
    if order is not None:
        tables["backlog.csv"], named["opening_backlog"] = [list(ORDER), order], "backlog.csv"
    with pytest.raises(ScenarioError, match=r"csv:2:") as refused:
        stocked(tmp_path, {}, tables, **named)
    assert said in str(refused.value)


def test_goods_on_their_way_beside_a_drawn_stock_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"opening_receipts: stands alone - expected opening_stock beside it"):
        tiny(tmp_path, {"receipts.csv": RECEIPTS}, opening_receipts="receipts.csv")
