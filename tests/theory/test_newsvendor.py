"""Analytic case newsvendor_poisson: a day's sales of what stood on the shelf in the morning, through whole worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import poisson

from tests.theory.drifting import EVERY_DAY, NOBODY_ONLINE
from tests.theory.one_site import one_site, run

if TYPE_CHECKING:
    from pathlib import Path

MEAN, UNDERAGE, OVERAGE, PRODUCTS = 50.0, 12.0, 3.0, 1500
BEST = 56  # the least quantity that suffices with a probability of 12 / (12 + 3)
Z = 4.0


def lost(quantity: int) -> float:
    """Return the expected units lost: ``m P(D >= Q) - Q P(D >= Q + 1)``."""
    law = poisson(MEAN)
    return float(MEAN * law.sf(quantity - 1) - quantity * law.sf(quantity))


def cost(quantity: int) -> float:
    """Return the expected cost of a quantity."""
    return UNDERAGE * lost(quantity) + OVERAGE * (quantity - MEAN + lost(quantity))


def test_the_formulas_themselves_give_the_printed_values() -> None:
    law = poisson(MEAN)
    assert law.cdf(BEST - 1) < UNDERAGE / (UNDERAGE + OVERAGE) <= law.cdf(BEST)
    assert lost(BEST) == pytest.approx(0.81504, abs=5e-6)
    assert cost(BEST) == pytest.approx(30.2256, abs=5e-5)
    assert 1 - lost(BEST) / MEAN == pytest.approx(0.983699, abs=5e-7)


def day(folder: Path, quantity: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the units wanted and sold of each product on one day."""
    walk_ins = {"units_per_store_day": MEAN * PRODUCTS, "day_cv": 0, "weekday": EVERY_DAY, "hours": [1] * 24}
    scenario = one_site(
        folder, PRODUCTS, quantity, "store", **NOBODY_ONLINE | {"walk_ins": walk_ins, "clock__measure": "1 day"}
    )
    rows = run(scenario).walk_ins.columns()
    today = rows["at"] < 1440
    wanted, sold = (np.bincount(rows["cell"][today], rows[name][today], PRODUCTS) for name in ("wanted", "sold"))
    return wanted, sold


def test_the_best_quantity_costs_what_the_newsvendor_expects_and_no_other_costs_less(tmp_path: Path) -> None:
    paid = {}
    for quantity in (BEST - 4, BEST, BEST + 4):
        wanted, sold = day(tmp_path / str(quantity), quantity)
        costs = UNDERAGE * (wanted - sold) + OVERAGE * (quantity - sold)
        assert abs(costs.mean() - cost(quantity)) < Z * costs.std() / np.sqrt(PRODUCTS)
        paid[quantity] = costs
        if quantity == BEST:
            assert (wanted - sold).mean() == pytest.approx(0.81504, abs=Z * (wanted - sold).std() / np.sqrt(PRODUCTS))
            assert (quantity - sold).mean() == pytest.approx(6.81504, abs=Z * sold.std() / np.sqrt(PRODUCTS))
            assert sold.sum() / wanted.sum() == pytest.approx(0.983699, abs=0.002)
    for other in (BEST - 4, BEST + 4):  # the same customers come: paired differences
        more = paid[other] - paid[BEST]
        assert more.mean() > Z * more.std() / np.sqrt(PRODUCTS)
