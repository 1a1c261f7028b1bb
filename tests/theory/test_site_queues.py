"""Queues of people with shifts, through whole worlds, against the formulas; times in units of a mean pick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import kstest

from tests.theory.one_site import ALL_AT_ONCE, channel_of_parcels, one_site, run
from tests.theory.queues import Interval, mg1_wait
from tests.world.hand_made import ObedientRouter, all_from, give_up

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

UNIT = 4.0  # minutes
PLENTY = 1_000_000
EXPONENTIAL = {"law": "exponential", "mean": "4 min"}


def world(
    folder: Path, rate: float, days: int, pick_time: Any = EXPONENTIAL, people: int = 1,
    router: Any = None, **block: Any,
) -> Ledger:  # fmt: skip
    """Run a site round the clock to which so many orders come in the time of a mean pick."""
    own = {key: block.pop(key) for key in list(block) if "__" in key}
    shifts = {"all": {"hours": "00:00-24:00", "people": people}}
    changes: dict[str, Any] = ALL_AT_ONCE | {
        "site_kinds__dc__pickers": ...,
        "site_kinds__dc__labour": {"per_hour": "20 USD", "shifts": shifts, **block},
        "site_kinds__dc__pick_time": pick_time,
        "demand__shoppers_per_day": rate * 1440 / UNIT,
        "clock__measure": f"{days} days",
    }
    return run(one_site(folder, 4, PLENTY, **changes | own), router)


def batches(ledger: Ledger, values: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Return the means of twenty stretches of time, as good as independent."""
    batch = (ledger.parcels.columns()["decided_at"] // (days * 1440 / 20)).astype(int)
    return np.array([values[batch == k].mean() for k in range(20)])


def stay(ledger: Ledger, end: str = "picked_at", start: str = "reached_at") -> NDArray[np.float64]:
    parcels = ledger.parcels.columns()
    found: NDArray[np.float64] = (parcels[end] - parcels[start]) / UNIT
    return found


@pytest.mark.parametrize(
    ("law", "rate", "truth", "within"),
    [
        (EXPONENTIAL, 0.8, 5.0, 0.2),  # mm1_basic: W = 1 / (1 - 0.8)
        ("4 min", 0.8, 3.0, 0.15),  # md1
        ({"law": "lognormal", "mean": "4 min", "cv": 1.5}, 0.7, 4.791667, 0.25),  # mg1_lognormal
    ],
    ids=["mm1_basic", "md1", "mg1_lognormal"],
)
def test_orders_wait_for_one_picker_as_theory_says(
    tmp_path: Path, law: Any, rate: float, truth: float, within: float
) -> None:
    ledger = world(tmp_path, rate, 100, law)
    assert Interval.of(batches(ledger, stay(ledger), 100)).agrees(truth, within)


def test_a_constant_pick_halves_the_wait() -> None:
    assert mg1_wait(0.8, 0) == pytest.approx(2.0)
    assert mg1_wait(0.8, 1) == pytest.approx(4.0)
    assert mg1_wait(0.7, 1.5) == pytest.approx(3.791667, abs=1e-6)


def test_channels_picked_first_wait_less_at_the_cost_of_the_others(tmp_path: Path) -> None:
    # mm1_priority: Cobham's waits of 1 and 3.333333, where in turn both would wait 2.333333
    channels = {"express": {"share": "42.857143 %"}, "standard": {"share": "57.142857 %"}}
    ledger = world(tmp_path, 0.7, 100, first=["express"], demand__channels=channels)
    channel = channel_of_parcels(ledger)
    for number, truth, within in ((0, 2.0, 0.08), (1, 4.333333, 0.2)):
        mine = channel == number
        batch = (ledger.parcels.columns()["decided_at"][mine] // (5 * 1440)).astype(int)
        means = np.array([stay(ledger)[mine][batch == k].mean() for k in range(20)])
        assert Interval.of(means).agrees(truth, within)


def test_picking_and_packing_in_tandem_are_two_queues_of_their_own(tmp_path: Path) -> None:
    # jackson_tandem, its first two stages: at half an order in a unit, L is 1.666667 at 0.8 and 2.5 at 0.7 in a unit
    ledger = world(
        tmp_path, 0.5, 150, {"law": "exponential", "mean": "5 min"}, packing={"stations": 1},
        site_kinds__dc__pack_time={"law": "exponential", "mean": f"{4 / 0.7} min"},
    )  # fmt: skip
    picking, packing = stay(ledger), stay(ledger, "packed_at", "picked_at")
    assert Interval.of(batches(ledger, picking, 150)).agrees(1.666667 / 0.5, 0.15)
    assert Interval.of(batches(ledger, packing, 150)).agrees(2.5 / 0.5, 0.2)


def test_parcels_found_wrong_load_their_pickers_again(tmp_path: Path) -> None:
    # M/M/1 with feedback: 0.6 / (1 - 0.2) = 0.75 busy, so L = 3 and each order is there for 3 / 0.6
    ledger = world(tmp_path, 0.6, 100, rework="20 %")
    assert Interval.of(batches(ledger, stay(ledger), 100)).agrees(5.0, 0.2)
    labour = ledger.labour.columns()
    assert labour["worked_min"].sum() / labour["paid_min"].sum() == pytest.approx(0.75, abs=0.02)


def test_a_site_that_lets_nothing_wait_says_no_as_often_as_erlang_says(tmp_path: Path) -> None:
    # erlang_b: a load of 12 at 15 pickers is declined 8.5729 % of the time, and they are 73.1417 % busy
    router = ObedientRouter(lambda order: give_up(order) if order.refused_by else all_from(0)(order))
    ledger = world(tmp_path, 12.0, 8, people=15, declines_beyond=0, router=router)
    asked = len(ledger.declines.columns()["order"]) + len(ledger.parcels.columns()["order"])
    assert len(ledger.declines.columns()["order"]) / asked == pytest.approx(0.085729, abs=0.008)
    labour = ledger.labour.columns()
    assert labour["worked_min"].sum() / labour["paid_min"].sum() == pytest.approx(0.731417, abs=0.01)


def test_an_order_waits_half_the_gap_between_waves(tmp_path: Path) -> None:
    # uniform from 0 to 6 h: mean 3 h, standard deviation 6 / sqrt(12) h
    waves = ["00:00", "06:00", "12:00", "18:00"]
    ledger = world(tmp_path, 2.0, 8, "0 min", people=100, waves=waves)
    hours = stay(ledger) * UNIT / 60
    assert kstest(hours, "uniform", (0, 6)).pvalue > 1e-3
    assert abs(hours.mean() - 3) < 4 * 6 / np.sqrt(12 * len(hours))
