"""Stock control with orders of several units, cases, and suppliers who run short, against closed forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import poisson

from tests.theory.drifting import spec_b
from tests.theory.one_site import run
from tests.theory.test_inventory import (
    AT_ONCE,
    CONSTANT,
    DAYS,
    LEAD,
    PRODUCTS,
    RATE,
    Z,
    agrees,
    by_product,
    on_hand,
    waits,
    world,
)

if TYPE_CHECKING:
    from pathlib import Path

UNITS = {1: 0.5, 2: 0.3, 4: 0.2}


def test_orders_of_several_units_bring_the_position_down_as_a_renewal_process(tmp_path: Path) -> None:
    # (s, S), compound Poisson demand: m(j) is the mean number of orders after which j units of S - s are gone
    point, level = 16, 31
    mean = sum(n * share for n, share in UNITS.items())
    rate = RATE / mean
    gone = np.zeros(level - point)
    gone[0] = 1
    for j in range(1, len(gone)):
        gone[j] = sum(share * gone[j - n] for n, share in UNITS.items() if n <= j)
    # units asked for in a lead time, by Panjer's recursion
    asked = np.zeros(150)
    asked[0] = np.exp(-rate * LEAD)
    for n in range(1, len(asked)):
        asked[n] = rate * LEAD / n * sum(k * share * asked[n - k] for k, share in UNITS.items() if k <= n)
    left = [float((asked * np.maximum(level - j - np.arange(150), 0)).sum()) for j in range(len(gone))]
    held = float(np.array(left) @ gone) / gone.sum()
    stock = {"policy": "min_max", "net_of_orders": True, "supply_lead": CONSTANT}
    ledger = world(
        tmp_path, "dc", point, level, stock, demand__units_per_line=UNITS, demand__shoppers_per_day=rate * PRODUCTS
    )
    sent = ledger.supply_orders.columns()
    inside = (sent["at"] >= ledger.measured[0]) & (sent["at"] < ledger.measured[1])
    agrees(sent["units"][inside].astype(float), gone.sum() * mean, within=0.02)
    assert inside.sum() / PRODUCTS / DAYS == pytest.approx(rate / gone.sum(), rel=0.03)
    agrees(on_hand(ledger), held, within=0.05)


def test_whole_cases_leave_the_position_anywhere_in_a_case(tmp_path: Path) -> None:
    # (r, nQ) by cases of 6: the position is even on 12..17
    stock = {"policy": "min_max", "net_of_orders": True, "supply_lead": CONSTANT, "multiple": 6}
    ledger = world(tmp_path, "dc", 11, 12, stock)
    sku, days = waits(ledger)
    agrees(by_product(sku, days < AT_ONCE), float(np.mean(poisson(RATE * LEAD).cdf(np.arange(11, 17)))), within=0.01)
    assert set((ledger.supply_orders.columns()["units"] % 6).tolist()) == {0}


def test_a_supplier_who_runs_short_makes_the_lead_time_longer_and_palm_asks_for_its_mean_only(tmp_path: Path) -> None:
    # seven lines of ten are sent at once, the others take a second lead time: 1.3 on average
    level = 16
    stock = {
        "policy": "order_up_to", "net_of_orders": True, "supplier_fill": "70 %",
        "supply_lead": {"law": "exponential", "mean": "3 days"},
    }  # fmt: skip
    sku, days = waits(world(tmp_path, "dc", level - 1, level, stock))
    agrees(by_product(sku, days < AT_ONCE), float(poisson(1.3 * RATE * LEAD).cdf(level - 1)), within=0.01)


# Erlang's loss formula with a lead time whose spread is larger than its mean
@pytest.mark.parametrize(("level", "lost"), [(3, 0.590164), (9, 0.075145)])
def test_lost_sales_hang_on_the_mean_of_a_wild_lead_time_only(tmp_path: Path, level: int, lost: float) -> None:
    lead = {"law": "lognormal", "mean": "3 days", "cv": 1.2}
    ledger = world(tmp_path, "store", level - 1, level, {"policy": "order_up_to", "supply_lead": lead})
    walk_ins = ledger.walk_ins.columns()
    inside = (walk_ins["at"] >= ledger.measured[0]) & (walk_ins["at"] < ledger.measured[1])
    missed = (walk_ins["wanted"] - walk_ins["sold"])[inside]
    agrees(by_product(walk_ins["cell"][inside], missed), lost, within=0.3)
    agrees(on_hand(ledger), level - RATE * LEAD * (1 - lost), within=0.1)


# of forty thousand histories of another simulation, written apart from this world (numpy, a day a step): the share of
# sales that are lost, and its standard deviation from product to product
OTHERS = [
    (22, 30, 2, 0.08, 365, 0.28635, 0.1246),
    (47, 80, 4, 0.15, 365, 0.18694, 0.0758),
    (30, 50, 3, 0.10, 730, 0.59992, 0.0718),
]


@pytest.mark.parametrize(("point", "quantity", "lead", "theta", "days", "lost", "spread"), OTHERS)
def test_records_that_drift_lose_sales_whatever_the_quantity_lead_time_and_horizon(
    tmp_path: Path, point: int, quantity: int, lead: int, theta: float, days: int, lost: float, spread: float
) -> None:
    products = 700
    rows = run(spec_b(tmp_path, point, theta, products, quantity, lead, days)).walk_ins.columns()
    inside = rows["at"] < days * 1440
    wanted, sold = (np.bincount(rows["cell"][inside], rows[name][inside], products) for name in ("wanted", "sold"))
    noise = Z * spread / np.sqrt(products)
    assert abs((1 - sold / wanted).mean() - lost) <= noise <= 0.1 * lost
