"""Queues with limits, batches and priorities, through whole worlds, against the formulas; times in mean picks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import poisson

from tests.theory.one_site import ALL_AT_ONCE, channel_of_parcels, one_site, run
from tests.theory.queues import Interval
from tests.theory.test_site_queues import EXPONENTIAL, PLENTY, UNIT, batches, stay, world
from tests.world.hand_made import ObedientRouter, all_from, give_up

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

MANY = 300  # states of a chain that are looked at


def stationary(step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stationary law of a chain whose rows may lack what lies beyond its states."""
    chain = step.copy()
    chain[:, -1] += 1 - chain.sum(axis=1)
    equations = np.vstack([(chain.T - np.eye(len(chain)))[:-1], np.ones(len(chain))])
    law: NDArray[np.float64] = np.linalg.solve(equations, np.r_[np.zeros(len(chain) - 1), 1.0])
    return law


def with_arrivals(left: NDArray[np.int64], mean: float) -> NDArray[np.float64]:
    """Return a chain that has what is left of each state and Poisson arrivals on top."""
    arrivals = poisson(mean).pmf(np.arange(MANY))
    return np.array([np.r_[np.zeros(each), arrivals[: MANY - each]] for each in left.tolist()])


def says_no(folder: Path, load: float, days: int, people: int, room: int, law: Any = EXPONENTIAL) -> Ledger:
    """Run a site that says no beyond so many who wait; who is refused is gone."""
    router = ObedientRouter(lambda order: give_up(order) if order.refused_by else all_from(0)(order))
    return world(folder, load, days, law, people, router, declines_beyond=room)


def refused(ledger: Ledger, days: int) -> NDArray[np.float64]:
    """Return the share refused in each of twenty stretches of time."""
    moments = ledger.declines.columns()["at"], ledger.parcels.columns()["reached_at"]
    no, yes = (np.bincount((at // (days * 1440 / 20)).astype(int), minlength=20)[:20] for at in moments)
    share: NDArray[np.float64] = no / (no + yes)
    return share


def test_constant_picks_of_two_wait_as_crommelin_says(tmp_path: Path) -> None:
    # M/D/2: what is there a pick later is what the two had no hands for, and who came meanwhile
    people, load, days = 2, 1.6, 30
    there = np.arange(MANY)
    law = stationary(with_arrivals(np.maximum(there - people, 0), load))
    wait = float((np.maximum(there - people, 0) * law).sum()) / load
    assert wait == pytest.approx(0.903284, abs=1e-6)
    ledger = world(tmp_path, load, days, "4 min", people)
    assert Interval.of(batches(ledger, stay(ledger), days)).agrees(1 + wait, 0.15)


def test_room_for_three_refuses_and_keeps_waiting_as_a_birth_and_death_chain_says(tmp_path: Path) -> None:
    people, room, load, days = 2, 3, 1.6, 20  # M/M/2/5
    weights = np.cumprod([1.0] + [load / min(n, people) for n in range(1, people + room + 1)])
    law = weights / weights.sum()
    waiting = float((np.maximum(np.arange(len(law)) - people, 0) * law).sum())
    ledger = says_no(tmp_path, load, days, people, room)
    assert Interval.of(refused(ledger, days)).agrees(law[-1], 0.2)
    assert Interval.of(batches(ledger, stay(ledger), days)).agrees(1 + waiting / (load * (1 - law[-1])), 0.06)


@pytest.mark.parametrize("law", ["4 min", {"law": "lognormal", "mean": "4 min", "cv": 1.5}], ids=["constant", "wild"])
def test_without_room_the_law_of_a_pick_makes_no_difference(tmp_path: Path, law: Any) -> None:
    # Erlang's B of a load of 4 at 5 people: 0.199067, whatever the law
    assert Interval.of(refused(says_no(tmp_path, 4.0, 10, 5, 0, law), 10)).agrees(0.199067, 0.2)


def test_walks_of_up_to_three_orders_are_bulk_service(tmp_path: Path) -> None:
    # M/D[3]/1, a picker who sets out as soon as anybody waits: seen at the end of each walk
    most, load, days = 3, 2.4, 15
    there = np.arange(MANY)
    law = stationary(with_arrivals(np.maximum(there - most, 0), load))
    # who sets out takes what is there, or waits for the first; all of it is there for the walk of 1, and who comes
    area = np.maximum(there, 1) + load / 2
    lasts = 1 + (there == 0) / load
    truth = float(area @ law) / float(lasts @ law) / load
    ledger = world(tmp_path, load, days, "0 min", batch={"walk": "4 min", "orders": most})
    assert Interval.of(batches(ledger, stay(ledger), days)).agrees(truth, 0.1)


def test_customers_before_express_before_the_rest(tmp_path: Path) -> None:
    # Cobham, three classes: customers of constant 1, orders of exponential 1; W_k = W0 / ((1 - s_k-1)(1 - s_k))
    rates, days = (0.25, 0.2, 0.25), 60
    beginning = (rates[0] + 2 * rates[1] + 2 * rates[2]) / 2
    used = np.cumsum((0.0, *rates))
    waits = beginning / ((1 - used[:-1]) * (1 - used[1:]))
    per_day = 1440 / UNIT
    labour = {
        "per_hour": "20 USD", "shifts": {"all": {"hours": "00:00-24:00", "people": 1}}, "first": ["express"],
        "walk_ins": {"takes": "4 min"},
    }  # fmt: skip
    shares = {
        name: {"share": rate / (rates[1] + rates[2])} for name, rate in zip(("express", "rest"), rates[1:], strict=True)
    }
    changes: dict[str, Any] = ALL_AT_ONCE | {
        "site_kinds__store__pickers": ..., "site_kinds__store__labour": labour,
        "site_kinds__store__pick_time": EXPONENTIAL, "demand__channels": shares,
        "demand__shoppers_per_day": (rates[1] + rates[2]) * per_day,
        "walk_ins__units_per_store_day": rates[0] * per_day, "clock__measure": f"{days} days",
    }  # fmt: skip
    ledger = run(one_site(tmp_path, 4, PLENTY, "store", **changes))
    channel, staid = channel_of_parcels(ledger), stay(ledger)
    batch = (ledger.parcels.columns()["decided_at"] // (days * 1440 / 20)).astype(int)
    for number, within in ((0, 0.12), (1, 0.25)):
        means = np.array([staid[(batch == k) & (channel == number)].mean() for k in range(20)])
        assert Interval.of(means).agrees(1 + waits[number + 1], within)
    days_of = ledger.labour.columns()
    whole = slice(0, days)
    each = days_of["customers_waited_min"][whole] / np.maximum(days_of["customers"][whole], 1) / UNIT
    assert Interval.of(each).agrees(waits[0], 0.12)


def test_who_orders_while_nobody_works_waits_for_the_shift(tmp_path: Path) -> None:
    # eight hours of twenty-four: a third goes at once, the others wait evenly up to 16 h, on average 16^2 / 48 h
    ledger = world(tmp_path, 2.0, 8, "0 min", 50, shifts={"day": {"hours": "08:00-16:00", "people": 50}})
    hours = stay(ledger) * UNIT / 60
    n, mean = len(hours), 16**2 / 48
    assert abs((hours == 0).mean() - 1 / 3) < 4 * np.sqrt(2 / 9 / n)
    assert abs(hours.mean() - mean) < 4 * np.sqrt((16**3 / 72 - mean**2) / n)
    assert 15.9 < hours.max() <= 16
