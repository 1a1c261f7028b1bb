"""Stock control through whole worlds, against its closed forms.

Each product is an independent trial with unit demands by a Poisson process, stationary from long before it is measured.
Where demand waits, orders come from the web shop; where it is lost, from walk-in customers. Times are days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import norm, poisson

from tests.theory.one_site import ALL_AT_ONCE, one_site, run
from tests.tiny import SITE_KIND

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

Z = float(norm.ppf(0.9995))  # one right world in a thousand lies outside
PRODUCTS, RATE, LEAD = 50, 2.0, 3.0
DAYS, WARM_UP = 100, 20
AT_ONCE = 1e-6  # the clock adds up spans and may be off by the last bit
CONSTANT, EXPONENTIAL = "3 days", {"law": "exponential", "mean": "3 days"}


def world(folder: Path, kind: str, point: int, level: int, stock: dict[str, Any], **changes: Any) -> Ledger:
    """Return what happened in a world where every product has one reorder point and one level."""
    rows = [
        ["sku", "site", "reorder_point", "order_up_to"],
        *([f"P{k}", "site", point, level] for k in range(PRODUCTS)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(",".join(map(str, row)) for row in rows)
    (folder / "levels.csv").write_text(text + "\n", encoding="utf-8")
    block = {**SITE_KIND["stock"], "carried_from": 0, "online_share": "100 %", "review": "continuous", **stock}
    if block["review"] == "continuous":
        del block["review_every"]
    online = RATE * PRODUCTS if kind == "dc" else 0.001
    own: dict[str, Any] = {
        "stock_levels": "levels.csv",
        "replenishment": "rules",
        "clock__warm_up": f"{WARM_UP} days",
        "clock__measure": f"{DAYS} days",
        "demand__shoppers_per_day": online,
        "walk_ins__units_per_store_day": RATE * PRODUCTS if kind == "store" else 0,
        "storefront__share_who_wait": "100 %",
        f"site_kinds__{kind}__stock": block,
        f"site_kinds__{kind}__feed": {"kind": "event", "latency": "0 min"},
        f"site_kinds__{kind}__pickers": 1000,
        "routing__backorders": {"retry_every": "5 min", "give_up_after": "60 days"},
    }
    return run(one_site(folder, PRODUCTS, level, kind, **ALL_AT_ONCE | own | changes))


def waits(ledger: Ledger) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return product and days from order to shelf of every measured order."""
    picks, shoppers = ledger.picks.columns(), ledger.shoppers.columns()
    placed = dict(zip(shoppers["order"].tolist(), shoppers["at"].tolist(), strict=True))
    at = np.array([placed[order] for order in picks["order"].tolist()])
    inside = (at >= ledger.measured[0]) & (at < ledger.measured[1])
    return picks["sku"][inside].astype(np.int64), (picks["at"] - at)[inside] / 1440


def on_hand(ledger: Ledger) -> NDArray[np.float64]:
    """Return each product's time average on hand over the measured days."""
    receipts, picks, walk_ins = (table.columns() for table in (ledger.receipts, ledger.picks, ledger.walk_ins))
    start, end = ledger.measured
    total = ledger.opening_stock[:, 0] * (end - start)
    changes = (
        (receipts["sku"], receipts["at"], receipts["quantity"]),
        (picks["sku"], picks["at"], -picks["picked"]),
        (walk_ins["cell"], walk_ins["at"], -walk_ins["sold"]),
    )
    for sku, at, units in changes:
        lasts = end - np.clip(at, start, end)
        total = total + np.bincount(sku, weights=units * lasts, minlength=PRODUCTS)
    mean: NDArray[np.float64] = total / (end - start)
    return mean


def agrees(samples: NDArray[np.float64], truth: float, within: float) -> None:
    """Hold a mean over products to the truth, but for its own noise, which is small enough to tell."""
    noise = Z * samples.std(ddof=1) / np.sqrt(len(samples))
    assert noise <= within * truth
    assert abs(samples.mean() - truth) <= noise


