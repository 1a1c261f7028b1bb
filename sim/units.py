"""Units as people write them, and as the model computes in them.

In a scenario a dimensional value carries its unit (``"15 min"``, ``"4.95 USD"``, ``"800 g"``); inside,
time is float minutes, money cents, distance km, mass kg. A bare number where a unit belongs is refused.
"""

from __future__ import annotations

import re

from sim.errors import expected_one_of

MINUTES_PER_DAY = 1440.0
KM_PER_MILE = 1.609344
KG_PER_LB = 0.45359237
CUBIC_CM_PER_CUBIC_INCH = 16.387064

_TIME = {
    "s": 1 / 60, "sec": 1 / 60, "min": 1.0, "h": 60.0, "hour": 60.0, "hours": 60.0,
    "day": MINUTES_PER_DAY, "days": MINUTES_PER_DAY, "week": 7 * MINUTES_PER_DAY, "weeks": 7 * MINUTES_PER_DAY,
}  # fmt: skip
_MONEY = {"USD": 100.0, "cents": 1.0}
_MASS = {"g": 0.001, "kg": 1.0, "oz": KG_PER_LB / 16, "lb": KG_PER_LB}
_DISTANCE = {"m": 0.001, "km": 1.0, "mi": KM_PER_MILE}
_SHARE = {"%": 0.01}

_NUMBER_AND_UNIT = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*([A-Za-z%]+)\s*")


def _parse(value: object, units: dict[str, float], kind: str, example: str) -> float:
    if isinstance(value, str):
        match = _NUMBER_AND_UNIT.fullmatch(value)
        if match is None:
            raise ValueError(f"{value!r} - expected {kind} with its unit, such as {example!r}")
        number, unit = match.groups()
        if unit not in units:
            raise ValueError(f"unknown unit of {kind} {expected_one_of(unit, units)}")
        return float(number) * units[unit]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} - expected {kind} with its unit, such as {example!r}")
    raise ValueError(f"bare number {value!r} - expected {kind} with its unit, such as {example!r}")


def minutes(value: object) -> float:
    """Read a time span such as ``"15 min"``, ``"2 h"`` or ``"3 days"`` as minutes.

    Raises
    ------
    ValueError
        For a bare number, an unknown unit or anything else; the message names what was expected.
    """
    return _parse(value, _TIME, "a time span", "15 min")


def cents(value: object) -> float:
    """Read an amount of money such as ``"4.95 USD"`` as (possibly fractional) cents.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _parse(value, _MONEY, "an amount of money", "4.95 USD")


def kilograms(value: object) -> float:
    """Read a mass such as ``"800 g"`` or ``"2 lb"`` as kilograms.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _parse(value, _MASS, "a mass", "800 g")


def kilometres(value: object) -> float:
    """Read a distance such as ``"120 km"`` or ``"75 mi"`` as kilometres.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _parse(value, _DISTANCE, "a distance", "120 km")


def share(value: object) -> float:
    """Read a share, ``"35 %"`` or the plain number 0.35.

    Raises
    ------
    ValueError
        For anything that is neither.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return _parse(value, _SHARE, "a share", "35 %")


def round_cents(amount: float) -> int:
    """Round an amount in cents to a whole cent, halves away from zero: the only place that rounds money."""
    return int(amount + 0.5) if amount >= 0 else -int(0.5 - amount)
