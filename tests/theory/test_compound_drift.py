"""Records that drift by more than one unit at a time, through whole worlds, against compound Poisson laws.

So many times a day something happens to X units at once: error and variance at the count are sP E[X] and sP E[X^2].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.ledger.movements import Why
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from tests.theory.drifting import count_every, unsold
from tests.theory.one_site import run
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

PRODUCTS, RATE, CYCLE = 2500, 0.02, 90
UNITS = {1: 0.75, 6: 0.25}  # single units, and now and then a case
FIRST = sum(size * share for size, share in UNITS.items())
SECOND = sum(size**2 * share for size, share in UNITS.items())
EVENTS = RATE * CYCLE


def agrees(samples: np.ndarray[Any, Any], truth: float) -> bool:
    """Return whether the mean of independent trials lies at the truth but for four standard errors."""
    return bool(abs(samples.mean() - truth) <= 4 * samples.std() / np.sqrt(len(samples)))


def test_losses_by_the_case_leave_records_wrong_as_often_and_by_more(tmp_path: Path) -> None:
    records = {"shrink": {"per_product_day": RATE, "units": UNITS}}
    ledger = run(
        unsold(tmp_path, PRODUCTS, 90, CYCLE, records, site_kinds__store__counting=count_every(CYCLE))
    )  # fmt: skip
    moved = ledger.movements.columns()
    gone = (moved["why"] == Why.LOST) & (moved["at"] < CYCLE * 1440)
    error = np.bincount(moved["cell"][gone], -moved["shelf"][gone], PRODUCTS)
    assert agrees(error, EVENTS * FIRST)  # 1.8 * 2.25
    assert agrees((error - EVENTS * FIRST) ** 2, EVENTS * SECOND)  # 1.8 * 9.75
    assert agrees(error > 0, 1 - np.exp(-EVENTS))
    assert ledger.counts.columns()["wrong_units"][0] == error.sum()
    right, pairs = sums_of(cohort_of(ledger)).pairs["record_accuracy"]
    # what is wrong is wrong from the first event on, however large
    assert abs((1 - right / pairs) - 0.536277) < 4 * np.sqrt(1 / 8 / PRODUCTS)
    # at a moment that is uniform in the cycle: sP E[X^2] / 2, and (s E[X])^2 P^2 / 12 for the moment itself
    moments = np.arange(PRODUCTS) % CYCLE * 1440.0 + 720
    early = gone & (moved["at"] < moments[np.minimum(moved["cell"], PRODUCTS - 1)])
    by_then = np.bincount(moved["cell"][early], -moved["shelf"][early], PRODUCTS)
    spread = EVENTS * SECOND / 2 + (RATE * FIRST) ** 2 * CYCLE**2 / 12
    assert agrees((by_then - EVENTS * FIRST / 2) ** 2, spread)


def test_bookings_by_the_case_go_up_and_down_by_it(tmp_path: Path) -> None:
    records = {"miskeyed": {"per_product_day": RATE, "units": UNITS}}
    ledger = run(unsold(tmp_path, PRODUCTS, 90, CYCLE, records, site_kinds__store__counting=count_every(CYCLE)))
    moved = ledger.movements.columns()
    keyed = (moved["why"] == Why.MISKEYED) & (moved["at"] < CYCLE * 1440)
    assert set(moved["record"][keyed].tolist()) == {1, -1, 6, -6}
    error = np.bincount(moved["cell"][keyed], moved["record"][keyed], PRODUCTS)
    assert agrees(error, 0)
    assert agrees(error**2, EVENTS * SECOND)
    assert agrees(np.abs(moved["record"][keyed]) == 6, UNITS[6])


def test_one_at_a_time_is_what_happens_where_nothing_is_said(tmp_path: Path) -> None:
    plain, said = (
        run(unsold(tmp_path / name, 50, 9, 30, {"shrink": {"per_product_day": 0.1} | units})).movements.columns()
        for name, units in (("plain", {}), ("said", {"units": {1: 1}}))
    )
    assert all(np.array_equal(plain[column], said[column]) for column in plain)


def test_what_happens_to_each_unit_by_itself_happens_to_one_at_a_time(tmp_path: Path) -> None:
    records = {"shrink": {"per_unit_day": 0.01, "units": {2: 1}}}
    with pytest.raises(ScenarioError, match="units with per_unit_day, which happens to each unit by itself"):
        tiny(tmp_path, site_kinds__store__records=records)
