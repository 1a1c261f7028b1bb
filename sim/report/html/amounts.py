"""Large amounts as people say them: three figures, and what they are uncertain by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.study.statistics.estimate import Interval

_FIGURES = 3
_DAYS_A_MONTH = 365 / 12
_ALWAYS_IN_DAYS = 60  # below two months, days say more


def usd(value: float, signed: bool = False) -> str:
    """Return an amount in dollars, to three figures and no cents."""
    if math.isnan(value):
        return "n/a"
    return f"{_rounded(value, signed)} USD"


def usd_between(interval: Interval, signed: bool = False) -> str:
    """Return the 95 % limits of an amount in dollars, without the unit."""
    if math.isnan(interval.low):
        return "one replication has no interval"
    return f"{_rounded(interval.low, signed)} to {_rounded(interval.high, signed)}"


def _rounded(value: float, signed: bool) -> str:
    digits = _FIGURES - 1 - math.floor(math.log10(abs(value))) if value else 0
    rounded = round(value, min(digits, 0))
    return f"{rounded:{'+' if signed and rounded else ''},.0f}".replace("-", "−")


def wait(days: Interval) -> str:
    """Return a time to wait with its limits, in days or months; it may be for ever."""
    months = days.mean >= _ALWAYS_IN_DAYS
    unit = "months" if months else "days"

    def count(value: float) -> str:
        return "never" if math.isinf(value) else f"{value / _DAYS_A_MONTH if months else value:.0f}"

    if math.isinf(days.mean):
        return "never"
    told = f"{count(days.mean)} {unit}"
    return told if math.isnan(days.low) else f"{told} ({count(days.low)} to {count(days.high)})"
