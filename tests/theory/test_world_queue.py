"""The queue, the dock and the age of news through a whole world, against the formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import kstest

from sim.chance.tape import Tape
from sim.laws import Exponential
from tests.theory.one_site import ALL_AT_ONCE, one_site, run
from tests.theory.queues import Interval, mmc_wait

if TYPE_CHECKING:
    from pathlib import Path

PLENTY = 1_000_000
PICK_MIN = 4.0
PICKING: dict[str, Any] = {
    "site_kinds__dc__pick_time": {"law": "exponential", "mean": "4 min"},
    "site_kinds__dc__message_delay": "3 min",
}


def shoppers_per_day(people: int, use: float) -> float:
    """Return the demand that keeps so many pickers so busy."""
    return people * use * 1440 / PICK_MIN


def test_poisson_orders_round_the_clock_wait_for_a_picker_as_theory_says(tmp_path: Path) -> None:
    people, use = 2, 0.6
    scenario = one_site(
        tmp_path, 5, PLENTY, demand__shoppers_per_day=shoppers_per_day(people, use),
        site_kinds__dc__pickers=people, clock__measure="100 days", **PICKING,
    )  # fmt: skip
    parcels = run(scenario).parcels.columns()
    sojourn = (parcels["picked_at"] - parcels["reached_at"]) / PICK_MIN
    # the wait outlasts an hour or two, so batches of five days are as good as independent
    batch = (parcels["decided_at"] // (5 * 1440)).astype(int)
    means = np.array([sojourn[batch == k].mean() for k in range(20)])
    assert Interval.of(means).agrees(mmc_wait(people, use * people) + 1, within=0.06)


@pytest.mark.parametrize(("people", "use"), [(1, 5 / 6), (3, 5 / 6), (2, 0.95)])
def test_each_order_waits_as_the_recursion_on_its_own_luck_says(tmp_path: Path, people: int, use: float) -> None:
    # Kiefer and Wolfowitz: a job goes to whoever is free first
    scenario = one_site(
        tmp_path, 5, PLENTY, demand__shoppers_per_day=shoppers_per_day(people, use), site_kinds__dc__pickers=people,
        clock__measure="3 days", **PICKING,
    )  # fmt: skip
    parcels = run(scenario).parcels.columns()
    picked_at = dict(zip(parcels["order"].tolist(), parcels["picked_at"].tolist(), strict=True))
    tape, law = Tape(scenario, 1, 0), Exponential(PICK_MIN)
    free, expected = [0.0] * people, {}
    for shopper in (s for day in range(3) for s in tape.shoppers(day)):
        first = free.index(min(free))
        free[first] = max(free[first], shopper.at + 3) + law.quantile(shopper.luck[0])
        expected[shopper.id] = free[first]
    assert {number: picked_at[number] for number in expected} == pytest.approx(expected, abs=1e-6)


def test_an_order_waits_half_a_day_on_average_for_a_daily_pick_up(tmp_path: Path) -> None:
    # ready at a moment that is uniform in the cycle, so the wait is uniform from 0 to 24 h, mean 12 h, sd 6.928203 h
    scenario = one_site(
        tmp_path, 5, PLENTY, demand__shoppers_per_day=500, clock__measure="20 days",
        **ALL_AT_ONCE | {"site_kinds__dc__pack_time": "2 h"},
    )  # fmt: skip
    parcels = run(scenario).parcels.columns()
    wait = (parcels["handed_at"] - parcels["packed_at"]) / 60
    assert kstest(wait, "uniform", (0, 24)).pvalue > 1e-3
    assert abs(wait.mean() - 12) < 3.3 * 6.928203 / np.sqrt(len(wait))
    in_all = (parcels["handed_at"] - parcels["decided_at"]) / 60
    assert in_all.mean() == pytest.approx(wait.mean() + 2, abs=1e-9)


def test_the_news_of_a_poll_is_as_old_as_its_latency_and_half_its_period(tmp_path: Path) -> None:
    # read every 15 min, visible 2 min later: uniform from 2 to 17 min, mean 9.5, p95 16.25, sd 4.330127
    scenario = one_site(
        tmp_path, 5, PLENTY, demand__shoppers_per_day=5000, clock__measure="2 days",
        site_kinds__dc__feed={"kind": "poll", "every": "15 min", "latency": "2 min"}, **ALL_AT_ONCE,
    )  # fmt: skip
    decisions = run(scenario).decisions.columns()
    age = decisions["stock_age_min"][decisions["at"] >= 17].astype(float)
    assert kstest(age, "uniform", (2, 15)).pvalue > 1e-3
    assert abs(age.mean() - 9.5) < 3.3 * 4.330127 / np.sqrt(len(age))
