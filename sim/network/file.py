"""A network as a JSON file: how a production engine is told of sites, places, products and carriers.

Written field by field as the values of `sim.network` declare them, so that a field added there is carried along.
Numbers survive exactly.
"""

from __future__ import annotations

import hashlib
import json
import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError, one_of
from sim.files import atomic_path, read_text
from sim.network.calendar import Clock, Hours
from sim.network.carrier import TIMINGS, Service
from sim.network.lane import Lane
from sim.network.network import Network
from sim.network.roads import Roads
from sim.network.site import TOLD_IF_ANY, Handling, Place, Product, Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = "fulfillsim network 1"
# What the annotations of the network's values mean; their modules import some of it for type checkers only.
_NAMES = {
    "Clock": Clock, "Hours": Hours, "Service": Service, "Site": Site, "Place": Place, "Product": Product,
    "Handling": Handling, "Lane": Lane, "Roads": Roads, "NDArray": NDArray, "np": np, "time": time, "date": date,
    "Mapping": Mapping,
}  # fmt: skip


def write_network(network: Network, path: Path) -> None:
    """Write a network; the file appears whole or not at all."""
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps({"format": FORMAT, **to_plain(network)}, indent=1) + "\n", encoding="utf-8")


def read_network(path: Path) -> Network:
    """Read and check a network.

    Raises
    ------
    ScenarioError
        With what is wrong and where in the file.
    """
    try:
        tree = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise ScenarioError([Problem(str(path), "", f"not valid JSON: {error}")]) from None
    if not isinstance(tree, dict) or tree.pop("format", None) != FORMAT:
        raise ScenarioError([Problem(str(path), "format", f"expected {FORMAT!r}, as export-network writes it")])
    try:
        network: Network = _read(Network, tree, "")
    except _WrongError as error:
        raise ScenarioError([Problem(str(path), error.path, error.message)]) from None
    problems = [Problem(str(path), where, message) for where, message in _faults(network)]
    if problems:
        raise ScenarioError(problems)
    return network


def digest(network: Network) -> str:
    """Return the SHA-256 of a network: two with the same digest are priced and dated alike.

    How far its calendars are laid out does not count.
    """
    tree = to_plain(network)
    del tree["days"]
    return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


def to_plain(value: Any) -> Any:
    """Return a value of the network as what JSON knows."""
    kind: Any = type(value)
    if is_dataclass(kind):
        told = ((field, getattr(value, field.name)) for field in _told(kind))
        return {field.name: to_plain(part) for field, part in told if field.metadata != TOLD_IF_ANY or part}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, float) and math.isnan(value):
        return None  # a place nobody has located
    if isinstance(value, time):
        return "24:00" if value == time.max else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


class _WrongError(Exception):
    def __init__(self, path: str, message: str) -> None:
        self.path, self.message = path.lstrip("."), message
        super().__init__(path, message)


def _told(kind: Any) -> tuple[Field[Any], ...]:
    return tuple(field for field in fields(kind) if field.init and not field.name.startswith("_"))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, localns=_NAMES)


