"""Shoppers, messages and parcels through whole worlds, against thinning, Erlang, geometric laws and small chains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import norm, poisson

from sim.contract.news import News, StockNews
from sim.ledger.fates import Fate
from sim.ledger.orders import orders_of
from tests.theory.one_site import ALL_AT_ONCE, by_product, one_site, run
from tests.theory.test_more_queues import MANY, stationary
from tests.theory.test_stale_stock import OpenListing, agrees

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

Z = float(norm.ppf(0.9995))  # one right world in a thousand lies outside
PLENTY = 1_000_000
LEAVING: dict[str, Any] = {"storefront__share_who_wait": 0}


def is_share(hits: int, of: int, truth: float, within: float) -> None:
    """Hold a share to the truth but for its own noise, which is small enough to tell."""
    noise = Z * np.sqrt(truth * (1 - truth) / of)
    assert abs(hits / of - truth) <= noise <= within * truth


def is_count(found: int, mean: float, within: float) -> None:
    """Hold a Poisson count to its mean."""
    noise = Z * np.sqrt(mean)
    assert abs(found - mean) <= noise <= within * mean


def flow(folder: Path, products: int, units: Any, per_day: float, days: int = 3, **changes: Any) -> Ledger:
    """Run a warehouse where nothing takes any time."""
    own: dict[str, Any] = {"demand__shoppers_per_day": per_day, "clock__measure": f"{days} days"}
    return run(one_site(folder, products, units, **ALL_AT_ONCE | own | changes))


def fates(ledger: Ledger, days: int) -> np.ndarray:
    """Return what became of the measured shoppers."""
    shoppers = ledger.shoppers.columns()
    return shoppers["fate"][shoppers["at"] < days * 1440]


def test_units_in_carts_that_are_given_up_are_lost_as_erlang_says(tmp_path: Path) -> None:
    # 4 of each, a shopper every half an hour, who takes two hours and buys nothing: B(4, 4), M/M/4/4
    products, units, load, days = 60, 4, 4.0, 2
    ledger = flow(
        tmp_path, products, units, products * load * 12, days, storefront__falls_with="all_sales", **LEAVING,
        storefront__carts={"minutes": {"law": "exponential", "mean": "2 h"}, "bought": "0 %"},
    )  # fmt: skip
    shoppers = ledger.shoppers.columns()
    settled = (shoppers["at"] >= 1440) & (shoppers["at"] < days * 1440)
    # shoppers of one product are no independent sample: four times the noise that they would have
    away = (shoppers["fate"][settled] == Fate.TURNED_AWAY).mean()
    assert away == pytest.approx(0.310680, abs=4 * np.sqrt(0.31 * 0.69 / settled.sum()))


class HeedsWhen(OpenListing):
    """A listing that does not let older news overtake newer."""

    def __init__(self, products: int) -> None:
        super().__init__(products)
        self._since = np.full(products, -1.0)

    def observe(self, news: News) -> None:
        """Hear a count if it is not older than what was heard."""
        if isinstance(news, StockNews):
            newer = news.observed_at >= self._since[news.cells]
            self._since[news.cells[newer]] = news.observed_at
            self._heard[news.cells[newer]] = news.on_hand[newer]


def test_news_of_random_latency_oversells_by_its_mean_and_seldom_by_its_law(tmp_path: Path) -> None:
    # exponential latency d: E = lambda E d = 0.8; P = 1 - E exp(-lambda d) = 0.8 / 1.8
    products, per_day = 1200, 16.0
    feed = {"kind": "event", "latency": {"law": "exponential", "mean": f"{0.8 / per_day * 1440} min"}}
    scenario = one_site(
        tmp_path, products, 3, demand__shoppers_per_day=per_day * products, clock__measure="1 day",
        site_kinds__dc__feed=feed, storefront__published_every="9 days", **ALL_AT_ONCE,
    )  # fmt: skip
    found = by_product(run(scenario, HeedsWhen(products)))
    assert agrees(found["short"], 0.8, within=0.2)
    assert agrees(found["short"] > 0, 0.8 / 1.8, within=0.15)


def test_two_unequal_channels_oversell_what_their_caps_let_through(tmp_path: Path) -> None:
    products, units, buffer, rates = 2500, 6, 2, (3.0, 7.0)
    shown = units - buffer
    ledger = flow(
        tmp_path, products, units, sum(rates) * products, 1, **LEAVING,
        demand__channels={"here": {"share": "30 %"}, "there": {"share": "70 %"}},
        storefront__published_every="9 days", storefront__buffer=buffer, storefront__falls_with="own_sales",
    )  # fmt: skip
    laws = [np.r_[poisson(rate).pmf(np.arange(shown)), poisson(rate).sf(shown - 1)] for rate in rates]
    sold = np.convolve(*laws)
    over = np.maximum(np.arange(len(sold)) - units, 0)
    found = by_product(ledger)
    assert agrees(found["cancelled"], float(sold @ over), within=0.1)
    assert agrees(found["cancelled"] > 0, float(sold @ (over > 0)), within=0.1)
    assert agrees(found["ordered"], float(sold @ np.arange(len(sold))), within=0.05)


def test_of_those_who_miss_something_the_stated_share_takes_another(tmp_path: Path) -> None:
    ledger = flow(tmp_path, 4, [0, PLENTY, PLENTY, PLENTY], 4000, storefront__substitution="35 %", **LEAVING)
    found = fates(ledger, 3)
    is_share(int((found == Fate.TURNED_AWAY).sum()), len(found), 0.25 * 0.65, within=0.1)
    taken = np.bincount(ledger.substitutions.columns()["sku"], minlength=4)
    assert taken[0] == 0
    for units in taken[1:]:
        is_share(int(units), int(taken.sum()), 1 / 3, within=0.2)


def test_what_is_bought_together(tmp_path: Path) -> None:
    rule = {"orders_of": {"products": ["P0"]}, "bring": {"products": ["P3"]}, "share": "25 %"}
    lines = flow(tmp_path, 4, PLENTY, 4000, demand__bought_together=[rule]).order_lines.columns()
    first, brought = (set(lines["order"][lines["sku"] == sku].tolist()) for sku in (0, 3))
    is_share(len(first & brought), len(first), 0.25, within=0.15)
    is_share(len(brought), len(set(lines["order"].tolist())), 0.25 + 0.25 * 0.25, within=0.1)


def test_promised_days_thin_those_who_come_and_those_who_stay(tmp_path: Path) -> None:
    # the same promises: 1.17 to 2.17 days; 0.25 (d - 1) leave of one world, 1.5 - 0.5 (d - 1) as many come to another
    days, per_day = 3, 3000
    told = flow(tmp_path / "told", 1, PLENTY, per_day, days).decisions.columns()
    promised = float(((told["deliver_at"] - told["asked_at"]) / 1440).mean())
    assert 1.5 < promised < 1.8
    left = fates(
        flow(tmp_path / "leave", 1, PLENTY, per_day, days, storefront__abandonment={1: "0 %", 3: "50 %"}), days
    )
    is_share(int((left == Fate.ABANDONED).sum()), len(left), 0.25 * (promised - 1), within=0.1)
    came = fates(flow(tmp_path / "come", 1, PLENTY, per_day, days, storefront__response={1: 1.5, 3: 0.5}), days)
    is_count(len(came), per_day * days * (1.5 - 0.5 * (promised - 1)), within=0.05)


def test_a_sale_and_the_growth_of_trade_bring_as_many_more_as_stated(tmp_path: Path) -> None:
    sale = {"products": ["P0"], "starts": "2026-02-03 06:00", "ends": "2026-02-03 18:00", "times": 4}
    ledger = flow(tmp_path / "sale", 4, PLENTY, 4800, 2, demand__promotions={"sale": sale})
    shoppers, lines = ledger.shoppers.columns(), ledger.order_lines.columns()
    at = dict(zip(shoppers["order"].tolist(), shoppers["at"].tolist(), strict=True))
    moment = np.array([at[order] for order in lines["order"].tolist()])
    sku = lines["sku"][(moment >= 1440 + 6 * 60) & (moment < 1440 + 18 * 60)]
    is_count(int((sku == 0).sum()), 2400 * 0.25 * 4, within=0.1)
    is_count(int((sku != 0).sum()), 2400 * 0.75, within=0.1)
    growing = flow(tmp_path / "growth", 1, PLENTY, 300, 60, demand__growth=0.8)
    is_count(len(fates(growing, 60)), sum(300 * 1.8 ** (day / 365) for day in range(60)), within=0.03)


def test_calls_for_a_label_fail_geometrically(tmp_path: Path) -> None:
    labels = {"labels": {"fail": "30 %", "retry_after": "10 min"}}
    ledger = flow(tmp_path, 1, PLENTY, 3000, order_messages=labels)
    parcels, failures = len(ledger.parcels.columns()["order"]), ledger.labels.columns()["failures"]
    for tries in (1, 2, 3):
        is_share(int((failures >= tries).sum()), parcels, 0.3**tries, within=0.3)


def test_a_share_of_orders_is_held_and_a_share_called_off_in_time(tmp_path: Path) -> None:
    hold = {"hold": {"share": "40 %", "takes": {"law": "exponential", "mean": "3 h"}}}
    ledger = flow(tmp_path / "hold", 1, PLENTY, 3000, order_messages=hold)
    shoppers, told = ledger.shoppers.columns(), ledger.decisions.columns()
    at = dict(zip(shoppers["order"].tolist(), shoppers["at"].tolist(), strict=True))
    waited = told["at"] - np.array([at[order] for order in told["order"].tolist()])
    is_share(int((waited > 1e-6).sum()), len(waited), 0.4, within=0.1)
    assert agrees(waited[waited > 1e-6], 180.0, within=0.1)
    # an hour on average after the order; its site hears of it after three quarters, and picks at once
    off = {"called_off": {"share": "20 %", "after": {"law": "exponential", "mean": "1 h"}}}
    ledger = flow(tmp_path / "off", 1, PLENTY, 3000, order_messages=off, site_kinds__dc__message_delay="45 min")
    orders = orders_of(ledger)
    gone = orders["units_called_off"][orders["measured"]] > 0
    is_share(int(gone.sum()), len(gone), 0.2 * (1 - np.exp(-0.75)), within=0.15)


def test_a_carrier_with_room_for_44_keeps_of_40_a_day_what_a_chain_says(tmp_path: Path) -> None:
    # left over: what was there and what came, less 44; by Little the days waited are the mean of that over 40
    room, mean, days = 44, 40.0, 300
    arrivals = poisson(mean).pmf(np.arange(MANY))
    step = np.zeros((MANY, MANY))
    for came, chance in enumerate(arrivals):
        np.add.at(step, (np.arange(MANY), np.clip(np.arange(MANY) + came - room, 0, MANY - 1)), chance)
    left = float(np.arange(MANY) @ stationary(step))
    own = {"clock__warm_up": "20 days", "carriers__services__ground__capacity": {"per_site": room}}
    trips = flow(tmp_path, 1, PLENTY, mean, days, **own).trips.columns()
    assert np.bincount((trips["at"] // 1440).astype(int)).max() == room
    month = ((trips["at"] / 1440 - 20) // 10).astype(int)
    means = np.array([trips["waited"][month == k].mean() for k in range(30)])
    assert abs(means.mean() - left / mean) <= Z * means.std(ddof=1) / np.sqrt(len(means)) <= 0.8 * left / mean


def test_lost_parcels_are_sent_again_until_one_arrives(tmp_path: Path) -> None:
    claims = {"noticed_after": "2 days", "contact": "5 USD", "then": "reship"}
    ledger = flow(
        tmp_path, 1, PLENTY, 1200, 2, carriers__services__ground__lost="20 %", carriers__claims=claims,
        clock__drain_limit="90 days", fulfilment__max_attempts=50,
    )  # fmt: skip
    shoppers, parcels, claimed = (table.columns() for table in (ledger.shoppers, ledger.parcels, ledger.claims))
    measured = np.sort(shoppers["order"][shoppers["at"] < 2 * 1440])
    own = parcels["order"][np.isin(parcels["order"], measured)]
    times = np.bincount(np.searchsorted(measured, own), minlength=len(measured))
    assert agrees(times, 1 / 0.8, within=0.05)
    is_share(int((times > 2).sum()), len(times), 0.2**2, within=0.35)
    assert np.isin(claimed["order"], measured).sum() == times.sum() - len(measured)
    assert set(claimed["contact_cents"].tolist()) == {500}


def test_a_week_without_a_pick_up_at_its_end_makes_the_gaps_uneven(tmp_path: Path) -> None:
    # four gaps of a day and one of three, evenly met: (4 * 24^2 + 72^2) / (2 * 168) h
    ledger = flow(tmp_path, 1, PLENTY, 400, 28, site_kinds__dc__pick_up_days=["mon", "tue", "wed", "thu", "fri"])
    parcels = ledger.parcels.columns()
    measured = parcels["decided_at"] < 28 * 1440
    waited = (parcels["handed_at"] - parcels["decided_at"])[measured] / 60
    assert agrees(waited, (4 * 24**2 + 72**2) / (2 * 168), within=0.05)
