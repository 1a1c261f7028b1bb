"""By how much KPIs may differ, as people write it: in the KPI's own unit, shares in percentage points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import units
from sim.errors import shown
from sim.fields import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.study.kpis.kpi import Kpi


def _points(text: str) -> float:
    number = text.removesuffix("pp").strip()
    if number == text:
        raise ValueError(f"{shown(text)} - expected percentage points, such as 0.2pp")
    return units.share(number + " %")


def _number(text: str) -> float:
    return plain(float(text))


_READ: dict[str, tuple[Callable[[str], float], str]] = {
    "share": (_points, "0.2pp"),
    "USD": (lambda text: units.cents(text) / 100, "0.05USD"),
    "h": (lambda text: units.minutes(text) / 60, "1h"),
    "min": (lambda text: units.minutes(text), "5min"),
    "days": (lambda text: units.minutes(text) / units.MINUTES_PER_DAY, "2days"),
    "per order": (_number, "0.01"),
    "per parcel": (_number, "0.01"),
    "per year": (_number, "0.5"),
    "km": (units.kilometres, "10km"),
    "kg": (units.kilograms, "0.1kg"),
}


def example(kpi: Kpi) -> str:
    """Return an amount of a KPI as one may write it."""
    return _READ[kpi.unit][1]


def read_amount(kpi: Kpi, text: str) -> float:
    """Read an amount.

    Raises
    ------
    ValueError
        If it is none of this KPI's unit.
    """
    return _READ[kpi.unit][0](text)


def amount_of(kpi: Kpi, text: str) -> float:
    """Read how much of a KPI matters, such as ``0.05USD`` or ``0.2pp``.

    Raises
    ------
    ValueError
        If it is none of this KPI's unit, or not above zero; says what was expected.
    """
    try:
        found = read_amount(kpi, text)
    except ValueError as error:
        raise ValueError(f"{error} - expected {kpi.name}={example(kpi)}") from None
    if found <= 0:
        raise ValueError(f"{shown(text)} - expected more than zero")
    return found


def told(kpi: Kpi, value: float) -> str:
    """Return an amount as people say it."""
    return f"{value * 100:g} points" if kpi.unit == "share" else f"{value:g} {kpi.unit}"
