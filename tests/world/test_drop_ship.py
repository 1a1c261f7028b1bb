"""Vendors whose stock is not ours, bought when it is picked and told of by files that may err; sites that say no."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.news import StockNews
from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.scenario.load import load
from sim.world.simulate import simulate
from tests.tiny import SITE_KIND, TABLES, write
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

VENDOR = 4
SITES = {"sites.csv": [*TABLES["sites.csv"], ["his", "Trenton", "vendor", "NJ", 40.22, -74.76, "America/New_York", 0]]}
STOCK = [["sku", "site", "on_hand"], ["A", "his", 50], ["A", "dc_east", 50]]


def with_vendor(folder: Path, drop_ship: Any = None, **changes: Any) -> Scenario:
    """Return a world in which a vendor and a warehouse have 50 cables each."""
    kinds = {kind: deepcopy(SITE_KIND) for kind in ("dc", "store", "vendor")}
    kinds["vendor"]["feed"] = {"kind": "batch", "at": "02:00", "snapshot": "full"}
    kinds["vendor"] |= {"drop_ship": drop_ship or {}} | changes.pop("vendor", {})
    own: dict[str, Any] = {"site_kinds": kinds, "walk_ins": ...}
    return stocked(folder, {}, SITES | {"stock.csv": STOCK}, **own | changes)


def run(scenario: Scenario, router: ObedientRouter, *orders: tuple[int, float, dict[int, int]]) -> Ledger:
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(*order) for order in orders]), router)
    audit(ledger)
    return ledger


def test_what_a_vendor_sends_is_bought_at_his_price_when_it_is_picked(tmp_path: Path) -> None:
    ledger = run(with_vendor(tmp_path, {"price": 1.1}), ObedientRouter(all_from(VENDOR)), (1, at(0, 8), {CABLE: 3}))
    bought = {name: column.tolist() for name, column in ledger.purchases.columns().items()}
    # a cable costs us 7 USD and sells at 12
    assert bought == {
        "order": [1], "at": [at(0, 8, 5)], "site": [VENDOR], "sku": [CABLE], "units": [3], "cents": [2310],
        "value_cents": [3600],
    }  # fmt: skip


def test_nothing_is_bought_of_a_warehouse_of_our_own(tmp_path: Path) -> None:
    ledger = run(with_vendor(tmp_path), ObedientRouter(all_from(DC_EAST)), (1, at(0, 8), {CABLE: 3}))
    assert len(ledger.purchases.columns()["order"]) == 0


def test_a_vendors_stock_is_on_no_balance_of_ours_and_costs_nothing_to_hold(tmp_path: Path) -> None:
    scenario = with_vendor(tmp_path, carrying={"holding": "36.5 %"})
    ledger = run(scenario, ObedientRouter(all_from(VENDOR)), (1, at(0, 8), {CABLE: 3}))
    snapshots = ledger.snapshots.columns()
    assert set(snapshots["value_cents"]) == {50 * 700}
    assert set(snapshots["carrying_cents"]) == {35}


def test_a_vendor_restocks_for_himself(tmp_path: Path) -> None:
    scenario = with_vendor(tmp_path, replenishment="rules", demand__shoppers_per_day=1)
    ledger = simulate(scenario, Tape(scenario, 1, 0), ObedientRouter(give_up))
    received, ordered = ledger.receipts.columns(), ledger.supply_orders.columns()
    assert VENDOR in received["site"]
    assert DC_EAST in ordered["site"]
    assert VENDOR not in ordered["site"]


def test_a_site_that_declines_gives_nothing_and_the_router_is_asked_again_without_it(tmp_path: Path) -> None:
    scenario = with_vendor(tmp_path, vendor={"declines": "100 %"})
    router = ObedientRouter(all_from(VENDOR), all_from(DC_EAST))
    ledger = run(scenario, router, (1, at(0, 8), {CABLE: 3}))
    declined = ledger.declines.columns()
    assert (declined["order"].tolist(), declined["site"].tolist(), declined["units"].tolist()) == ([1], [VENDOR], [3])
    assert router.asked[1][1].refused_by == (VENDOR,)
    assert router.asked[1][0] == pytest.approx(at(0, 8, 6))  # message 1, pick 4, message back 1 minute
    parcels = ledger.parcels.columns()
    assert parcels["site"].tolist() == [DC_EAST]  # who declines is paid nothing
    orders = orders_of(ledger)
    assert (orders["units_short"].tolist(), orders["reroutes"].tolist()) == ([0], [1])


def test_the_share_of_orders_declined_is_that_of_the_block(tmp_path: Path) -> None:
    scenario = with_vendor(tmp_path, vendor={"declines": "25 %", "pickers": 50}, clock__measure="1 days")
    orders = [(number, at(0, 8), {CABLE: 1}) for number in range(400)]
    router = ObedientRouter(lambda order: give_up(order) if order.refused_by else all_from(VENDOR)(order))
    ledger = run(scenario, router, *orders)
    declined = len(ledger.declines.columns()["order"])
    assert declined == pytest.approx(100, abs=4 * np.sqrt(400 * 0.25 * 0.75))


def files(scenario: Scenario, days: int) -> NDArray[np.int64]:
    """Return what the vendor's nightly files say of his 50 cables."""
    router = ObedientRouter(give_up)
    simulate(scenario, HandMadeTape(scenario, [shopper(1, at(days - 1, 8), {CABLE: 1})]), router)
    cell = CABLE * 5 + VENDOR
    told = [n for n in router.told if isinstance(n, StockNews) and n.sites.tolist() == [VENDOR]]
    return np.array([news.on_hand[news.cells.tolist().index(cell)] for news in told])