def _read(kind: Any, tree: Any, path: str) -> Any:
    """Turn what JSON knows into a value of an annotated type."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if tree is None else _read(next(a for a in arguments if a is not type(None)), tree, path)
    if is_dataclass(kind):
        return _read_object(kind, tree, path)  # type: ignore[arg-type]
    if origin is Mapping:
        if not isinstance(tree, dict) or not all(isinstance(v, str | float | int | None) for v in tree.values()):
            raise _WrongError(path, f"{str(tree)[:40]!r} - expected an object of text, numbers, true, false or null")
        return tree
    if kind is float and tree is None and path.endswith((".lat", ".lon")):
        return math.nan
    if origin in (tuple, frozenset):
        if not isinstance(tree, list):
            raise _WrongError(path, f"{str(tree)[:40]!r} - expected a list")
        each = origin is frozenset or arguments[-1] is Ellipsis
        if not each and len(tree) != len(arguments):
            raise _WrongError(path, f"{len(tree)} entries - expected {len(arguments)}")
        kinds = [arguments[0]] * len(tree) if each else arguments
        return origin([_read(k, item, f"{path}[{i}]") for i, (k, item) in enumerate(zip(kinds, tree, strict=True))])
    try:
        return _read_leaf(kind, origin, tree)
    except (TypeError, ValueError):
        raise _WrongError(path, f"{str(tree)[:40]!r} - expected {_called(kind, origin)}") from None


def _read_object(kind: type, tree: Any, path: str) -> Any:
    if not isinstance(tree, dict):
        raise _WrongError(path, f"{str(tree)[:40]!r} - expected an object")
    told = {field.name: field for field in _told(kind)}
    for key in tree:
        if key not in told:
            raise _WrongError(f"{path}.{key}", f"unknown key {key!r} - expected {one_of(key, told)}")
    for name, field in told.items():
        if name not in tree and field.default is MISSING and field.default_factory is MISSING:
            raise _WrongError(f"{path}.{name}", "missing key - it is required")
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], value, f"{path}.{name}") for name, value in tree.items()})


def _read_leaf(kind: Any, origin: Any, tree: Any) -> Any:
    if origin is np.ndarray:
        array = np.array(tree, dtype=float)
        if not np.isfinite(array).all():
            raise ValueError
        return array
    if kind is time:
        return time.max if tree == "24:00" else time.fromisoformat(tree)
    if kind is date:
        return date.fromisoformat(tree)
    if kind is float and not isinstance(tree, bool) and isinstance(tree, int | float) and math.isfinite(tree):
        return float(tree)
    if kind in (int, str, bool) and type(tree) is kind:
        return tree
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(tree)
    raise ValueError


def _called(kind: Any, origin: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return f"one of {', '.join(kind)}"
    if origin is np.ndarray:
        return "rows of finite numbers"
    return {
        float: "a finite number", int: "a whole number", str: "text", bool: "true or false",
        time: "a time of day such as '16:30'", date: "a date such as '2026-02-02'",
    }[kind]  # fmt: skip


def _faults(network: Network) -> Iterator[tuple[str, str]]:
    """Tell what types cannot: names that stand twice, tables that do not fit, time zones nobody knows."""
    zones = network.zone_count
    for part in ("sites", "places", "products", "services"):
        values = getattr(network, part)
        if not values:
            yield part, "empty - expected at least one"
        names = [value.id for value in values]
        for i, name in enumerate(names):
            if name in names[:i]:
                yield f"{part}[{i}].id", f"{name!r} stands twice"
    for i, service in enumerate(network.services):
        if service.list_cents.shape != (len(service.max_lb), zones):
            expected = f"{len(service.max_lb)} rows of {zones}: one a weight step, one entry a zone"
            yield f"services[{i}].list_cents", f"shape {service.list_cents.shape} - expected {expected}"
        if len(service.business_days) != zones or not all(0 <= days < TIMINGS for days in service.business_days):
            yield f"services[{i}].business_days", f"expected {zones} whole numbers from 0 to {TIMINGS - 1}, one a zone"
    for i, product in enumerate(network.products):
        if product.unit_step <= 0:
            yield f"products[{i}].unit_step", f"{product.unit_step!r} - expected a number above 0"
    if network.roads is not None:
        yield from _strange_ways(network, network.roads)
    zoned = [("clock", network.clock.time_zone)]
    zoned += [(f"sites[{i}]", site.time_zone) for i, site in enumerate(network.sites)]
    zoned += [(f"places[{i}]", place.time_zone) for i, place in enumerate(network.places)]
    known: dict[str, bool] = {}
    for where, name in zoned:
        if name not in known:
            known[name] = _is_zone(name)
        if not known[name]:
            yield f"{where}.time_zone", f"{name!r} - expected an IANA time zone such as America/Chicago"


def _strange_ways(network: Network, roads: Roads) -> Iterator[tuple[str, str]]:
    """Tell columns of ways that do not fit, and ends that nobody knows."""
    count, columns = len(roads.origins), {"destinations": len(roads.destinations), "km": len(roads.km)}
    columns |= {"minutes": len(roads.minutes)} if roads.minutes else {}
    for name, entries in columns.items():
        if entries != count:
            yield f"roads.{name}", f"{entries} entries - expected {count}, one a way"
    sites = {site.id for site in network.sites}
    ends = sites | {place.id for place in network.places}
    for name, column, known in (("origins", roads.origins, sites), ("destinations", roads.destinations, ends)):
        strange = next((end for end in column if end not in known), None)
        if strange is not None:
            yield f"roads.{name}", f"{strange!r} - expected the id of a site{' or place' if known is ends else ''}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
