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

import numpy as np
from numpy.typing import NDArray

from sim.errors import Problem, ScenarioError, one_of
from sim.files import atomic_path, read_text
from sim.network.calendar import Clock, Hours
from sim.network.carrier import Service
from sim.network.faults import faults
from sim.network.lane import Lane
from sim.network.network import Network
from sim.network.roads import Roads
from sim.network.site import TOLD_IF_ANY, Handling, Place, Product, Site

if TYPE_CHECKING:
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
        temporary.write_text(network_text(network), encoding="utf-8")


def network_text(network: Network) -> str:
    """Return what stands in the file of a network."""
    return json.dumps({"format": FORMAT, **to_plain(network)}, indent=1) + "\n"


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
    problems = [Problem(str(path), where, message) for where, message in faults(network)]
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
    except (OverflowError, TypeError, ValueError):
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
