from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from sim.errors import LedgerError
from sim.ledger.audit import audit
from sim.ledger.ledger import Ledger
from sim.ledger.orders import orders_of
from tests.ledger.hand_made import A, B, hand_made

Tamper = Callable[[Ledger], None]


def setting(table: str, column: str, row: int, value: float) -> Tamper:
    """Return what puts another value into one cell of a table."""

    def tamper(ledger: Ledger) -> None:
        getattr(ledger, table).columns()[column][row] = value

    return tamper


def appending(table: str, *row: float) -> Tamper:
    """Return what adds a row to a table."""
    return lambda ledger: getattr(ledger, table).append(row)


def shelf(sku: int, site: int, units: int) -> Tamper:
    """Return what leaves other units on a shelf at the end."""

    def tamper(ledger: Ledger) -> None:
        ledger.closing_stock[sku, site] = units

    return tamper


def record(sku: int, site: int, units: int) -> Tamper:
    """Return what leaves another number on record at the end."""

    def tamper(ledger: Ledger) -> None:
        ledger.records["closing"][sku, site] = units

    return tamper


def aside(state: str, *units: int) -> Tamper:
    """Return what leaves units off the shelves at the end, cell by cell."""

    def tamper(ledger: Ledger) -> None:
        ledger.closing_aside[state] = np.array(units, dtype=np.int32)

    return tamper


def test_an_honest_ledger_passes() -> None:
    audit(hand_made())


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (shelf(A, 0, 3), "stock of 1 cells does not add up"),
        (shelf(B, 1, -1), "negative stock"),
        (appending("receipts", 1800, B, 1, 1, -1), "stock of 1 cells does not add up"),
        (setting("walk_ins", "sold", 1, 3), "stock of 1 cells does not add up"),
        (setting("picks", "picked", 2, 0), "stock of 1 cells does not add up"),
        (setting("receipts", "source", 0, 1), "units on their way from site to site do not add up in 1 cells"),
        (appending("transfers", 1800, B, 1, 2, 1), "units on their way from site to site do not add up in 1 cells"),
        (setting("movements", "shelf", 1, 0), "stock of 1 cells does not add up"),
        (setting("movements", "record", 2, 2), "the records of 1 cells do not add up"),
        (record(A, 1, 5), "the records of 1 cells do not add up"),
        (aside("misplaced", 0, 1, 0, 0, 0, 0), "units misplaced in 1 cells do not add up"),
        (aside("receiving", 0, 0, -1, 0, 0, 0), "negative units receiving"),
        (setting("movements", "why", 1, 4), "units damaged or spoilt or quarantined in 1 cells do not add up"),
        (appending("shoppers", 1, 2500, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0), "a shopper was met twice"),
        (setting("shoppers", "fate", 0, 7), "a shopper has no fate"),
        (setting("shoppers", "substituted", 2, 1), "more was substituted than looked for"),
        (appending("substitutions", 1, 1000, B, A, 1), "substitutions have 2 units, shoppers 1"),
        (appending("substitutions", 1, 1000, A, B, 1), "something was taken for something else and not ordered"),
        (appending("substitutions", 77, 1000, B, A, 1), "1 substitutions name an order that nobody placed"),
        (appending("cancellations", 1, 2900, A, 1, 0, 400), "1 orders got or lost more than they ordered"),
        (appending("cancellations", 6, 2900, A, 2, 0, 800), "1 orders got or lost more than they ordered"),
        (setting("order_lines", "quantity", 1, 9), "order lines have 23 units, orders 15"),
        (setting("parcels", "asked", 1, 2), "sites were asked for more than was promised to 1 orders"),
        (setting("picks", "asked", 2, 0), "more was picked than asked"),
        (setting("order_lines", "sku", 1, B), "1 lines got or lost more than was ordered"),
        (setting("cancellations", "sku", 1, A), "1 lines got or lost more than was ordered"),
        (appending("cancellations", 5, 2900, A, 1, 0, 400), "1 lines got or lost more than was ordered"),
        (setting("picks", "picked", 2, 0), "1 parcels do not hold what was picked for them"),
        (setting("picks", "asked", 2, 3), "1 parcels were not asked for what their picks were"),
        (setting("shoppers", "at", 4, 999), "time runs back in shoppers"),
        (setting("decisions", "at", 3, 1000), "time runs back in decisions"),
        (setting("picks", "at", 4, 1000), "time runs back in picks"),
        (setting("cancellations", "at", 1, 1000), "time runs back in cancellations"),
        (setting("parcels", "reached_at", 1, 999), "reached_at lies before decided_at in 1 parcels"),
        (setting("parcels", "picked_at", 1, 1000), "picked_at lies before reached_at in 1 parcels"),
        (setting("parcels", "packed_at", 1, 1019), "packed_at lies before picked_at in 1 parcels"),
        (setting("parcels", "handed_at", 1, 1029), "handed_at lies before packed_at in 1 parcels"),
        (setting("parcels", "delivered_at", 1, 1099), "delivered_at lies before handed_at in 1 parcels"),
        (setting("order_lines", "order", 1, 77), "1 order lines name an order that nobody placed"),
        (setting("decisions", "order", 1, 10), "1 decisions name an order that nobody placed"),  # he was turned away
        (setting("parcels", "order", 1, 77), "1 parcels name an order that nobody placed"),
        (setting("picks", "order", 1, 77), "1 picks name an order that nobody placed"),
        (setting("cancellations", "order", 1, 77), "1 cancellations name an order that nobody placed"),
        (setting("parcels", "parcel", 1, 5), "parcels are not numbered one by one"),
        (setting("picks", "parcel", 1, 10), "something was picked for a parcel that was never sent"),
    ],
)
def test_a_ledger_that_was_tampered_with_is_found_out(tamper: Tamper, message: str) -> None:
    ledger = hand_made()
    ledger.seal()
    tamper(ledger)
    with pytest.raises(LedgerError, match=re.escape(message)):
        audit(ledger)


@pytest.mark.parametrize("part", ["picking", "label", "fees"])
def test_a_cent_that_is_lost_between_parcels_and_orders_is_found(part: str) -> None:
    ledger = hand_made()
    orders = orders_of(ledger)
    ledger.parcels.columns()[f"{part}_cents"][2] += 1
    with pytest.raises(LedgerError, match=r"parcels, merges and counters cost 8506 cents, orders 8505"):
        audit(ledger, orders)


def test_every_broken_law_is_told_at_once() -> None:
    ledger = hand_made()
    ledger.closing_stock[A, 0] += 1
    ledger.shoppers.columns()["at"][3] = 0
    with pytest.raises(LedgerError) as caught:
        audit(ledger)
    assert str(caught.value) == "stock of 1 cells does not add up; time runs back in shoppers"


def test_moments_that_differ_in_the_last_bits_are_equal() -> None:
    ledger = hand_made()
    parcels = ledger.parcels.columns()
    parcels["handed_at"][1] = ledger.trips.columns()["at"][1] = np.nextafter(parcels["packed_at"][1], 0)
    audit(ledger)


def test_a_world_in_which_nothing_happens_is_in_order() -> None:
    nothing = np.zeros((0, 0), dtype=np.int32)
    audit(Ledger(nothing, nothing.copy(), (0.0, 1.0)))
