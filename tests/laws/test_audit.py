"""The audit finds what is wrong with a ledger, and says which law is broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sim.chance.tape import Tape
from sim.errors import LedgerError
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.ledger.ledger import Ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Return a sound ledger of a world in which some shelves were short."""
    scenario = tiny(
        tmp_path, site_kinds__store__feed={"kind": "poll", "every": "8 h"}, site_kinds__store__stock__days_of_cover=1
    )
    router = build_engine(routing_of(scenario), "nearest", scenario.network)
    return simulate(scenario, Tape(scenario, 1, 0), router)


def add(table: str, column: str, amount: float, row: int = 0) -> Callable[[Ledger], None]:
    """Return a forgery of one cell."""

    def forge(ledger: Ledger) -> None:
        getattr(ledger, table).columns()[column][row] += amount

    return forge


def lose_a_unit(ledger: Ledger) -> None:
    ledger.closing_stock[0, 0] -= 1


def owe_a_unit(ledger: Ledger) -> None:
    ledger.opening_stock[3, 3] -= 1000
    ledger.closing_stock[3, 3] -= 1000


def meet_a_shopper_again(ledger: Ledger) -> None:
    orders = ledger.shoppers.columns()["order"]
    orders[0] = orders[1]


def send_another_product(ledger: Ledger) -> None:
    # of an order for one product; the shelves are made to fit
    picks = ledger.picks.columns()
    site, units = picks["site"][0], picks["picked"][0]
    other = (picks["sku"][0] + 1) % 4
    ledger.closing_stock[picks["sku"][0], site] += units
    ledger.closing_stock[other, site] -= units
    ledger.opening_stock[other, site] += 1000
    ledger.closing_stock[other, site] += 1000
    picks["sku"][0] = other


def test_a_sound_ledger_passes(ledger: Ledger) -> None:
    audit(ledger)


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (lose_a_unit, "stock of 1 cells does not add up"),
        (add("receipts", "quantity", 1), "stock of 1 cells does not add up"),
        (add("walk_ins", "sold", 1), "stock of 1 cells does not add up"),
        (owe_a_unit, "negative stock"),
        (meet_a_shopper_again, "a shopper was met twice"),
        (add("shoppers", "fate", 7), "a shopper has no fate"),
        (add("order_lines", "quantity", 1), "order lines have"),
        (add("parcels", "picked", 50), "1 orders got or lost more than they ordered"),
        (add("parcels", "picked", -1), "1 parcels do not hold what was picked for them"),
        (add("picks", "asked", 1), "1 parcels were not asked for what their picks were"),
        (add("picks", "asked", -9), "more was picked than asked"),
        (send_another_product, "1 lines got or lost more than was ordered"),
        (add("parcels", "reached_at", -9), "reached_at lies before decided_at in 1 parcels"),
        (add("parcels", "delivered_at", -1e6), "delivered_at lies before handed_at in 1 parcels"),
    ],
)
def test_a_forged_ledger_fails_by_the_law_it_breaks(
    ledger: Ledger, forge: Callable[[Ledger], None], message: str
) -> None:
    forge(ledger)
    with pytest.raises(LedgerError, match=re.escape(message)):
        audit(ledger)
