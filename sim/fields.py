"""Field types of all that is read from files: units, shares, times of day, and a model that forbids unknown keys.

Every number has a smallest and a largest value that can be meant, written as people write it: beyond them a run would
eat the memory or mean nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema
from pydantic_core import core_schema

from sim import units
from sim.errors import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

NumberT = TypeVar("NumberT", int, float)


class Model(BaseModel):
    """A strict, immutable block of a YAML file: an unknown key is an error, a wrong type too."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)


@dataclass(frozen=True)
class Between(Generic[NumberT]):
    """Validator of what `read` understands, from `low` (or above it) to `high`, themselves written as in a file."""

    read: Callable[[object], NumberT]
    low: str | float
    high: str | float
    above: bool = False

    def check(self, value: object) -> NumberT:
        """Return a value as a number.

        Raises
        ------
        ValueError
            If it cannot be read or is out of the limits.
        """
        found, least = self.read(value), self.read(self.low)
        if not (found > least if self.above else found >= least):
            raise ValueError(f"{shown(value)} - expected {'more than' if self.above else 'at least'} {self.low}")
        if not found <= self.read(self.high):
            raise ValueError(f"{shown(value)} - expected at most {self.high}")
        return found

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        limits = {"exclusiveMinimum" if self.above else "minimum": self.low, "maximum": self.high}
        return {**handler(schema), **({} if isinstance(self.low, str) else limits)}


def written(example: str, *types: str) -> WithJsonSchema:
    """Say to editors how a value stands in a file: as text with its unit, although the model holds a number."""
    return WithJsonSchema({"type": list(types) or "string", "examples": [example]}, mode="validation")


def plain(value: object) -> float:
    """Read a number without a unit.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)} - expected a plain number without a unit")
    if not math.isfinite(value):
        raise ValueError(f"{shown(value)} - expected a finite number")
    return value


def whole(value: object) -> int:
    """Read a whole number.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{shown(value)} - expected a whole number")
    return value


def text(value: object) -> str:
    """Read text.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} - expected text")
    return value


NOT_IN_NAMES = '/\\:*?"<>|,=%'


def name(value: object) -> str:
    """Read a name that is listed on command lines, commas between, and becomes part of the name of a folder.

    Raises
    ------
    ValueError
        If it is empty or too long for that, or has characters that do not do there.
    """
    fits = isinstance(value, str) and 0 < len(value) <= 60 and value.isprintable() and value.strip(" .") == value
    if not isinstance(value, str) or not fits or any(letter in NOT_IN_NAMES for letter in value):
        raise ValueError(f"{shown(value)} - expected a name of at most 60 characters, none of them {NOT_IN_NAMES}")
    return value


def time_of_day(value: object) -> time:
    """Read a local time such as ``"16:30"``; ``"24:00"`` is `time.max`.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", value) if isinstance(value, str) else None
    if match is None or int(match[1]) > 24 or int(match[2]) > 59 or (match[1] == "24" and match[2] != "00"):
        raise ValueError(f"{shown(value)} - expected a time of day such as '16:30' (24-hour clock)")
    return time.max if match[1] == "24" else time(int(match[1]), int(match[2]))


FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2100, 1, 1)  # for which the rules of time zones are known


def day(value: object) -> date:
    """Read a date such as ``2026-02-28``.

    Raises
    ------
    ValueError
        If it is anything else, or not in the calendar.
    """
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(f"{shown(value)} - expected a date such as 2026-02-28")
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{shown(value)} - there is no such day; expected a date such as 2026-02-28") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(f"{shown(value)} - expected a date from {FIRST_DAY} to {LAST_DAY}")
    return found


MACHINE_ZONE = "localtime"  # another one on every machine


def time_zone(value: object) -> str:
    """Read the name of an IANA time zone.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    if not isinstance(value, str) or not _is_zone(value):
        near = _nearest_zone(value) if isinstance(value, str) else None
        guess = f" (did you mean {near}?)" if near else ""
        raise ValueError(f"{shown(value)} - expected an IANA time zone such as America/New_York{guess}")
    return value


@lru_cache
def _is_zone(name: str) -> bool:
    if name == MACHINE_ZONE:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache
def _nearest_zone(found: str) -> str | None:
    return nearest(found, sorted(available_timezones() - {MACHINE_ZONE}))


# No delay or lead time is longer than a year
LONGEST = "366 days"
Minutes = Annotated[float, Between(units.minutes, "0 min", LONGEST), written("15 min")]
PositiveMinutes = Annotated[float, Between(units.minutes, "0 min", LONGEST, above=True), written("15 min")]
# Each turn is an event: what happens more often is a feed by event
Period = Annotated[float, Between(units.minutes, "10 s", LONGEST), written("15 min")]
Cents = Annotated[float, Between(units.cents, "0 USD", "1000000 USD"), written("4.95 USD")]
# Half the way round the earth
FARTHEST = "20100 km"
Distance = Annotated[float, Between(units.kilometres, "0 km", FARTHEST), written("120 km")]
Kilometres = Annotated[float, Between(units.kilometres, "0 km", FARTHEST, above=True), written("120 km")]
PositiveVolume = Annotated[float, Between(units.cubic_centimetres, "0 l", "1000000 l", above=True), written("40 l")]
Share = Annotated[float, Between(units.share, "0 %", "100 %"), written("35 %", "string", "number")]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day), written("16:30")]
Day = Annotated[date, BeforeValidator(day)]
TimeZone = Annotated[str, BeforeValidator(time_zone)]
Count = Annotated[int, Between(whole, 0, 1_000_000)]
PositiveCount = Annotated[int, Between(whole, 1, 1_000_000)]
Number = Annotated[float, Between(plain, 0, 1_000_000_000)]
PositiveNumber = Annotated[float, Between(plain, 0, 1_000_000_000, above=True)]
SignedNumber = Annotated[float, Between(plain, -1_000_000_000, 1_000_000_000)]
Text = Annotated[str, BeforeValidator(text)]
Name = Annotated[str, BeforeValidator(name)]
Raw = Any


def _sums_to_one(shares: dict[int, float]) -> dict[int, float]:
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ValueError(f"the shares add up to {100 * sum(shares.values()):.6g} % - expected 100 %")
    return shares


def _whole_keys(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{shown(value)} - expected a share for each number, such as {{1: 80 %, 2: 20 %}}")
    for key in value:
        if not re.fullmatch("[1-9][0-9]?", str(key)):
            raise ValueError(
                f"the key {shown(key)} - expected whole numbers from 1 to 99, such as {{1: 80 %, 2: 20 %}}"
            )
    return {int(key): share for key, share in value.items()}


Shares = Annotated[dict[int, Share], BeforeValidator(_whole_keys), AfterValidator(_sums_to_one)]
