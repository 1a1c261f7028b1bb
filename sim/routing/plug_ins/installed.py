"""Plug-ins of all kinds: found by entry point, opened when a routing file names them, their settings read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError

from sim.errors import RoutingError, expected_one_of
from sim.routing.distances import DISTANCES, DistanceBlock
from sim.routing.objective.others import PENALTIES, PenaltyBlock
from sim.routing.plug_ins.strategies import PlugIn
from sim.routing.rules.filter import Filter
from sim.routing.rules.filters import FILTERS
from sim.routing.rules.ranks import RANK_RULES, RankBy
from sim.routing.service_rates import RATES, RateBlock
from sim.routing.strategies.config import STRATEGIES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import EntryPoint

    from sim.routing.plugged import Kind

LEADS_TO: dict[str, type[Any]] = {
    STRATEGIES.group: PlugIn,
    FILTERS.group: Filter,
    RANK_RULES.group: RankBy,
    PENALTIES.group: PenaltyBlock,
    RATES.group: RateBlock,
    DISTANCES.group: DistanceBlock,
}
"""What entry points lead to, by group: a `PlugIn`, or a subclass of a block."""


def installed(kind: Kind) -> Mapping[str, EntryPoint]:
    """Return all plug-ins of a kind that are installed, by name, unopened.

    Raises
    ------
    RoutingError
        If two packages offer the same name.
    """
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=kind.group), key=lambda point: (point.name, point.value)):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            raise RoutingError(f"two packages offer a {kind.noun} {point.name!r}: {other.value} and {point.value}")
    return found


@cache
def opened(kind: Kind, point: EntryPoint) -> Any:
    """Load a plug-in.

    Raises
    ------
    RoutingError
        If it cannot be loaded or is not what its group asks for, of its name.
    """
    where = f"plug-in {point.name!r} ({point.value})"
    try:
        loaded = point.load()
    except Exception as error:
        raise RoutingError(f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
    expected = LEADS_TO[kind.group]
    if issubclass(expected, BaseModel):
        if not (isinstance(loaded, type) and issubclass(loaded, expected)):
            raise RoutingError(f"{where} is no subclass of {expected.__module__}.{expected.__name__}")
    elif not isinstance(loaded, expected):
        raise RoutingError(f"{where} is {type(loaded).__name__} - expected a sim.routing.plug_ins.{expected.__name__}")
    field = _settings(loaded).model_fields.get(kind.tag)
    if field is None or get_args(field.annotation) != (point.name,):
        raise RoutingError(f"{where}: its settings' field {kind.tag} - expected Literal[{point.name!r}]")
    return loaded


def _settings(loaded: Any) -> type[BaseModel]:
    """Return the model that reads a plug-in's block: itself, unless it is made of two parts."""
    return loaded.config if isinstance(loaded, PlugIn) else loaded


def read(kind: Kind, value: Mapping[str, Any]) -> BaseModel:
    """Return the settings of a block whose name is not one of ours.

    Raises
    ------
    PydanticKnownError, ValidationError
        If nothing of that name is installed, or the settings are wrong; both tell what was expected.
    """
    try:
        points = installed(kind)
        point = points.get(value[kind.tag])
        plug_in = None if point is None else opened(kind, point)
    except RoutingError as error:
        raise ValueError(str(error)) from error
    if plug_in is None:
        names = (
            ", ".join([f"'{name}'" for name in (*kind.ours, *points)]) or f"the installed {kind.noun} plug-ins (none)"
        )
        wrong = {"discriminator": f"'{kind.tag}'", "tag": value[kind.tag], "expected_tags": names}
        raise PydanticKnownError("union_tag_invalid", wrong)
    config = _settings(plug_in)
    try:
        return config.model_validate(value)
    except ValidationError as error:
        raise _told(error, config, value) from None


def _told(error: ValidationError, config: type[BaseModel], value: Mapping[str, Any]) -> ValidationError:
    """Return an error whose unknown keys name those that a plug-in knows: nobody else knows them."""
    told: list[InitErrorDetails] = []
    for details in error.errors():
        kind: str | PydanticCustomError = details["type"]
        context = details.get("ctx", {})
        if kind == "extra_forbidden" and len(details["loc"]) == 1:
            key = details["loc"][0]
            context = {"error": f"unknown key {expected_one_of(key, config.model_fields, value)}"}
            kind = PydanticCustomError("value_error", "{error}", context)
        elif kind == "value_error":
            kind = PydanticCustomError("value_error", "{error}", {"error": str(context["error"])})
        told.append(InitErrorDetails(type=kind, loc=details["loc"], input=details["input"], ctx=context))
    return ValidationError.from_exception_data(error.title, told)


def plug_in_of(kind: Kind, block: object) -> Any:
    """Return the plug-in behind a block, None if it is ours."""
    name = kind.name_of(block)
    return None if name is None else opened(kind, installed(kind)[name])


def version_of(kind: Kind, block: object) -> str:
    """Return the package and version behind a block; empty if it is ours."""
    name = kind.name_of(block)
    package = None if name is None else installed(kind)[name].dist
    return "" if package is None else f"{package.name} {package.version}"