def test_a_file_without_errors_says_what_is_there(tmp_path: Path) -> None:
    assert set(files(with_vendor(tmp_path, clock__measure="5 days"), 5)) == {50}


def test_errors_of_a_file_are_of_their_share_and_no_larger_than_said(tmp_path: Path) -> None:
    errors = {"file_errors": {"share": "50 %", "units": 2}}
    counts = files(with_vendor(tmp_path, errors, clock__measure="120 days", snapshot__at="03:00"), 120)
    assert set(counts) == {48, 49, 50, 51, 52}
    assert np.mean(counts != 50) == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / len(counts)))
    assert np.mean(counts > 50) == pytest.approx(0.25, abs=4 * np.sqrt(0.1875 / len(counts)))


@pytest.mark.parametrize(
    ("kind", "block", "told"),
    [
        ("dc", {"drop_ship": {}}, "site_kinds.dc.drop_ship - expected it at vendors only"),
        ("vendor", {"contract": {"storage": "10 USD"}}, "site_kinds.vendor.contract - expected it at sites that"),
        ("vendor", {"drop_ship": {"file_errors": {"share": "5 %", "units": 1}},
                    "feed": {"kind": "event", "latency": "1 min"}}, "a feed of single events - expected a file"),
    ],
)  # fmt: skip
def test_what_can_make_no_difference_is_told(tmp_path: Path, kind: str, block: Any, told: str) -> None:
    kinds = {name: deepcopy(SITE_KIND) for name in ("dc", "store", "vendor")}
    kinds[kind] |= block
    with pytest.raises(ScenarioError, match=told):
        load(write(tmp_path, SITES, site_kinds=kinds))


def test_what_a_vendor_pays_for_his_own_restocking_is_no_matter_of_ours(tmp_path: Path) -> None:
    kinds = {name: deepcopy(SITE_KIND) for name in ("dc", "store", "vendor")}
    kinds["vendor"]["stock"]["cost_per_unit"] = "1 USD"
    with pytest.raises(ScenarioError, match="cost_per_order and cost_per_unit are his own - expected neither"):
        load(write(tmp_path, SITES, site_kinds=kinds))
