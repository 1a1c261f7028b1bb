"""Field types of all that is read from YAML: units, shares, times of day, and a model that forbids unknown keys."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from sim import units


class Model(BaseModel):
    """A strict, immutable block of a YAML file: an unknown key is an error, a wrong type too."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)


def _time_of_day(value: object) -> object:
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", value) if isinstance(value, str) else None
    if match is None or int(match[1]) > 24 or int(match[2]) > 59 or (match[1] == "24" and match[2] != "00"):
        raise ValueError(f"{value!r} - expected a time of day such as '16:30' (quoted, 24-hour clock)")
    return time.max if match[1] == "24" else time(int(match[1]), int(match[2]))


def _whole(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} - expected a whole number")
    return value


def _plain(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} - expected a plain number without a unit")
    return value


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} - expected text")
    return value


def _with_unit(kind: str, known: dict[str, float]) -> WithJsonSchema:
    """Say in a JSON schema what stands in the file: text with a unit, not the number it is read as."""
    pattern = rf"^\s*(\d+\.?\d*|\.\d+)\s*({'|'.join(map(re.escape, known))})\s*$"
    return WithJsonSchema({"type": "string", "description": f"{kind} with its unit", "pattern": pattern})


_TIME_SPAN = _with_unit("a time span", units.TIME)
_MONEY = _with_unit("an amount of money", units.MONEY)
_DISTANCE = _with_unit("a distance", units.DISTANCE)
_PART = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\s*\d+\.?\d*\s*%\s*$"}]})
_OF_DAY = WithJsonSchema({"type": "string", "description": "a time of day", "pattern": r"^\d{1,2}:\d{2}$"})

Minutes = Annotated[float, BeforeValidator(units.minutes), Field(ge=0), _TIME_SPAN]
PositiveMinutes = Annotated[float, BeforeValidator(units.minutes), Field(gt=0), _TIME_SPAN]
Cents = Annotated[float, BeforeValidator(units.cents), Field(ge=0), _MONEY]
Kilometres = Annotated[float, BeforeValidator(units.kilometres), Field(gt=0), _DISTANCE]
Share = Annotated[float, BeforeValidator(units.share), Field(ge=0, le=1), _PART]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), _OF_DAY]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0)]
PositiveCount = Annotated[int, BeforeValidator(_whole), Field(ge=1)]
Number = Annotated[float, BeforeValidator(_plain), Field(ge=0)]
PositiveNumber = Annotated[float, BeforeValidator(_plain), Field(gt=0)]
Text = Annotated[str, BeforeValidator(_text)]
Raw = Any
