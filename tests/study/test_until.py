"""Replications until differences are precise enough: what may be asked for, and when it is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.study.experiment import Experiment
from sim.study.kpis.catalogue import BY_NAME, Sums
from sim.study.runs.kept import ArmRun
from sim.study.until import AHEAD, FIRST, Until, read_until, run_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.study.experiment import Replication

COST = BY_NAME["cost_per_order"]


def replication(**cost: float) -> Replication:
    """Return a replication of one order an arm, at some cost."""
    return {arm: ArmRun(Sums({COST.name: (usd, 1.0)}, {}, 0), 1, 0.0, {}) for arm, usd in cost.items()}


def lucky(number: int) -> Replication:
    """Return the n-th replication: two arms whose difference has a standard deviation of 2 USD."""
    draw = np.random.default_rng(number)
    shared = draw.normal(50, 10)
    return replication(a=shared, b=shared + draw.normal(1, 2))


def stopped(until: Until, asked: list[int] | None = None) -> tuple[int, bool]:
    """Return after how many replications an experiment stops, and whether it is precise then."""

    def run(numbers: Sequence[int]) -> Iterator[tuple[int, Replication]]:
        for number in reversed(numbers):  # in whatever order workers finish
            if asked is not None:
                asked.append(number)
            yield number, lucky(number)

    experiment, runs, precise = run_until(Experiment({}, ("a", "b"), 1, 1), until, run)
    assert experiment.replications == len(runs)
    assert [run["b"].sums.pairs for run in runs] == [lucky(k)["b"].sums.pairs for k in range(len(runs))]
    return len(runs), precise


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("cost_per_order=0.05USD", 0.05),
        ("cost_per_order = 5 cents", 0.05),
        ("order_fill_rate=0.2pp", 0.002),
        ("delivery_hours_mean=30min", 0.5),
        ("reroutes_per_order=0.01", 0.01),
    ],
)
def test_a_precision_is_read_in_the_unit_of_its_kpi(text: str, precision: float) -> None:
    (found,) = read_until(text, 100).precision.values()
    assert found == pytest.approx(precision)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("cost_per_ordr=0.05USD", "did you mean cost_per_order"),
        ("cost_per_order", "no precision - expected cost_per_order=0.05USD"),
        ("cost_per_order=0.05", "expected cost_per_order=0.05USD"),
        ("order_fill_rate=0.2%", "expected percentage points, such as 0.2pp"),
        ("order_fill_rate=0.2", "expected order_fill_rate=0.2pp"),
        ("delivery_hours_mean=-1h", "expected more than zero"),
        ("cost_per_order=0USD", "expected more than zero"),
    ],
)
def test_a_precision_that_cannot_be_read_is_told_with_an_example(text: str, problem: str) -> None:
    with pytest.raises(FulfillSimError, match=problem):
        read_until(text, 100)


def test_a_budget_too_small_to_tell_anything_is_refused() -> None:
    with pytest.raises(FulfillSimError, match="expected at least 15"):
        read_until("cost_per_order=1USD", 14)
    with pytest.raises(FulfillSimError, match="expected at least 25"):
        read_until("cost_per_order=1USD", 24, first=20)


def test_it_stops_as_soon_as_the_precision_has_lasted() -> None:
    until = Until({COST: 0.6}, 100)
    enough, precise = stopped(until)
    runs = [lucky(number) for number in range(enough)]
    assert precise
    assert all(until.widest(("a", "b"), runs[:count]) <= 1 for count in range(enough - AHEAD, enough + 1))
    assert enough == FIRST + AHEAD or until.widest(("a", "b"), runs[: enough - AHEAD - 1]) > 1


def test_a_finer_precision_takes_more_replications_and_what_the_arms_share_costs_none() -> None:
    # sd 2, t about 2: 0.4 needs about (2 * 2 / 0.4)^2 = 100; each arm's own mean, of sd 10, would need 2,500
    coarse, fine = (stopped(Until({COST: precision}, 400))[0] for precision in (1.2, 0.4))
    assert coarse < 30
    assert 80 < fine < 130


def test_it_gives_up_at_the_budget_and_says_so() -> None:
    assert stopped(Until({COST: 0.01}, 23)) == (23, False)


def test_no_replication_is_run_twice() -> None:
    asked: list[int] = []
    stopped(Until({COST: 0.4}, 400), asked)
    assert len(asked) == len(set(asked))


def test_a_single_arm_is_as_precise_as_its_own_interval() -> None:
    runs = [replication(a=usd) for usd in (9.0, 11.0, 10.0, 10.0)]
    half = 3.182446 * np.std([9, 11, 10, 10], ddof=1) / 2
    assert Until({COST: 1.0}, 100).widest(("a",), runs) == pytest.approx(half)
