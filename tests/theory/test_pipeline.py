"""Analytic case mginf_pipeline: what is on its way is a Poisson number of units, whatever the law of the journey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import poisson

from tests.theory.drifting import EVERY_DAY, NOBODY_ONLINE
from tests.theory.one_site import one_site, run
from tests.tiny import SITE_KIND

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTS, RATE, LEVEL, DAYS, WARM_UP = 20, 37.0, 400, 20, 5
LEAD = {"law": "uniform", "low": "2 days", "high": "5 days"}


def test_units_on_their_way_are_poisson_with_the_mean_that_little_says(tmp_path: Path) -> None:
    # each unit sold is sent for at once, and travels two to five days by luck of its own
    stock = {**SITE_KIND["stock"], "review": "continuous", "policy": "order_up_to", "supply_lead": LEAD}
    del stock["review_every"]
    rows = ["sku,site,reorder_point,order_up_to", *(f"P{k},site,{LEVEL - 1},{LEVEL}" for k in range(PRODUCTS))]
    (tmp_path / "levels.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    walk_ins = {"units_per_store_day": RATE * PRODUCTS, "day_cv": 0, "weekday": EVERY_DAY, "hours": [1] * 24}
    scenario = one_site(
        tmp_path, PRODUCTS, LEVEL, "store",
        **NOBODY_ONLINE | {
            "walk_ins": walk_ins, "clock__measure": f"{DAYS} days", "replenishment": "rules",
            "stock_levels": "levels.csv", "site_kinds__store__stock": stock,
        },
    )  # fmt: skip
    ledger = run(scenario)
    sales, receipts = ledger.walk_ins.columns(), ledger.receipts.columns()
    assert (sales["sold"] == sales["wanted"]).all()
    # five days apart nothing is still on its way: the moments are independent
    moments = np.arange(WARM_UP, DAYS + 1, 5) * 1440.0
    found = np.array([
        np.bincount(sales["cell"], sales["sold"] * (sales["at"] <= moment), PRODUCTS)
        - np.bincount(receipts["sku"], receipts["quantity"] * (receipts["at"] <= moment), PRODUCTS)
        for moment in moments
    ]).ravel()  # fmt: skip
    mean, count = RATE * 3.5, len(found)
    assert (mean, poisson(mean).std(), poisson(mean).ppf(0.99)) == pytest.approx((129.5, 11.379807, 157), abs=5e-7)
    assert count == 80
    assert abs(found.mean() - mean) < 4 * np.sqrt(mean / count)
    # the variance of a sample variance is about 2 var^2 / n
    assert abs(found.var(ddof=1) - mean) < 4 * mean * np.sqrt(2 / count)
    beyond = (found > 157).sum()
    assert beyond <= poisson(0.01 * count).ppf(1 - 1e-4)
