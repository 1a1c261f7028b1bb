"""What a scenario rests on: the remarks beside its values, and the values that nobody gave.

A remark is what stands behind ``#`` on the line of a value; ``[A]`` in it marks an assumption, what else it says is its
source or its reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from sim.files import read_text
from sim.files.tree import MOST_BYTES, dotted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sim.files import YamlFile
    from sim.scenario.schema import ScenarioFile

MARK = "[A]"
_REMARK = re.compile(r"""^(?P<said>(?:[^"'#]|"[^"]*"|'[^']*'|(?<=\S)[#'])*?)\s+#\s*(?P<remark>.+)$""")
_NOT_IN_FORCE = ("changes",)


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a value.

    Parameters
    ----------
    path
        The value's, such as ``demand.day_cv``.
    written
        The value as it is written.
    remark
        What is said of it, without the mark.
    assumed
        Whether it is marked as an assumption.
    where
        File and line, such as ``us_electronics/scenario.yaml:12``.
    """

    path: str
    written: str
    remark: str
    assumed: bool
    where: str


def remarks(source: YamlFile) -> tuple[Remark, ...]:
    """Return the remarks beside values that are in force, in the order of the values."""
    first: dict[tuple[Path, int], Any] = {}
    for key, line in source.lines.items():
        place = (source.origin(key), line)
        if key[:1] != _NOT_IN_FORCE and (place not in first or len(key) < len(first[place])):
            first[place] = key  # of several values on a line the remark is about what holds them all
    lines = cache(lambda path: read_text(path, MOST_BYTES).splitlines())
    found = []
    for (path, line), key in first.items():
        if not path.is_file():  # given on a command line
            continue
        match = _REMARK.match(lines(path)[line - 1])
        if match is not None:
            said, remark = match["said"].strip(), match["remark"].strip()
            plain = " ".join(remark.replace(MARK, " ").split())
            where = f"{path.resolve().parent.name}/{path.name}:{line}"
            found.append(Remark(dotted(key), said.partition(":")[2].strip(), plain, MARK in remark, where))
    return tuple(found)


def at_defaults(file: ScenarioFile) -> dict[str, Any]:
    """Return the values that nobody gave and the schema has filled in, plain and by path."""
    return dict(_defaults(file, ()))


def _defaults(value: Any, key: tuple[str | int, ...]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name in value.model_fields_set:
                yield from _defaults(getattr(value, name), (*key, name))
            elif (*key, name)[:1] != _NOT_IN_FORCE:
                yield dotted((*key, name)), TypeAdapter(Any).dump_python(getattr(value, name), mode="json")
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _defaults(each, (*key, str(getattr(name, "value", name))))
    elif isinstance(value, tuple | list):
        for k, each in enumerate(value):
            yield from _defaults(each, (*key, k))
