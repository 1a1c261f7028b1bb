"""Every key that a scenario may have, by name, such as `site_kinds.*.labour.shifts.*.people`."""

from __future__ import annotations

import json
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.blocks.exceptions import Where
from sim.scenario.blocks.laws import ConstantLaw
from sim.scenario.schema import ScenarioFile

if TYPE_CHECKING:
    from collections.abc import Iterator

Inside = tuple[type[BaseModel], str]
"""A block that a key may hold, and how it is held: by name ``.*``, in a list ``[]``."""


def keys(model: type[BaseModel] = ScenarioFile, at: str = "") -> Iterator[str]:
    """Yield the keys that hold values; sites by `where`, laws, and a system's own feed are values."""
    for field, info in model.model_fields.items():
        name = f"{at}.{field}".lstrip(".")
        inside = [each for each in _inside(info.annotation) if each[0] is not model]
        whole = any(issubclass(block, ConstantLaw | Where) for block, _ in inside) or "<systems>" in at
        if not inside or (whole and field != "systems"):
            yield name
            continue
        for block, held in inside:
            yield from keys(block, name + held + _tag(block, inside))


def values(node: Any, model: type[BaseModel] = ScenarioFile, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name of each key that stands in a scenario's tree, and what it holds."""
    for field, info in model.model_fields.items():
        if not isinstance(node, dict) or field not in node:
            continue
        name = f"{at}.{field}".lstrip(".")
        if name in KNOWN:
            yield name, json.dumps(node[field], sort_keys=True, default=str)
            continue
        inside = _inside(info.annotation)
        for each in _held(node[field], inside[0][1]):
            for block, held in inside:
                if len(inside) == 1 or (isinstance(each, dict) and each.get(_kind(block)) in _kinds(block)):
                    yield from values(each, block, name + held + _tag(block, inside))


def _inside(annotation: Any) -> list[Inside]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _inside(arguments[0])
    if origin in (Union, types.UnionType):
        return [each for argument in arguments for each in _inside(argument)]
    if origin is dict:
        return [(block, f".*{held}") for block, held in _inside(arguments[1])]
    if origin is tuple:
        return [(block, f"[]{held}") for block, held in _inside(arguments[0])]
    return [(annotation, "")] if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []


def _held(node: Any, held: str) -> list[Any]:
    if held == ".*" and isinstance(node, dict):
        return list(node.values())
    if held == "[]" and isinstance(node, list):
        return node
    return [node] if not held else []


def _kind(block: type[BaseModel]) -> str:
    return next((name for name in ("kind", "law") if name in block.model_fields), "")


def _kinds(block: type[BaseModel]) -> tuple[str, ...]:
    return get_args(block.model_fields[_kind(block)].annotation)


def _tag(block: type[BaseModel], inside: list[Inside]) -> str:
    return f"<{_kinds(block)[0]}>" if len(inside) > 1 else ""


KNOWN = frozenset(keys())
