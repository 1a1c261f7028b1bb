"""Units as people write them, and as the model computes in them.

In a scenario a dimensional value carries its unit (``"15 min"``, ``"4.95 USD"``, ``"800 g"``); inside,
time is float minutes, money cents, distance km, mass kg. A bare number where a unit belongs is refused.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from sim.errors import nearest, shown

MINUTES_PER_DAY = 1440.0
KM_PER_MILE = 1.609344
KG_PER_LB = 0.45359237
CUBIC_CM_PER_CUBIC_INCH = 16.387064


class _Dimension(NamedTuple):
    """What is measured, how it may be written (the first name of each unit is the one to show), and an example."""

    kind: str
    units: dict[str, Fraction]
    example: str

    def parse(self, value: object) -> float:
        expected = f"expected {self.kind} with its unit, such as '{self.example}'"
        if not isinstance(value, str):
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            raise ValueError(f"{'bare number ' if is_number else ''}{shown(value)} - {expected}")
        match = _NUMBER_AND_UNIT.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"{shown(value)} - {expected}{_hint(value)}")
        number, unit = match.groups()
        by_name = {name.lower(): factor for names, factor in self.units.items() for name in names.split()}
        if unit.lower() not in by_name:
            known = ", ".join(names.split()[0] for names in self.units)
            near = nearest(unit, " ".join(self.units).split())
            guess = f" (did you mean {near}?)" if near else ""
            raise ValueError(f"unknown unit of {self.kind} {shown(unit)} - expected one of {known}{guess}")
        # exact until the last step: 35 % is 0.35 and 4.95 USD is 495 cents
        return float(Fraction(number) * by_name[unit.lower()])


# No more digits than a double can hold apart
_NUMBER_AND_UNIT = re.compile(r"([+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15}))\s*([A-Za-z%]+)")


def _hint(text: str) -> str:
    if "$" in text:
        return " (write USD behind the number instead of $)"
    if any(symbol in text for symbol in "€£¥"):
        return " (money is in USD here)"
    if re.search("[0-9],[0-9]", text):
        return " (no commas within a number)"
    return ""


_TIME = _Dimension(
    "a time span",
    {
        "s sec second seconds": Fraction(1, 60), "min mins minute minutes": Fraction(1),
        "h hr hrs hour hours": Fraction(60), "days day": Fraction(24 * 60), "weeks week": Fraction(7 * 24 * 60),
    },
    "15 min",
)  # fmt: skip
_MONEY = _Dimension("an amount of money", {"USD": Fraction(100), "cents cent": Fraction(1)}, "4.95 USD")
_MASS = _Dimension(
    "a mass",
    {
        "g gram grams": Fraction(1, 1000), "kg kilogram kilograms": Fraction(1),
        "oz ounce ounces": Fraction("0.45359237") / 16, "lb lbs pound pounds": Fraction("0.45359237"),
    },
    "800 g",
)  # fmt: skip
_VOLUME = _Dimension("a volume", {"l litre litres liter liters": Fraction(1000), "ml": Fraction(1)}, "40 l")
_DISTANCE = _Dimension(
    "a distance",
    {"m": Fraction(1, 1000), "km": Fraction(1), "mi mile miles": Fraction("1.609344")},
    "120 km",
)
_SHARE = _Dimension("a share", {"%": Fraction(1, 100)}, "35 %")


def minutes(value: object) -> float:
    """Read a time span such as ``"15 min"``, ``"1.5 hours"`` or ``"3 days"`` as minutes.

    Raises
    ------
    ValueError
        For a bare number, an unknown unit or anything else; the message names what was expected.
    """
    return _TIME.parse(value)


def cents(value: object) -> float:
    """Read an amount of money such as ``"4.95 USD"`` as (possibly fractional) cents.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _MONEY.parse(value)


def kilograms(value: object) -> float:
    """Read a mass such as ``"800 g"`` or ``"2 lb"`` as kilograms.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _MASS.parse(value)


def cubic_centimetres(value: object) -> float:
    """Read a volume such as ``"40 l"`` as cubic centimetres.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _VOLUME.parse(value)


def kilometres(value: object) -> float:
    """Read a distance such as ``"120 km"`` or ``"75 mi"`` as kilometres.

    Raises
    ------
    ValueError
        See `minutes`.
    """
    return _DISTANCE.parse(value)


def share(value: object) -> float:
    """Read a share, ``"35 %"`` or the plain number 0.35.

    Raises
    ------
    ValueError
        For anything that is neither, and for a plain number above 1: per cent are written with their sign.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _SHARE.parse(value)
    if not value <= 1:
        raise ValueError(f"{shown(value)} - expected a share of at most 1, or per cent with their sign, such as '35 %'")
    return float(value)


def round_cents(amount: float) -> int:
    """Round an amount in cents to a whole cent, halves away from zero: the only place that rounds money."""
    whole = int(amount)
    rest = amount - whole  # exact, where amount + 0.5 would already be rounded
    return whole + (rest >= 0.5) - (rest <= -0.5)
