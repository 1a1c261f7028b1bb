"""Oversell by stale stock, through whole worlds, against its closed forms.

Each product is an independent trial: demand for it is a Poisson process, its stock is given, and nothing comes in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import norm, poisson

from sim.contract.messages import Decision, Order, Parcel, Plan
from sim.contract.news import News, StockNews
from tests.theory.one_site import ALL_AT_ONCE, by_product, one_site, run

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Z = float(norm.ppf(0.9995))  # one right world in a thousand lies outside
FROZEN = {"kind": "poll", "every": "20 days"}


def agrees(samples: NDArray[Any], truth: float, within: float) -> bool:
    """Return whether a mean lies at the truth but for its own noise, and the noise is small enough to tell."""
    noise = Z * samples.std(ddof=1) / np.sqrt(len(samples))
    return bool(abs(samples.mean() - truth) <= noise <= within * truth)


def frozen(units: int, mean: float) -> tuple[float, float]:
    """Return P(D > S) and E(D - S)+ of a Poisson demand: ``m P(D >= S) - S P(D >= S + 1)``."""
    law = poisson(mean)
    return float(law.sf(units)), float(mean * law.sf(units - 1) - units * law.sf(units))


# printed values, six digits
@pytest.mark.parametrize(
    ("units", "mean", "any_", "expected"), [(10, 7, 0.098521, 0.201320), (3, 2, 0.142877, 0.218018)]
)
def test_the_formula_itself_gives_the_printed_values(units: int, mean: float, any_: float, expected: float) -> None:
    assert frozen(units, mean) == pytest.approx((any_, expected), abs=5e-7)


class OpenListing:
    """A listing that is open while the last count heard is above a buffer, and does not count what it has sold."""

    def __init__(self, products: int, buffer: int = 0) -> None:
        self._heard = np.zeros(products, dtype=np.int64)
        self._buffer = buffer

    def observe(self, news: News) -> None:
        """Hear a count; a refusal changes nothing."""
        if isinstance(news, StockNews):
            self._heard[news.cells] = news.on_hand

    def route(self, order: Order, now: float) -> Plan:
        """Take the order if the listing is open."""
        if order.refused_by or self._heard[order.lines[0].sku] <= self._buffer:
            return Plan((), unfilled=order.lines)
        return Plan((Parcel(0, order.lines, 0, now, now, (0.0,) * 5),))

    def available(self) -> NDArray[np.int64]:
        """Show everything that is open."""
        return np.maximum(self._heard - self._buffer, 0)

    def tick(self, now: float) -> list[Decision]:
        """Keep nothing."""
        return []

    def next_wake(self) -> float | None:
        """Need no waking."""
        return None


@pytest.mark.parametrize(("units", "mean", "products"), [(10, 7, 3000), (3, 2, 4000)])
def test_a_listing_frozen_for_a_day_oversells_by_what_demand_exceeds_stock(
    tmp_path: Path, units: int, mean: float, products: int
) -> None:
    # shown once at the start; our engine, which counts its promises, has to tell the rest that nobody has it
    scenario = one_site(
        tmp_path, products, units, demand__shoppers_per_day=mean * products, clock__measure="1 day",
        storefront__published_every="2 days", storefront__share_who_wait=0, **ALL_AT_ONCE,
    )  # fmt: skip
    found = by_product(run(scenario))
    probability, expected = frozen(units, mean)
    assert agrees(found["ordered"], mean, within=0.05)
    assert agrees(found["cancelled"], expected, within=0.3)
    assert agrees(found["cancelled"] > 0, probability, within=0.3)
    assert found["short"].sum() == 0
    assert np.array_equal(found["cancelled"], np.maximum(found["ordered"] - units, 0))


def test_a_router_that_does_not_count_its_promises_sends_them_all_to_an_empty_shelf(tmp_path: Path) -> None:
    products, units, mean = 3000, 10, 7
    scenario = one_site(
        tmp_path, products, units, demand__shoppers_per_day=mean * products, clock__measure="1 day",
        site_kinds__dc__feed=FROZEN, **ALL_AT_ONCE,
    )  # fmt: skip
    found = by_product(run(scenario, OpenListing(products)))
    assert agrees(found["short"], 0.201320, within=0.3)
    assert found["short"].sum() / found["promised"].sum() == pytest.approx(0.02876, rel=0.2)


@pytest.mark.parametrize("units", [1, 3, 10])
def test_news_with_a_latency_oversells_what_is_ordered_in_it_whatever_the_stock_was(tmp_path: Path, units: int) -> None:
    # orders after the last unit, until the news of it arrives, are Poisson(lambda d): E 1.5, P(any) .776870
    products, per_day = 1500, 3.0 * (units + 2)
    latency_min = 1.5 / per_day * 1440
    scenario = one_site(
        tmp_path, products, units, demand__shoppers_per_day=per_day * products, clock__measure="2 days",
        site_kinds__dc__feed={"kind": "event", "latency": f"{latency_min} min"}, storefront__published_every="9 days",
        **ALL_AT_ONCE,
    )  # fmt: skip
    found = by_product(run(scenario, OpenListing(products)))
    assert found["promised"].min() >= units  # every product has run out
    assert agrees(found["short"], 1.5, within=0.1)
    assert agrees(found["short"] > 0, 0.776870, within=0.1)


@pytest.mark.parametrize("units", [1, 4])
def test_our_engine_oversells_at_all_after_a_walk_in_took_the_last_unit_with_that_same_probability(
    tmp_path: Path, units: int
) -> None:
    # it counts its own promises and hears of a refusal at once: only the first order in the latency is sure to go wrong
    products, online, walk_in = 3000, 4.0, 2.0 * units
    scenario = one_site(
        tmp_path, products, units, kind="store", clock__measure="3 days", demand__shoppers_per_day=online * products,
        walk_ins__units_per_store_day=walk_in * products, storefront__published_every="9 days",
        site_kinds__store__feed={"kind": "event", "latency": f"{1.5 / online * 1440} min"}, **ALL_AT_ONCE,
    )  # fmt: skip
    ledger = run(scenario)
    found = by_product(ledger)
    picks, sales = ledger.picks.columns(), ledger.walk_ins.columns()
    last_pick, last_sale = np.zeros(products), np.zeros(products)
    np.maximum.at(last_pick, picks["sku"][picks["picked"] > 0], picks["at"][picks["picked"] > 0])
    np.maximum.at(last_sale, sales["cell"][sales["sold"] > 0], sales["at"][sales["sold"] > 0])
    gone = ledger.closing_stock[:, 0] == 0
    by_walk_in = gone & (last_sale > last_pick) & (last_sale < 2 * 1440)  # early enough for the latency to pass
    assert agrees(found["short"][by_walk_in] > 0, 0.776870, within=0.1)


@pytest.mark.parametrize(("buffer", "oversold", "turned_away"), [(0, 0.380952, 0.190476), (3, 0.072562, 0.761905)])
def test_a_buffer_closes_listings_of_low_stock_and_turns_their_shoppers_away(
    tmp_path: Path, buffer: int, oversold: float, turned_away: float
) -> None:
    # stock uniform on 0..20, demand 4 in the frozen period: E = sum p(S) 1{S > b} E(D - S)+, turned away m P(S <= b)
    mean, stock = 4, [units for units in range(21) for _ in range(200)]
    products = len(stock)
    scenario = one_site(
        tmp_path, products, stock, demand__shoppers_per_day=mean * products, clock__measure="1 day",
        site_kinds__dc__feed=FROZEN, storefront__published_every="2 days", storefront__share_who_wait=0, **ALL_AT_ONCE,
    )  # fmt: skip
    ledger = run(scenario, OpenListing(products, buffer))
    found = by_product(ledger)
    shoppers = ledger.shoppers.columns()
    away = (shoppers["fate"] == 1) & (shoppers["at"] < 1440)
    # strata of equal size: the noise of a stratified mean is below that of a plain one
    assert agrees(found["short"], oversold, within=0.4)
    assert away.sum() / products == pytest.approx(turned_away, abs=Z * np.sqrt(turned_away / products))


def test_a_store_picks_short_after_its_walk_in_customers(tmp_path: Path) -> None:
    # S = 5, one unit held back, 3 walk-in customers and 2 online a day; all of Monday's customers come before a pick
    products = 3000
    one_day = {"mon": 1, **dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), 1e-9)}
    scenario = one_site(
        tmp_path, products, 5, kind="store", clock__measure="1 day", routing__safety_stock={"store": 1},
        demand__weekday=one_day, demand__shoppers_per_day=2 * products / 7, storefront__published_every="9 days",
        walk_ins__weekday=one_day, walk_ins__units_per_store_day=3 * products / 7, site_kinds__store__feed=FROZEN,
        **ALL_AT_ONCE | {"site_kinds__store__message_delay": "1 day"},
    )  # fmt: skip
    found = by_product(run(scenario))
    assert found["promised"].max() == 4
    assert agrees(found["short"] > 0, 0.363993, within=0.1)
    assert agrees(found["short"], 0.670197, within=0.1)
    assert found["short"].sum() / found["promised"].sum() == pytest.approx(0.348180, rel=0.06)
