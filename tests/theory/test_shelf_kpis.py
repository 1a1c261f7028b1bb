"""KPIs of shelves through whole worlds, against stock control's closed forms: stock-outs, turns, age of backorders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from tests.theory.test_inventory import CONSTANT, RATE, world

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger


def kpis(ledger: Ledger, *names: str) -> list[float]:
    sums = sums_of(cohort_of(ledger))
    return [estimate(BY_NAME[name], [sums]).value for name in names]


def test_a_base_stock_that_loses_sales_is_out_as_often_and_turns_as_fast_as_erlang_says(tmp_path: Path) -> None:
    lost, held = 0.264922, 1.589534  # of a level of six
    ledger = world(tmp_path, "store", 5, 6, {"policy": "order_up_to", "supply_lead": CONSTANT})
    out, missed, days, turns = kpis(ledger, "stock_out_rate", "lost_units_walk_in", "days_of_supply", "turns")
    # one shelf in four is empty; a hundred mornings of fifty products are some 1,700 independent looks
    assert out == pytest.approx(lost, abs=0.04)
    assert missed == pytest.approx(lost, abs=0.02)  # who comes by chance sees what time sees
    assert days == pytest.approx(held / (RATE * (1 - lost)), rel=0.06)
    assert days * turns == pytest.approx(365)


def test_backorders_of_a_base_stock_are_as_old_as_palm_and_little_say(tmp_path: Path) -> None:
    all_wait, waiting = 0.038667, 0.083924
    stock = {"policy": "order_up_to", "net_of_orders": True, "supply_lead": CONSTANT}
    (age,) = kpis(world(tmp_path, "dc", 9, 10, stock), "backorder_days")
    assert age == pytest.approx(all_wait / waiting + 2.5 / 1440, rel=0.15)  # tried again every five minutes
