"""Counters where orders wait to be collected, against closed forms; worlds of one store and many products."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.study.kpis.catalogue import estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.kpis.pick_up import PICK_UP_KPIS
from tests.theory.one_site import ALL_AT_ONCE, one_site, run

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

DAYS = 40
ORDERS_PER_DAY = 40
BY_NAME = {kpi.name: kpi for kpi in PICK_UP_KPIS}


def counter(folder: Path, **pick_up: Any) -> Ledger:
    """Return the ledger of a store where everybody collects, never short and never closed."""
    scenario = one_site(
        folder, 1, 100_000, "store", {"pickup": "true"}, walk_ins=..., routing__pickup={},
        pick_up={"within": "60 km", "share": "100 %", **pick_up}, clock__measure=f"{DAYS} days",
        demand__shoppers_per_day=ORDERS_PER_DAY, **ALL_AT_ONCE,
    )  # fmt: skip
    return run(scenario)


@pytest.fixture(scope="module")
def no_shows(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return a counter at which 6 % never come, and what waits for them is held for 3 days."""
    return counter(tmp_path_factory.mktemp("no_shows"), arrives="6 h", no_show="6 %", hold="3 days")


def test_no_shows_are_binomial(no_shows: Ledger) -> None:
    sums = sums_of(cohort_of(no_shows))
    orders = sums.pairs["no_show_rate"][1]
    share = estimate(BY_NAME["no_show_rate"], [sums]).value
    assert orders > 0.9 * DAYS * ORDERS_PER_DAY
    assert share == pytest.approx(0.06, abs=4 * math.sqrt(0.06 * 0.94 / orders))


def test_units_restocked_a_day_are_orders_by_no_show_share(no_shows: Ledger) -> None:
    put_back = no_shows.put_back.columns()
    days = np.bincount((put_back["at"] // 1440).astype(int), put_back["quantity"], DAYS)[4:DAYS]
    # with the number of orders Poisson, so is that of no-shows: mean 2.4 a day
    mean = ORDERS_PER_DAY * 0.06
    assert days.mean() == pytest.approx(mean, abs=4 * math.sqrt(mean / len(days)))


def test_no_shows_hold_as_many_units_as_little_says(no_shows: Ledger) -> None:
    ended = no_shows.hand_overs.columns()
    left = ended["collected"] == 0
    start, end = 4 * 1440.0, DAYS * 1440.0
    held = np.clip(np.minimum(ended["at"], end) - np.maximum(ended["ready_at"], start), 0, None)[left].sum()
    # L = lambda * hold = 2.4 * 3 = 7.2; the number of no-shows behind it is Poisson
    assert held / (end - start) == pytest.approx(7.2, abs=4 * 7.2 / math.sqrt(2.4 * (DAYS - 4)))


def test_units_at_the_counter_are_poisson_with_the_load_of_an_infinite_server(tmp_path: Path) -> None:
    ledger = counter(tmp_path, arrives={"law": "uniform", "low": "4 h", "high": "20 h"}, hold="2 days")
    ended = ledger.hand_overs.columns()
    assert ended["collected"].all()
    moments = np.arange(2.0, DAYS, 1.0) * 1440  # a day apart: no order is there at two of them
    there = np.array([((ended["ready_at"] <= at) & (at < ended["at"])).sum() for at in moments])
    load = ORDERS_PER_DAY * 12 / 24  # M/G/infinity: lambda * E[T], whatever the law
    assert there.mean() == pytest.approx(load, abs=4 * math.sqrt(load / len(there)))
    # of a Poisson law the variance is the mean; the variance of its estimate is about 2 load^2 / n
    assert there.var(ddof=1) == pytest.approx(load, abs=4 * load * math.sqrt(2 / len(there)))
