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


def written(example: str, *types: str) -> WithJsonSchema:
    """Say to editors how a value stands in a file: as text with its unit, although the model holds a number."""
    return WithJsonSchema({"type": list(types) or "string", "examples": [example]}, mode="validation")


Minutes = Annotated[float, BeforeValidator(units.minutes), Field(ge=0), written("15 min")]
PositiveMinutes = Annotated[float, BeforeValidator(units.minutes), Field(gt=0), written("15 min")]
Cents = Annotated[float, BeforeValidator(units.cents), Field(ge=0), written("4.95 USD")]
Distance = Annotated[float, BeforeValidator(units.kilometres), Field(ge=0), written("120 km")]
Kilometres = Annotated[float, BeforeValidator(units.kilometres), Field(gt=0), written("120 km")]
Share = Annotated[float, BeforeValidator(units.share), Field(ge=0, le=1), written("35 %", "string", "number")]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), written("16:30")]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0)]
PositiveCount = Annotated[int, BeforeValidator(_whole), Field(ge=1)]
Number = Annotated[float, BeforeValidator(_plain), Field(ge=0)]
PositiveNumber = Annotated[float, BeforeValidator(_plain), Field(gt=0)]
Text = Annotated[str, BeforeValidator(_text)]
Raw = Any
