"""A seller's cancellations of the last seven days, day by day, against the channel's limit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.ledger.fates import Cancelled, Fate
from sim.ledger.ledger import Ledger
from sim.ledger.orders import orders_of
from sim.ledger.sellers import seller_days

DAY = 1440.0
WEB, MARKETPLACE = range(2)


def ledger_of(*orders: tuple[int, int, bool], limits: dict[int, float]) -> Ledger:
    """Return a ledger of orders of one unit: day, channel, and whether we cancelled it; days 8 to 17 are measured."""
    stock = np.zeros((1, 1), dtype=np.int32)
    ledger = Ledger(stock, stock, (8 * DAY, 18 * DAY), limits)
    for number, (day, channel, cancelled) in enumerate(orders):
        at = day * DAY + 1
        ledger.shoppers.append((number, at, 0, 1, 1, Fate.ORDERED, 100, 40, channel, 0, 0, 0, 0))
        ledger.order_lines.append((number, 0, 1))
        if cancelled:
            ledger.cancellations.append((number, at + 5000, 0, 1, Cancelled.NOBODY_HAS_IT, 40))
    return ledger


def days_of(ledger: Ledger) -> dict[int, tuple[int, int, bool]]:
    """Return orders, cancelled orders and breach by measured day."""
    rows = seller_days(ledger, orders_of(ledger))
    columns = (rows[name].tolist() for name in ("at", "orders", "cancelled", "in_breach"))
    return {int(at / DAY) - 1: (orders, lost, bool(breach)) for at, orders, lost, breach in zip(*columns, strict=True)}


def test_the_last_seven_days_count_with_those_before_the_window() -> None:
    ledger = ledger_of(
        *[(day, MARKETPLACE, day == 9) for day in range(20)], (9, WEB, True), limits={MARKETPLACE: 0.025}
    )
    found = days_of(ledger)
    assert found[8] == (7, 0, False)
    assert {day for day, (_, _, breach) in found.items() if breach} == set(range(9, 16))
    assert found[15] == (7, 1, True)
    assert found[16] == (7, 0, False)
    assert sorted(found) == list(range(8, 18))


@pytest.mark.parametrize(("limit", "breach"), [(0.25, False), (0.24, True), (0, True)])
def test_a_limit_is_breached_by_more_than_it_allows(limit: float, breach: bool) -> None:
    ledger = ledger_of(*[(12, WEB, k == 0) for k in range(4)], limits={WEB: limit})
    assert days_of(ledger)[12] == (4, 1, breach)


def test_days_without_orders_cannot_be_judged() -> None:
    assert sorted(days_of(ledger_of((8, WEB, False), limits={WEB: 0.025}))) == list(range(8, 15))


def test_a_channel_without_a_limit_is_not_watched() -> None:
    assert days_of(ledger_of((8, WEB, True), limits={})) == {}
