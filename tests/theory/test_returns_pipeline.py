"""Goods on their way back against M/G/infinity: Poisson sales, each returned with a chance, after a lag of any law.

Sales of a day come evenly over it, leave at 18:00 and are delivered the next day between 9:00 and 20:00: 12 + 20.5
hours on average lie between sale and delivery.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest

from sim.ledger.returned import State
from tests.theory.one_site import ALL_AT_ONCE, one_site, run
from tests.theory.queues import mg1_wait

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

SALES, SHARE, LAG_DAYS, RESELLABLE = 100.0, 0.25, 12.0, 0.8
TO_DELIVERY = 32.5  # hours
AFTER = LAG_DAYS * 24 - TO_DELIVERY
WARM_UP, DAYS = 26, 90
DAY = 1440.0


def sold_and_returned(
    folder: Path, after: Any, warm_up: int, days: int, sales: float = SALES, share: float = SHARE, **inspection: Any
) -> Ledger:
    """Run a warehouse that never runs out, and to which a share of what it sells comes back."""
    returns = {
        "rate": share, "after": after,
        "grades": {"A": {"share": RESELLABLE, "then": "restock"}, "C": {"share": 1 - RESELLABLE, "then": "destroy"}},
        "by_mail": {
            "to": "site", "service": "ground", "transit": "0 min", "inspection": {"takes": "0 min", **inspection},
        },
    }  # fmt: skip
    own: dict[str, Any] = {
        "clock__warm_up": f"{warm_up} days", "clock__measure": f"{days} days", "clock__drain_limit": "1 day",
        "demand__shoppers_per_day": sales, "storefront__share_who_wait": 1, "walk_ins": ..., "returns": returns,
        "carriers__services__ground__late": {"share": 0, "extra_days": {1: 1}},
    }  # fmt: skip
    return run(one_site(folder, 1, 1_000_000, **ALL_AT_ONCE | own))


class Flow(NamedTuple):
    """Returns of a world: when each unit was sold and handed in (never: infinite), and whether it is on sale again."""

    sold_at: np.ndarray
    handed_at: np.ndarray
    on_sale: np.ndarray


def flow(ledger: Ledger) -> Flow:
    """Return the units that come back."""
    back, shoppers = ledger.returns.columns(), ledger.shoppers.columns()
    sold_at = shoppers["at"][np.searchsorted(shoppers["order"], back["order"])]
    return Flow(sold_at, np.nan_to_num(back["handed_at"], nan=np.inf), back["state"] == State.ON_SALE)


@cache
def published(folder: Path) -> Ledger:
    """Return the world of the case, run once."""
    return sold_and_returned(folder, {"law": "uniform", "low": "0 h", "high": f"{2 * AFTER} h"}, WARM_UP, DAYS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("returns")


def test_a_quarter_of_what_is_sold_comes_back_and_four_fifths_of_it_can_be_sold_again(folder: Path) -> None:
    _, handed_at, on_sale = flow(published(folder))
    start, end = published(folder).measured
    inside = (handed_at >= start) & (handed_at < end)
    sales = published(folder).shoppers.columns()["at"]
    sold = np.count_nonzero((sales >= start) & (sales < end))
    returned, resellable = np.count_nonzero(inside), np.count_nonzero(inside & on_sale)
    for found, a_day in ((sold, 100.0), (returned, 25.0), (resellable, 20.0)):
        assert abs(found / DAYS - a_day) < 4 * (a_day / DAYS) ** 0.5  # Poisson
    # what is sold and what comes back of earlier sales are nearly independent
    assert abs((sold - returned) / DAYS - 75) < 4 * (125 / DAYS) ** 0.5


def test_as_many_units_are_on_their_way_back_as_come_in_a_mean_lag(folder: Path) -> None:
    sold_at, handed_at, _ = flow(published(folder))
    start, end = published(folder).measured
    minutes = np.minimum(handed_at, end) - np.clip(sold_at, start, end)
    pipeline = np.maximum(minutes, 0).sum() / (end - start)
    lag_squared = LAG_DAYS**2 + (2 * AFTER / 24) ** 2 / 12 + (24**2 + 11**2) / 12 / 24**2
    # M/G/infinity: the variance of the mean over a time T is lambda E[S^2] / T
    assert abs(pipeline - 300) < 4 * (SALES * SHARE * lag_squared / DAYS) ** 0.5


def test_at_any_moment_that_number_is_poisson(folder: Path) -> None:
    sold_at, handed_at, _ = flow(published(folder))
    start, _ = published(folder).measured
    # counts of moments farther apart than the longest lag are independent
    apart = 2 * AFTER / 24 + 3
    moments = start + DAY * np.arange(0, DAYS, apart)
    counts = np.array([np.count_nonzero((sold_at <= at) & (handed_at > at)) for at in moments])
    assert (np.abs(counts - 300) < 4 * 300**0.5).all()


@pytest.mark.parametrize(
    "after",
    [
        {"law": "constant", "value": "6 days"},
        {"law": "exponential", "mean": "6 days"},
        {"law": "lognormal", "mean": "6 days", "cv": 0.7},
    ],
    ids=lambda law: law["law"],
)
def test_of_the_lag_only_the_mean_matters(tmp_path: Path, after: dict[str, Any]) -> None:
    ledger = sold_and_returned(tmp_path, after, warm_up=45, days=40)
    back = ledger.returns.columns()
    start, end = ledger.measured
    until = np.minimum(np.nan_to_num(back["handed_at"], nan=np.inf), end)
    with_shoppers = np.maximum(until - np.clip(back["delivered_at"], start, end), 0).sum() / (end - start)
    # delivered 25 a day, each kept six days; E[S^2] is at most 2 * 6^2
    assert abs(with_shoppers - 150) < 4 * (25 * 2 * 36 / 40) ** 0.5


def test_the_wait_for_one_inspector_is_that_of_a_queue_with_poisson_arrivals(tmp_path: Path) -> None:
    # what leaves M/G/infinity is Poisson: with the same work on each unit the queue is M/D/1
    load, days = 0.6, 150
    takes = load * DAY / 25
    after = {"law": "exponential", "mean": "8 days"}
    ledger = sold_and_returned(
        tmp_path, after, warm_up=40, days=days, sales=25, share=1, takes=f"{takes} min", people=1
    )
    back = ledger.returns.columns()
    inside = (back["received_at"] >= ledger.measured[0]) & (back["inspected_at"] < ledger.measured[1])
    waits = (back["inspected_at"] - back["received_at"])[inside] / takes - 1
    assert np.count_nonzero(inside) > 0.95 * 25 * days
    # batches of four days are nearly independent
    batches = np.array([part.mean() for part in np.array_split(waits, days // 4)])
    four_sigma = 4 * batches.std(ddof=1) / len(batches) ** 0.5
    assert abs(waits.mean() - mg1_wait(load, 0)) < four_sigma < 0.4 * mg1_wait(load, 0)
