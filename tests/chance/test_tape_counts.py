"""How many come a day: the level of the weekday, and a spread of the stated size round it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import chi2, nbinom, poisson

from sim.chance.tape import Tape
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

Z = 4.9  # |z| of a standard normal exceeds it with probability 1e-6
MEAN = 25.0
Count = Callable[[Tape, int], int]


def in_one_time_zone() -> dict[str, list[list[object]]]:
    """Return tables by which a day of the scenario's clock is everybody's local day."""
    east = {"America/Chicago": "America/New_York", "America/Los_Angeles": "America/New_York"}
    return {
        name: [[east.get(str(cell), cell) for cell in row] for row in TABLES[name]]
        for name in ("sites.csv", "places.csv")
    }


def shoppers(tape: Tape, day: int) -> int:
    return len(tape.shoppers(day))


def walk_ins_in_boston(tape: Tape, day: int) -> int:
    return int((tape.walk_ins(day).cells % 4 == 2).sum())


def counts(folder: Path, count: Count, days: int, **changes: Any) -> NDArray[np.int64]:
    """Return each day's count; the seed is fixed."""
    rates = {"demand__shoppers_per_day": MEAN, "walk_ins__units_per_store_day": MEAN}
    tape = Tape(tiny(folder, in_one_time_zone(), **rates | changes), 1, 0)
    return np.array([count(tape, day) for day in range(days)])


@pytest.mark.parametrize(("count", "block"), [(shoppers, "demand"), (walk_ins_in_boston, "walk_ins")])
@pytest.mark.parametrize("cv", [0.0, 0.2, 0.5])
def test_variance_over_mean_of_a_days_count_is_one_plus_mean_times_cv_squared(
    tmp_path: Path, count: Count, block: str, cv: float
) -> None:
    days = 1500
    found = counts(tmp_path, count, days, **{f"{block}__day_cv": cv})
    # a Poisson count round a gamma level is negative binomial
    law = nbinom(cv**-2, 1 / (1 + MEAN * cv**2)) if cv else poisson(MEAN)
    variance, excess_kurtosis = (float(moment) for moment in law.stats("vk"))
    assert variance == pytest.approx(MEAN * (1 + MEAN * cv**2))
    assert abs(found.mean() - MEAN) < Z * np.sqrt(variance / days)
    assert abs(found.var(ddof=1) / variance - 1) < Z * np.sqrt((excess_kurtosis + 2) / days)


@pytest.mark.parametrize(("count", "block"), [(shoppers, "demand"), (walk_ins_in_boston, "walk_ins")])
def test_days_of_the_week_have_their_level(tmp_path: Path, count: Count, block: str) -> None:
    level = {"mon": 1, "tue": 2, "wed": 1, "thu": 1, "fri": 3, "sat": 0.5, "sun": 1.5}
    weeks = 100
    found = counts(tmp_path, count, 7 * weeks, **{f"{block}__weekday": level})  # the first day is a Monday
    expected = np.array([weeks * MEAN * 7 * share / sum(level.values()) for share in level.values()])
    chi_square = ((found.reshape(weeks, 7).sum(axis=0) - expected) ** 2 / expected).sum()
    assert chi2.sf(chi_square, 7) > 1e-6


def test_the_days_of_two_stores_are_independent(tmp_path: Path) -> None:
    tape = Tape(tiny(tmp_path, in_one_time_zone(), walk_ins__day_cv=0.5), 1, 0)
    sites = np.array([np.bincount(tape.walk_ins(day).cells % 4, minlength=4) for day in range(800)])
    assert abs(np.corrcoef(sites[:, 2], sites[:, 3])[0, 1]) < Z / np.sqrt(800)


def test_how_many_come_tells_nothing_of_who_comes_first(tmp_path: Path) -> None:
    tape = Tape(tiny(tmp_path, in_one_time_zone(), demand__shoppers_per_day=MEAN), 1, 0)
    days = [tape.shoppers(day) for day in range(1000)]
    born_first = [min(day, key=lambda shopper: shopper.id) for day in days]
    many = np.array([len(day) for day in days])
    for of_first in (
        [s.place for s in born_first],
        [s.patience for s in born_first],
        [s.at % 1440 for s in born_first],
    ):
        assert abs(np.corrcoef(many, of_first)[0, 1]) < Z / np.sqrt(1000)
