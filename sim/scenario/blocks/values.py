"""Values of a scenario that are more than a number: opening hours, whole days, shares, profiles, zone edges."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from sim.errors import shown
from sim.fields import Between, Kilometres, Number, PositiveNumber, plain, time_of_day, written
from sim.network.calendar import WEEKDAYS, Weekday
from sim.units import MINUTES_PER_DAY, minutes


def _span_of_day(value: Any) -> Any:
    """Read ``"09:00-21:00"`` or ``"closed"``."""
    if value == "closed":
        return None
    try:
        opens, closes = (time_of_day(part.strip()) for part in value.split("-"))
    except (ValueError, AttributeError):
        raise ValueError(f"{shown(value)} - expected opening hours such as '09:00-21:00', or closed") from None
    if opens >= closes:
        raise ValueError(f"{shown(value)} - expected opening hours within one day, the later time second")
    return opens, closes


Span = Annotated[tuple[time, time] | None, BeforeValidator(_span_of_day), written("09:00-21:00")]


def _span_of_work(value: Any) -> Any:
    """Read ``"06:00-14:00"``, or ``"22:00-06:00"``, which ends on the next day."""
    try:
        starts, ends = (time_of_day(part.strip()) for part in value.split("-"))
    except (ValueError, AttributeError):
        raise ValueError(f"{shown(value)} - expected hours such as '06:00-14:00'") from None
    if starts == ends or starts == time.max:
        raise ValueError(f"{shown(value)} - expected hours such as '06:00-14:00', or '22:00-06:00' past midnight")
    return starts, ends


SpanOfWork = Annotated[tuple[time, time], BeforeValidator(_span_of_work), written("06:00-14:00")]


def minutes_after(start: time, at: time) -> float:
    """Return the minutes from a time of day to the next moment at which clocks show another."""
    return (_minute_of_day(at) - _minute_of_day(start)) % MINUTES_PER_DAY


def _minute_of_day(at: time) -> float:
    return MINUTES_PER_DAY if at == time.max else at.hour * 60.0 + at.minute


def _open_at_all(hours: dict[Weekday, tuple[time, time] | None]) -> dict[Weekday, tuple[time, time] | None]:
    if not any(hours.values()):
        raise ValueError("closed all week - expected at least one open day")
    return hours


OpeningHours = Annotated[dict[Weekday, Span], AfterValidator(_open_at_all)]


def _days(value: object) -> int:
    """Read whole days such as ``"28 days"``."""
    days = minutes(value) / MINUTES_PER_DAY
    if days != int(days):
        raise ValueError(f"{shown(value)} - expected whole days, such as '28 days'")
    return int(days)


# Calendars are laid out day by day, and nobody plans a network for longer than ten years
MOST_DAYS = 3660
# How often something random may begin
MOST_PER_YEAR = 1000
Days = Annotated[int, Between(_days, "0 days", f"{MOST_DAYS} days"), written("28 days")]
PositiveDays = Annotated[int, Between(_days, "1 day", f"{MOST_DAYS} days"), written("28 days")]


def _every_day(levels: dict[Weekday, float]) -> dict[Weekday, float]:
    missing = [day for day in WEEKDAYS if day not in levels]
    if missing:
        raise ValueError(f"{', '.join(missing)} missing - expected all of {', '.join(WEEKDAYS)}")
    return levels


WeekProfile = Annotated[dict[Weekday, PositiveNumber], AfterValidator(_every_day)]


def _any_hour(levels: tuple[float, ...]) -> tuple[float, ...]:
    if not any(levels):
        raise ValueError("all 24 are zero - expected some hour in which people come")
    return levels


DayProfile = Annotated[tuple[Number, ...], Field(min_length=24, max_length=24), AfterValidator(_any_hour)]
# The variance of a day's count is mean * (1 + mean * cv^2): beyond 2 nearly every day is empty
DayCv = Annotated[float, Between(plain, 0, 2)]


def _ascending(edges: tuple[float, ...]) -> tuple[float, ...]:
    for k in range(1, len(edges)):
        if edges[k] <= edges[k - 1]:
            raise ValueError(f"entry {k + 1} is no farther than entry {k} - expected ascending distances")
    return edges


MOST_EDGES = 50
ZoneEdges = Annotated[tuple[Kilometres, ...], Field(min_length=1, max_length=MOST_EDGES), AfterValidator(_ascending)]
