"""Oversell by what a listing does not know, through the storefront and our own engine, against its closed forms.

Each product is an independent trial: demand for it is a Poisson process, its stock is given, and nothing comes in. The
engine counts its promises: what was sold beyond the stock it has to cancel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import poisson

from tests.theory.one_site import ALL_AT_ONCE, by_product, one_site, run
from tests.theory.test_stale_stock import FROZEN, Z, agrees

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

# listings that are published once, at the start, and shoppers who leave when there is nothing
ONCE: dict[str, Any] = {
    "clock__measure": "1 day", "storefront__published_every": "9 days", "storefront__share_who_wait": 0, **ALL_AT_ONCE
}  # fmt: skip
TWO_CHANNELS = {"here": {"share": "50 %"}, "there": {"share": "50 %"}}


def turned_away(ledger: Ledger) -> int:
    """Return the measured shoppers who found nothing."""
    shoppers = ledger.shoppers.columns()
    return int(((shoppers["fate"] == 1) & (shoppers["at"] < ledger.measured[1])).sum())


def within(found: float, law: np.ndarray[Any, Any], value: np.ndarray[Any, Any], trials: int) -> bool:
    """Return whether a mean over trials lies at that of a law but for its own noise."""
    mean = float((law * value).sum())
    noise = np.sqrt(float((law * value**2).sum() - mean**2) / trials)
    return bool(abs(found - mean) <= Z * noise)


def test_a_marketplace_that_is_told_once_a_day_cancels_more_than_it_may(tmp_path: Path) -> None:
    products, units, mean = 2000, 10, 7
    scenario = one_site(
        tmp_path, products, units, demand__shoppers_per_day=mean * products,
        demand__channels={"marketplace": {"share": 1}}, **ONCE,
    )  # fmt: skip
    found = by_product(run(scenario))
    assert agrees(found["cancelled"] > 0, 0.098521, within=0.4)
    assert agrees(found["cancelled"], 0.201320, within=0.4)
    assert found["cancelled"].sum() / found["ordered"].sum() == pytest.approx(0.02876, rel=0.15)
    assert found["cancelled"].sum() / found["ordered"].sum() > 0.025


@pytest.mark.parametrize(
    ("buffer", "oversold", "rejected"),
    [
        (0, 2.216132, 0.244219), (1, 1.951186, 0.510962), (2, 1.494782, 0.986595), (3, 0.822446, 1.754674),
        (4, 0.0, 2.873687), (5, 0.0, 4.343635),
    ],
)  # fmt: skip
def test_two_channels_that_each_stop_after_their_own_sales_oversell_unless_half_is_held_back(
    tmp_path: Path, buffer: int, oversold: float, rejected: float
) -> None:
    products, units, mean = 800, 8, 5
    first, other = np.meshgrid(np.arange(40), np.arange(40))
    law = poisson(mean).pmf(first) * poisson(mean).pmf(other)
    shown = units - buffer
    over = np.maximum(np.minimum(first, shown) + np.minimum(other, shown) - units, 0)
    away = np.maximum(first - shown, 0) + np.maximum(other - shown, 0)
    assert float((law * over).sum()) == pytest.approx(oversold, abs=1e-6)
    assert float((law * away).sum()) == pytest.approx(rejected, abs=1e-6)
    scenario = one_site(
        tmp_path, products, units, demand__shoppers_per_day=2 * mean * products, demand__channels=TWO_CHANNELS,
        storefront__buffer=buffer, storefront__falls_with="own_sales", **ONCE,
    )  # fmt: skip
    ledger = run(scenario)
    assert within(float(by_product(ledger)["cancelled"].mean()), law, over, products)
    assert within(turned_away(ledger) / products, law, away, products)


@pytest.mark.parametrize(
    ("law", "any_"), [("constant", 0.776870), ("exponential", 0.600000)], ids=lambda value: str(value)
)
def test_a_listing_that_closes_late_oversells_what_is_ordered_until_then(tmp_path: Path, law: str, any_: float) -> None:
    # 1.5 orders are expected in the delay: whatever its law, so many are oversold; whether any is depends on it
    products, units, per_day = 1000, 3, 15.0
    minutes = f"{1.5 / per_day * 1440} min"
    delay = {"law": law, "value" if law == "constant" else "mean": minutes}
    scenario = one_site(
        tmp_path, products, units, demand__shoppers_per_day=per_day * products, storefront__delay=delay,
        storefront__falls_with="all_sales", **{**ONCE, "clock__measure": "2 days"},
    )  # fmt: skip
    found = by_product(run(scenario))
    assert found["promised"].min() == units  # every product has run out
    assert agrees(found["cancelled"], 1.5, within=0.15)
    assert agrees(found["cancelled"] > 0, any_, within=0.1)


@pytest.mark.parametrize(("opens_above", "oversold", "away"), [(0, 0.380952, 0.190476), (3, 0.072562, 0.761905)])
def test_a_listing_that_opens_above_a_buffer_turns_the_shoppers_of_low_stock_away(
    tmp_path: Path, opens_above: int, oversold: float, away: float
) -> None:
    # stock uniform on 0..20, demand 4 while the listing stands
    mean, stock = 4, [units for units in range(21) for _ in range(100)]
    products = len(stock)
    scenario = one_site(
        tmp_path, products, stock, demand__shoppers_per_day=mean * products, storefront__opens_above=opens_above, **ONCE
    )
    ledger = run(scenario)
    assert agrees(by_product(ledger)["cancelled"], oversold, within=0.5)
    assert turned_away(ledger) / products == pytest.approx(away, abs=Z * np.sqrt(away / products))


def test_a_store_that_holds_one_back_online_picks_short_after_its_walk_in_customers(tmp_path: Path) -> None:
    # S = 5, 4 shown and sold online at most, 3 walk-in customers and 2 online a day, all of whom come before any pick
    products = 3000
    one_day = {"mon": 1, **dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), 1e-9)}
    scenario = one_site(
        tmp_path, products, 5, kind="store", demand__weekday=one_day, demand__shoppers_per_day=2 * products / 7,
        walk_ins__weekday=one_day, walk_ins__units_per_store_day=3 * products / 7, site_kinds__store__feed=FROZEN,
        storefront__buffer=1, storefront__falls_with="own_sales",
        **ONCE | {"site_kinds__store__message_delay": "1 day"},
    )  # fmt: skip
    found = by_product(run(scenario))
    assert found["promised"].max() == 4
    assert agrees(found["short"] > 0, 0.363993, within=0.1)
    assert agrees(found["short"], 0.670197, within=0.1)
    assert found["short"].sum() / found["promised"].sum() == pytest.approx(0.34818, rel=0.06)
