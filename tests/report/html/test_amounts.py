"""Large amounts and times to wait, as people say them."""

from __future__ import annotations

import math

import pytest

from sim.report.html.amounts import usd, usd_between, wait
from sim.study.statistics.estimate import Interval


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (713_482.0, False, "713,000 USD"),
        (713_482.0, True, "+713,000 USD"),
        (-1_234_567.0, False, "−1,230,000 USD"),
        (12.6, False, "13 USD"),
        (0.0, True, "0 USD"),
        (0.2, True, "0 USD"),
        (math.nan, False, "n/a"),
    ],
)
def test_an_amount_has_three_figures_and_no_cents(value: float, signed: bool, text: str) -> None:
    assert usd(value, signed) == text


def test_limits_have_one_unit_beside_them() -> None:
    assert usd_between(Interval(5, -1234, 99), signed=True) == "−1,230 to +99"
    assert usd_between(Interval(5, math.nan, math.nan)) == "one replication has no interval"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (Interval(30, 20, 50), "30 days (20 to 50)"),
        (Interval(365, 182.5, math.inf), "12 months (6 to never)"),
        (Interval(365, math.nan, math.nan), "12 months"),
        (Interval(math.inf, 100, math.inf), "never"),
    ],
)
def test_a_time_to_wait_is_told_in_days_or_months(days: Interval, text: str) -> None:
    assert wait(days) == text
