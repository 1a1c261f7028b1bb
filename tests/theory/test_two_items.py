"""Orders of two items from base stock of each: whole more often than if the items ran out independently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import poisson

from tests.theory.test_inventory import AT_ONCE, PRODUCTS, agrees, by_product, waits, world

if TYPE_CHECKING:
    from pathlib import Path

LEVEL, LEAD = 6, 2  # days; of each pair one order a day has the first, one the second and one both
PAIRS = PRODUCTS // 2


def test_both_items_are_there_more_often_than_if_they_ran_out_by_themselves(tmp_path: Path) -> None:
    together, alone = poisson(LEAD), poisson(LEAD)
    common = np.arange(LEVEL)
    both = float((together.pmf(common) * alone.cdf(LEVEL - 1 - common) ** 2).sum())
    item = float(poisson(2 * LEAD).cdf(LEVEL - 1))
    assert (item, both, item**2) == pytest.approx((0.78513, 0.670816, 0.61643), abs=5e-6)
    # two orders in three begin with the first item; half of them bring the second
    rules = [
        {"orders_of": {"products": [f"P{2 * k}"]}, "bring": {"products": [f"P{2 * k + 1}"]}, "share": "50 %"}
        for k in range(PAIRS)
    ]
    ledger = world(
        tmp_path, "dc", LEVEL - 1, LEVEL,
        {"policy": "order_up_to", "net_of_orders": True, "supply_lead": f"{LEAD} days"},
        demand__shoppers_per_day=3 * PAIRS, demand__bought_together=rules,
        demand__tastes=[{"products": [f"P{2 * k}" for k in range(PAIRS)], "times": 2}],
    )  # fmt: skip
    sku, days = waits(ledger)
    at_once = days < AT_ONCE
    agrees(by_product(sku, at_once), item, within=0.05)
    picks, shoppers = ledger.picks.columns(), ledger.shoppers.columns()
    placed = dict(zip(shoppers["order"].tolist(), shoppers["at"].tolist(), strict=True))
    first, lines, there = {}, dict.fromkeys(placed, 0), dict.fromkeys(placed, 0)
    for order, product, at in zip(picks["order"].tolist(), picks["sku"].tolist(), picks["at"].tolist(), strict=True):
        first[order] = product // 2
        lines[order] += 1
        there[order] += at - placed[order] < AT_ONCE * 1440
    start, end = ledger.measured
    two = [order for order, count in lines.items() if count == 2 and start <= placed[order] < end]
    pair = np.array([first[order] for order in two])
    filled = np.array([there[order] == 2 for order in two])
    agrees(np.bincount(pair, filled, PAIRS) / np.bincount(pair, minlength=PAIRS), both, within=0.1)
