"""What events mean in money, on tiny worlds through the real components: each amount by arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import COST_PARTS, Plan
from sim.ledger.accounts import Account
from sim.ledger.table import Table
from sim.money.checks import counted
from sim.money.posting import journal_of
from sim.world.simulate import simulate
from tests.ledger.collected import collected
from tests.ledger.hand_made import hand_made
from tests.tiny import SITE_KIND, TABLES
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    HEADPHONES,
    MONITOR,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    parcel,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

A = Account


def world(
    folder: Path, router: ObedientRouter, on_hand: dict[tuple[int, int], int], lines: dict[int, int],
    walk_ins: tuple[tuple[float, int, int], ...] = (), **changes: Any,
) -> Ledger:  # fmt: skip
    """Return what becomes of one order on the first morning."""
    scenario = stocked(folder, on_hand, **changes)
    return simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 9), lines)], walk_ins), router)


def balances(ledger: Ledger) -> dict[Account, int]:
    return {account: cents for account, cents in journal_of(ledger).balances().items() if cents}


def test_an_order_sent_turns_its_deposit_into_a_sale_and_stock_into_cost_of_goods(tmp_path: Path) -> None:
    ledger = world(tmp_path, ObedientRouter(all_from(DC_EAST)), {(CABLE, DC_EAST): 5}, {CABLE: 2})
    found = balances(ledger)
    # two cables at 12 USD that cost 7; a line at 0.50 and two units at 0.10, packed for 0.50 in a carton of 0.70,
    # and sent by a carrier for 8.00 and 10 % of fuel
    assert found == {
        A.CASH: 2400, A.STOCK: 3 * 700, A.CAPITAL: -5 * 700, A.SALES_ONLINE: -2400, A.GOODS_ONLINE: 1400,
        A.PICKING: 70, A.PACKING: 50, A.PACKAGING: 70, A.LABEL: 880,
        A.WAGES: -120, A.SUPPLIERS: -70, A.CARRIERS: -880,
    }  # fmt: skip


def test_what_cannot_be_sent_is_paid_back(tmp_path: Path) -> None:
    ledger = world(tmp_path, ObedientRouter(give_up), {(CABLE, DC_EAST): 5}, {CABLE: 2})
    assert balances(ledger) == {A.STOCK: 3500, A.CAPITAL: -3500}
    assert {row for row in journal_of(ledger).lines["cents"].tolist()} >= {2400, -2400}


def test_a_walk_in_customer_pays_at_the_till(tmp_path: Path) -> None:
    ledger = world(
        tmp_path, ObedientRouter(give_up), {(CABLE, BOSTON): 1}, {MONITOR: 1}, ((at(0, 12), CABLE, BOSTON),) * 2
    )
    found = balances(ledger)  # the second finds an empty shelf
    assert found == {A.CASH: 1200, A.SALES_IN_STORES: -1200, A.GOODS_IN_STORES: 700, A.CAPITAL: -700}


def test_an_order_not_picked_yet_is_owed_its_deposit(tmp_path: Path) -> None:
    keep = ObedientRouter(lambda order: Plan((), backordered=order.lines))
    ledger = world(tmp_path, keep, {(CABLE, DC_EAST): 5}, {CABLE: 2})
    assert balances(ledger)[A.CUSTOMER_DEPOSITS] == -2400
    assert all(check.holds for check in counted(ledger, journal_of(ledger)))


def test_a_third_partys_people_and_fees_are_paid_to_it(tmp_path: Path) -> None:
    header, east, *others = TABLES["sites.csv"]
    third_party = {"sites.csv": [header, [*east[:2], "third_party", *east[3:]], *others]}
    handling = {**SITE_KIND["handling"], "fee_per_parcel": "2 USD", "fee_per_unit": "0.25 USD"}
    changes = {"site_kinds__third_party": {**SITE_KIND, "handling": handling}}
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5}, third_party, **changes)
    tape = HandMadeTape(scenario, [shopper(1, at(0, 9), {CABLE: 2})])
    found = balances(simulate(scenario, tape, ObedientRouter(all_from(DC_EAST))))
    assert found[A.FEES] == 250
    assert found[A.THIRD_PARTIES] == -(70 + 50 + 250)
    assert A.WAGES not in found


def test_a_vendor_is_paid_for_goods_the_moment_they_leave_and_its_stock_is_not_ours(tmp_path: Path) -> None:
    header, east, *others = TABLES["sites.csv"]
    vendor = {"sites.csv": [header, [*east[:2], "vendor", *east[3:]], *others]}
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 5}, vendor, site_kinds__vendor=dict(SITE_KIND))
    tape = HandMadeTape(scenario, [shopper(1, at(0, 9), {CABLE: 2})])
    ledger = simulate(scenario, tape, ObedientRouter(all_from(DC_EAST)))
    found = balances(ledger)
    assert A.STOCK not in found
    assert A.CAPITAL not in found
    assert found[A.GOODS_ONLINE] == 1400
    assert found[A.SUPPLIERS] == -(1400 + 70)
    assert ledger.snapshots.columns()["value_cents"].max() == 0


def test_what_a_shelf_could_not_give_is_bought_nowhere(tmp_path: Path) -> None:
    plan = ObedientRouter(Plan((parcel(DC_EAST, {HEADPHONES: 2}),)), give_up)
    ledger = world(tmp_path, plan, {(HEADPHONES, DC_EAST): 1}, {HEADPHONES: 2})
    found = balances(ledger)
    assert found[A.SALES_ONLINE] == -8000
    assert found[A.CASH] == 8000
    assert found[A.GOODS_ONLINE] == 6000
    assert A.STOCK not in found


def test_every_entry_of_a_ledger_written_by_hand_balances() -> None:
    journal = journal_of(hand_made())
    assert journal.unbalanced() == 0
    assert sum(journal.balances().values()) == 0
    assert sum(journal.balances(measured=True).values()) == 0


def test_what_stock_costs_for_a_day_is_shared_among_sites_to_the_cent() -> None:
    journal = journal_of(hand_made())
    of_sites = sum(journal.by_site(account, 3) for account in (A.HOLDING, A.OBSOLESCENCE))
    lines = journal.lines
    second_day = np.isin(lines["account"], (A.HOLDING, A.OBSOLESCENCE)) & (lines["at"] == 1200)
    assert np.bincount(lines["site"][second_day], lines["cents"][second_day]).tolist() == [9, 8, 13]
    assert of_sites.sum() == hand_made().snapshots.columns()["carrying_cents"].sum()


@pytest.mark.parametrize("column", ["cents", "row"])
def test_an_entry_of_which_a_line_is_changed_does_not_balance(column: str) -> None:
    journal = journal_of(hand_made())
    journal.lines[column][5] += 1
    assert journal.unbalanced() > 0


# columns of money that are told and do not move any: what something is worth, or would have earned
TOLD_ONLY = {
    "shoppers.margin_cents", "cancellations.margin_cents", "snapshots.value_cents", "products.price_cents",
    "products.unit_cost_cents", "journeys.value_cents", "purchases.value_cents", "hand_overs.value_cents",
}  # fmt: skip
POSTED = {
    "shoppers.value_cents", "supply_orders.cents", "supply_orders.value_cents", "snapshots.carrying_cents",
    "movements.value_cents", "counts.cost_cents", "charges.cents",
    *(f"labour.{name}cents" for name in ("", "in_store_", "wait_", "gave_up_")), "journeys.cents", "purchases.cents",
    *(f"claims.{name}_cents" for name in ("contact", "goods", "recovered", "refund")),
    *(f"hand_overs.{name}_cents" for name in ("extra", "extra_margin")), "hand_overs.cents",
    *(f"{table}.{part}_cents" for table in ("parcels", "legs") for part in COST_PARTS),
    *(f"returns.{name}_cents" for name in ("refund", "label", "handling", "work", "loss", "till", "till_margin")),
}  # fmt: skip


def test_every_column_of_money_in_the_ledger_is_posted_or_said_to_move_none() -> None:
    ledger = hand_made()
    tables = {name: value for name, value in vars(ledger).items() if isinstance(value, Table)}
    money = {f"{name}.{c}" for name, table in tables.items() for c in table.names if c.endswith("cents")}
    assert money == POSTED | TOLD_ONLY


def with_a_merge() -> Ledger:
    ledger = hand_made()
    ledger.legs.append((2, 1300, 1, 0, 2, 3, 1300, 1350, 1400, 1700, 10, 20, 30, 400, 5))
    return ledger


@pytest.mark.parametrize("column", sorted(POSTED))
def test_a_cent_more_in_a_column_of_money_is_a_cent_more_in_the_journal(column: str) -> None:
    table, _, name = column.partition(".")
    made = collected if table == "hand_overs" else with_a_merge
    ledger, plain = made(), journal_of(made()).balances()
    values = getattr(ledger, table).columns()[name]
    # site 2 is supplied by a DC: what its orders are worth is the value of transfers; and a rest is paid by day
    row = 2 if column == "supply_orders.value_cents" else int(np.flatnonzero(values)[-1])
    values[row] += 2
    changed = journal_of(ledger).balances()
    assert changed != plain
    assert sum(changed.values()) == 0
