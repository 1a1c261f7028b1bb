"""Worth a year and pay-back, by arithmetic."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.study.worth import ahead, orders_a_year, worths
from tests.runs import made_up

LEASE: dict[str, Any] = {"account": "lease", "times": 2, "per_month_cents": 10_000.0, "once_cents": None}
BENCH: dict[str, Any] = {"account": "equipment", "times": 3, "per_month_cents": None, "once_cents": 20_000.0}


def test_worth_is_the_difference_in_contribution_stretched_to_a_year() -> None:
    (worth,) = worths(made_up({"a": [100.0, 200], "b": [110.0, 230]}, days=73))
    assert worth.earned.mean == pytest.approx(20 * 5)
    # t with one degree of freedom: 12.706; the standard error of 50 and 150 is 50
    assert worth.earned.high == pytest.approx(100 + 12.7062 * 50, rel=1e-5)


def test_what_is_paid_by_the_month_is_taken_off_and_what_is_paid_once_is_paid_back() -> None:
    fixed = {"a": {}, "b": {"lease": LEASE, "bench": BENCH}}
    (worth,) = worths(made_up({"a": [0.0, 0], "b": [3600.0, 3600]}, fixed=fixed))
    assert worth.fixed is not None
    assert (worth.fixed.a_year, worth.fixed.once) == (2400, 600)
    assert worth.net.mean == 1200
    assert worth.pays_back_days is not None
    assert worth.pays_back_days.mean == 365 / 2


def test_what_both_pay_is_no_difference() -> None:
    (worth,) = worths(made_up({"a": [0.0, 1], "b": [5.0, 6]}, fixed={"a": {"l": LEASE}, "b": {"l": LEASE}}))
    assert worth.net == worth.earned
    assert worth.pays_back_days is None


def test_what_earns_nothing_never_pays_back() -> None:
    fixed = {"a": {}, "b": {"bench": BENCH}}
    (worth,) = worths(made_up({"a": [1.0, 2], "b": [0.0, 1]}, fixed=fixed))
    assert worth.pays_back_days is not None
    assert worth.pays_back_days.mean == math.inf


def test_a_run_that_says_nothing_of_fixed_costs_has_none_known() -> None:
    (worth,) = worths(made_up({"a": [1.0, 2], "b": [0.0, 1]}))
    assert worth.fixed is None


def test_p_values_allow_for_all_options() -> None:
    base = [0.0, 0, 0, 0]
    (alone,) = worths(made_up({"a": base, "b": [1.0, 2, 3, 4]}))
    several = worths(made_up({"a": base, "b": [1.0, 2, 3, 4], "c": [1.0, -1, 1, -1]}))
    assert several[0].p == pytest.approx(2 * alone.p)


def test_one_option_is_ahead_of_another_by_what_both_earn_less_what_both_pay() -> None:
    recorded = made_up({"a": [0.0, 0], "b": [5000.0, 5000], "c": [100.0, 100]}, fixed={"b": {"l": LEASE}})
    one, other = worths(recorded)
    assert ahead(recorded, one, other).mean == 5000 - 2400 - 100


def test_orders_a_year_are_those_of_the_measured_days_stretched() -> None:
    assert orders_a_year(made_up({"a": [1.0]}, days=73)) == 5000