def by_product(sku: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.bincount(sku, values, PRODUCTS) / np.bincount(sku, minlength=PRODUCTS)
    return mean


def backorders(level: int, mean: float) -> float:
    """Return the expected backorders of base stock: ``m - sum over i < S of P(D > i)``."""
    return float(mean - poisson(mean).sf(np.arange(level)).sum())


@pytest.mark.parametrize("lead", [CONSTANT, EXPONENTIAL], ids=["constant", "exponential"])
def test_base_stock_fills_and_holds_as_palm_says_whatever_the_law_of_the_lead_time(tmp_path: Path, lead: Any) -> None:
    level, mean = 10, RATE * LEAD
    fill, waiting = float(poisson(mean).cdf(level - 1)), backorders(level, mean)
    assert (fill, waiting) == pytest.approx((0.916076, 0.077335), abs=5e-7)
    stock = {"policy": "order_up_to", "net_of_orders": True, "supply_lead": lead}
    ledger = world(tmp_path, "dc", level - 1, level, stock)
    sku, days = waits(ledger)
    at_once = days < AT_ONCE
    agrees(by_product(sku, at_once), fill, within=0.03)
    late = 2.5 / 1440  # a retry every five minutes finds what has come in
    agrees(by_product(sku, np.where(at_once, 0, days - late)), waiting / RATE, within=0.4)
    agrees(on_hand(ledger), level - mean + waiting, within=0.08)


def test_a_fixed_quantity_fills_as_the_average_over_the_positions_it_runs_through(tmp_path: Path) -> None:
    point, quantity, mean = 8, 12, RATE * LEAD
    levels = range(point + 1, point + quantity + 1)
    fill = np.mean([poisson(mean).cdf(level - 1) for level in levels])
    held = np.mean([level - mean + backorders(level, mean) for level in levels])
    assert (fill, held) == pytest.approx((0.973832, 8.524752), abs=5e-7)
    stock = {"policy": "fixed_quantity", "net_of_orders": True, "supply_lead": CONSTANT}
    ledger = world(tmp_path, "dc", point, point + quantity, stock)
    sku, days = waits(ledger)
    agrees(by_product(sku, days < AT_ONCE), float(fill), within=0.02)
    agrees(on_hand(ledger), float(held), within=0.05)
    orders = ledger.supply_orders.columns()
    inside = (orders["at"] >= ledger.measured[0]) & (orders["at"] < ledger.measured[1])
    assert set(orders["units"][inside].tolist()) == {quantity}
    assert inside.sum() / PRODUCTS / DAYS == pytest.approx(RATE / quantity, rel=0.03)


@pytest.mark.parametrize("lead", [CONSTANT, EXPONENTIAL], ids=["constant", "exponential"])
def test_base_stock_with_lost_sales_loses_as_erlang_says(tmp_path: Path, lead: Any) -> None:
    level, offered = 6, RATE * LEAD
    terms = poisson(offered).pmf(np.arange(level + 1))
    lost = float(terms[-1] / terms.sum())
    held = level - offered * (1 - lost)
    assert (lost, held) == pytest.approx((0.264922, 1.589534), abs=5e-7)
    ledger = world(tmp_path, "store", level - 1, level, {"policy": "order_up_to", "supply_lead": lead})
    walk_ins = ledger.walk_ins.columns()
    inside = (walk_ins["at"] >= ledger.measured[0]) & (walk_ins["at"] < ledger.measured[1])
    sku = walk_ins["cell"][inside]
    missed = (walk_ins["wanted"] - walk_ins["sold"])[inside]
    agrees(by_product(sku, missed), lost, within=0.1)
    agrees(on_hand(ledger), held, within=0.09)


def test_periodic_review_fills_and_holds_as_the_average_over_the_cycle(tmp_path: Path) -> None:
    level, every = 28, 7.0
    fill = 1 - (backorders(level, RATE * (every + LEAD)) - backorders(level, RATE * LEAD)) / (RATE * every)
    assert fill == pytest.approx(0.993695, abs=5e-7)
    stock = {
        "policy": "order_up_to", "review": "periodic", "review_every": "7 days", "net_of_orders": True,
        "supply_lead": CONSTANT,
    }  # fmt: skip
    ledger = world(tmp_path, "dc", level - 1, level, stock, clock__measure="140 days")
    sku, days = waits(ledger)
    agrees(by_product(sku, days < AT_ONCE), fill, within=0.006)
    agrees(on_hand(ledger), 15.009112, within=0.03)
