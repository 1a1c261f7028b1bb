"""What counters, merges and vendors mean in money, each amount by arithmetic on a tiny world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ledger.accounts import Account
from sim.money.checks import counted
from sim.money.posting import journal_of
from tests.world.collecting import NEVER, collecting, collector
from tests.world.hand_made import BOSTON, CABLE, ObedientRouter, all_from, at
from tests.world.orders.test_merging import MERGED, WANTED, world
from tests.world.orders.test_pick_up import run
from tests.world.test_drop_ship import VENDOR, with_vendor
from tests.world.test_drop_ship import run as run_vendor

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

A = Account
STAFF = {"minutes": "2 min", "put_back": "3 min", "per_hour": "18 USD"}
EXTRA = {"extra": {"share": "25 %", "value": "30 USD", "margin": "35 %"}}


def balances(ledger: Ledger) -> dict[Account, int]:
    """Return the balances that are not nothing; all that can be counted is found again."""
    assert all(check.holds for check in counted(ledger, journal_of(ledger)))
    return {account: cents for account, cents in journal_of(ledger).balances().items() if cents}


def test_what_is_collected_is_sold_and_the_people_at_the_counter_are_paid(tmp_path: Path) -> None:
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 5}, STAFF), [collector(1, at(0, 8), {CABLE: 2})])
    # two cables at 12 USD that cost 7, picked for 0.70, packed for 0.50, handed over in two minutes of 18 USD an hour
    assert balances(ledger) == {
        A.CASH: 2400, A.STOCK: 3 * 700, A.CAPITAL: -5 * 700, A.SALES_ONLINE: -2400, A.GOODS_ONLINE: 1400,
        A.PICKING: 70, A.PACKING: 50, A.PICK_UP: 60, A.WAGES: -180,
    }  # fmt: skip


def test_what_nobody_collects_is_paid_back_and_stock_again(tmp_path: Path) -> None:
    ledger = run(collecting(tmp_path, {(CABLE, BOSTON): 5}, STAFF), [collector(1, at(0, 8), {CABLE: 2}, after=NEVER)])
    assert balances(ledger) == {
        A.STOCK: 5 * 700, A.CAPITAL: -5 * 700, A.PICKING: 70, A.PACKING: 50, A.PICK_UP: 180, A.WAGES: -300,
    }  # fmt: skip


def test_what_is_bought_besides_leaves_its_margin(tmp_path: Path) -> None:
    ledger = run(
        collecting(tmp_path, {(CABLE, BOSTON): 5}, EXTRA), [collector(1, at(0, 8), {CABLE: 2}, extra_cents=2000)]
    )
    found = balances(ledger)
    assert (found[A.CASH], found[A.SALES_IN_STORES], found[A.GOODS_IN_STORES]) == (4400, -2000, 1300)


def test_a_merge_costs_its_table_a_box_and_the_way_on(tmp_path: Path) -> None:
    found = balances(run(world(tmp_path, {"cost_per_parcel": "0.20 USD"}), [WANTED], ObedientRouter(MERGED)))
    # labels of 8.80 and 38.50 to the table and 49.50 from there; three boxes at 0.70; each parcel packed for 0.50
    assert (found[A.LABEL], found[A.PACKAGING], found[A.PACKING]) == (880 + 3850 + 4950, 210, 150 + 60)


def test_a_vendors_unit_costs_what_he_takes_for_it(tmp_path: Path) -> None:
    scenario = with_vendor(tmp_path, {"price": 1.1})
    found = balances(run_vendor(scenario, ObedientRouter(all_from(VENDOR)), (1, at(0, 8), {CABLE: 3})))
    assert (found[A.SALES_ONLINE], found[A.GOODS_ONLINE]) == (-3600, 2310)
    assert found[A.STOCK] == 50 * 700  # the warehouse's, and nothing of his
