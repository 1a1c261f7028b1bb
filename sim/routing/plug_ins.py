"""Strategies from other people's packages: found by entry point, named in a routing file like our own.

A package says in its ``pyproject.toml``

    [project.entry-points."fulfillsim.strategies"]
    take_turns = "their_package:TAKE_TURNS"

and `TAKE_TURNS` is a `PlugIn`. A routing file then says ``choose: take_turns``: it names what is installed and can name
nothing else, so reading a file never runs code of its choosing. Entry points are looked up only when a name is not one
of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, get_args, runtime_checkable

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError

from sim.errors import RoutingError, expected_one_of
from sim.routing.strategies.config import OURS, Choice
from sim.routing.strategies.least_score import LeastScore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.metadata import EntryPoint

    import numpy as np
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.offers import Basket, Objective, Request, Share
    from sim.routing.strategies.strategy import Strategy

GROUP = "fulfillsim.strategies"
ChoiceT = TypeVar("ChoiceT", bound=Choice)


class Costs(Protocol):
    """What parcels cost, in cents."""

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return what one parcel with a basket costs from each site, shape (sites,); infinite where it cannot be."""
        ...

    def floor(self, place: int) -> float:
        """Return a price below which no parcel to `place` can be had."""
        ...

    def bound(self, request: Request, basket: Basket) -> float:
        """Return a price below which no parcel with a basket can be had from anywhere."""
        ...


class Dates(Protocol):
    """What can be promised, in minutes and days since the network's start."""

    def ship_at(self, now: float) -> NDArray[np.float64]:
        """Return the minute at which each site can hand over an order placed now, shape (sites,)."""
        ...

    def earliest_day(self, now: float) -> int:
        """Return a day before which no order placed now can be delivered from anywhere."""
        ...


class Surroundings(NamedTuple):
    """What a strategy is built from: to look at, not to change.

    Parameters
    ----------
    may_serve
        Sites that may serve, shape (sites,): the routing file's `only`.
    max_parcels
        Most sites an order may be split over.
    """

    network: Network
    costs: Costs
    promises: Dates
    may_serve: NDArray[np.bool_]
    max_parcels: int


@runtime_checkable
class _Chooses(Protocol):
    def choose(self, request: Request) -> list[Share]: ...


@dataclass(frozen=True, slots=True)
class PlugIn:
    """What an entry point leads to.

    Parameters
    ----------
    config
        A subclass of `Choice` with a field ``choose: Literal["<the entry point's name>"]`` and settings of its own.
    build
        Makes of such settings a `Strategy`, which must be a pure function of the request, or an `Objective`, which
        the engine then minimises over all splits, exactly.
    """

    config: type[Choice]
    build: Callable[[Any, Surroundings], Strategy | Objective]

    def strategy(self, chosen: Choice, surroundings: Surroundings) -> Strategy:
        """Return the strategy that some settings describe."""
        built = self.build(chosen, surroundings)
        return built if isinstance(built, _Chooses) else LeastScore(built, surroundings.max_parcels)


def installed() -> Mapping[str, EntryPoint]:
    """Return all plug-ins that are installed, by name, unopened.

    Raises
    ------
    RoutingError
        If two packages offer the same name.
    """
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        other = found.setdefault(point.name, point)
        if other.value != point.value:
            raise RoutingError(f"two packages offer a strategy {point.name!r}: {other.value} and {point.value}")
    return found


@cache
def opened(point: EntryPoint) -> PlugIn:
    """Load a plug-in.

    Raises
    ------
    RoutingError
        If it cannot be loaded or is no `PlugIn` of its name.
    """
    where = f"plug-in {point.name!r} ({point.value})"
    try:
        plug_in = point.load()
    except Exception as error:
        raise RoutingError(f"{where} cannot be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(plug_in, PlugIn):
        raise RoutingError(f"{where} is {type(plug_in).__name__} - expected a sim.routing.plug_ins.PlugIn")
    field = plug_in.config.model_fields.get("choose")
    if field is None or get_args(field.annotation) != (point.name,):
        raise RoutingError(f"{where}: its settings' field choose - expected Literal[{point.name!r}]")
    return plug_in


def read(value: Mapping[str, Any]) -> Choice:
    """Return the settings of a block whose `choose` is not one of ours.

    Raises
    ------
    PydanticKnownError, ValidationError
        If nothing of that name is installed, or the settings are wrong; both tell what was expected.
    """
    try:
        points = installed()
        point = points.get(value["choose"])
        plug_in = None if point is None else opened(point)
    except RoutingError as error:
        raise ValueError(str(error)) from error
    if plug_in is None:
        names = ", ".join([f"'{name}'" for name in (*OURS, *points)])
        wrong = {"discriminator": "'choose'", "tag": value["choose"], "expected_tags": names}
        raise PydanticKnownError("union_tag_invalid", wrong)
    try:
        return plug_in.config.model_validate(value)
    except ValidationError as error:
        raise _told(error, plug_in.config, value) from None


def _told(error: ValidationError, config: type[Choice], value: Mapping[str, Any]) -> ValidationError:
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


def plug_in_of(chosen: Choice) -> PlugIn | None:
    """Return the plug-in whose settings these are, None if they are ours."""
    name = getattr(chosen, "choose", "")
    return None if name in OURS else opened(installed()[name])


def version_of(chosen: Choice) -> str:
    """Return the package and version behind some settings; empty if they are ours."""
    if plug_in_of(chosen) is None:
        return ""
    package = installed()[getattr(chosen, "choose", "")].dist
    return "" if package is None else f"{package.name} {package.version}"
