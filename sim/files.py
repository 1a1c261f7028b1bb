"""Reading YAML and CSV so that every error can name its file and line; writing so that nothing is left half done."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.errors import Problem, ScenarioError, expected_one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic_core import ErrorDetails

MOST_BYTES = 50_000_000
MOST_NODES = 200_000  # of a YAML tree: aliases that multiply must not fill the memory

Key = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file as plain values, and the line on which each key stands."""

    path: Path
    tree: Any
    lines: Mapping[Key, int] = field(repr=False)

    def where(self, key: Key) -> str:
        """Return ``file:line`` of a key, or of the nearest enclosing one that has a line."""
        while key and key not in self.lines:
            key = key[:-1]
        return f"{self.path}:{self.lines[key]}" if key in self.lines else str(self.path)

    def problem(self, key: Key, message: str) -> Problem:
        """Return a problem at `key`."""
        return Problem(self.where(key), _dotted(key), message)


def _dotted(key: Key) -> str:
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text.

    Raises
    ------
    ScenarioError
        If it is missing, too large, or not UTF-8.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ScenarioError([Problem(str(path), "", f"larger than {MOST_BYTES // 10**6} MB")])
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ScenarioError([Problem(str(path), "", "no such file")]) from None
    except (IsADirectoryError, PermissionError) as error:
        raise ScenarioError([Problem(str(path), "", f"cannot be read ({error.strerror})")]) from None
    except UnicodeDecodeError:
        raise ScenarioError([Problem(str(path), "", "not UTF-8 text")]) from None


def read_yaml(path: Path) -> YamlFile:
    """Read a YAML 1.2 file (``no`` is text, ``16:30`` is text, duplicate keys are errors).

    Raises
    ------
    ScenarioError
        If the file cannot be read, is not YAML, is empty, or is not a mapping.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = read_text(path)
    try:
        marked = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"{path}:{mark.line + 1}" if mark else str(path)
        first_line = (error.problem or str(error)).strip().splitlines()[0]
        raise ScenarioError([Problem(line, "", f"not valid YAML: {first_line}")]) from None
    except (YAMLError, ValueError) as error:
        raise ScenarioError([Problem(str(path), "", f"not valid YAML: {str(error).splitlines()[0]}")]) from None
    if marked is None:
        raise ScenarioError([Problem(str(path), "", "the file is empty - expected a mapping of keys")])
    lines: dict[Key, int] = {}
    tree = _plain(marked, (), lines, [0], path)
    if not isinstance(tree, dict):
        raise ScenarioError([Problem(f"{path}:1", "", "expected a mapping of keys at the top level")])
    return YamlFile(path, tree, lines)


def _plain(node: Any, key: Key, lines: dict[Key, int], count: list[int], path: Path) -> Any:
    count[0] += 1
    if count[0] > MOST_NODES:
        raise ScenarioError([Problem(str(path), "", f"more than {MOST_NODES} values")])
    if isinstance(node, dict):
        plain = {}
        for name, value in node.items():
            child = (*key, str(name))
            mark = node.lc.key(name) if hasattr(node, "lc") and name in (node.lc.data or {}) else None
            if mark is not None:
                lines[child] = mark[0] + 1
            plain[str(name)] = _plain(value, child, lines, count, path)
        return plain
    if isinstance(node, list):
        items = []
        for i, value in enumerate(node):
            mark = node.lc.data.get(i) if hasattr(node, "lc") and node.lc.data else None
            if mark is not None:
                lines[(*key, i)] = mark[0] + 1
            items.append(_plain(value, (*key, i), lines, count, path))
        return items
    for basic in (bool, int, float, str):
        if isinstance(node, basic):
            return basic(node)
    return node


def write_yaml(path: Path, tree: Any) -> None:
    """Write plain values as YAML; the file appears whole or not at all."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.default_flow_style = False
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)


def validate(model: type[ModelT], file: YamlFile, key: Key = ()) -> ModelT:
    """Check the block at `key` against a model.

    Raises
    ------
    ScenarioError
        With every problem found, each at its line.
    """
    node = file.tree
    for part in key:
        node = node[part]
    try:
        return model.model_validate(node)
    except ValidationError as error:
        problems = [_as_problem(model, file, key, details) for details in error.errors()]
        raise ScenarioError(problems) from None


def _as_problem(model: type[BaseModel], file: YamlFile, prefix: Key, details: ErrorDetails) -> Problem:
    # pydantic puts the tag of a union into the path of an error; the file has no such key
    kind, location = details["type"], details["loc"]
    key = list(prefix)
    node: Any = file.tree
    for part in prefix:
        node = node[part]
    for i, part in enumerate(location):
        inside = (isinstance(node, dict) and part in node) or (isinstance(node, list) and isinstance(part, int))
        if inside:
            node = node[part]
            key.append(part)
        elif i == len(location) - 1 and kind == "missing":
            key.append(part)
    found = details["input"]
    if kind == "extra_forbidden":
        name = str(location[-1])
        known = _known_keys(model, location[:-1])
        return file.problem(tuple(key), f"unknown key {expected_one_of(name, known) if known else repr(name)}")
    if kind == "missing":
        return file.problem(tuple(key), "missing key - it is required")
    if kind == "value_error":
        return file.problem(tuple(key), str(details["ctx"]["error"]))
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        tag = str(details.get("ctx", {}).get("tag", found))
        choices = str(details["ctx"].get("expected") or details["ctx"].get("expected_tags"))
        return file.problem(
            tuple(key), expected_one_of(tag, choices.replace("'", "").replace(" or ", ", ").split(", "))
        )
    if kind == "union_tag_not_found":
        return file.problem(tuple(key), f"missing key {details['ctx']['discriminator']} - it says which kind this is")
    return file.problem(tuple(key), f"{found!r} - {details['msg'][0].lower()}{details['msg'][1:]}")


def _known_keys(annotation: Any, location: tuple[int | str, ...]) -> list[str]:
    """Return the keys known at a location of a model: what an unknown key there might have been meant to be."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not location:
            return list(annotation.model_fields)
        name = str(location[0])
        if name in annotation.model_fields:
            return _known_keys(annotation.model_fields[name].annotation, location[1:])
        # the tag of a discriminated union
        if any(name in get_args(f.annotation) for f in annotation.model_fields.values()):
            return _known_keys(annotation, location[1:])
        return []
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (dict, list, tuple) and location:
        return _known_keys(arguments[-1] if origin is dict else arguments[0], location[1:])
    for argument in arguments:
        if found := _known_keys(argument, location):
            return found
    return []


Row = dict[str, Any]


def read_table(path: Path, columns: Mapping[str, Callable[[str], Any]], shown: str | None = None) -> list[Row]:
    """Read a CSV table; each row also has its line number under ``"line"``.

    Parameters
    ----------
    columns
        Every column and the function that reads a cell of it (raising ValueError with what was expected).
    shown
        How the file is called in messages.

    Raises
    ------
    ScenarioError
        With every wrong cell, and for a missing, doubled or unknown column, an empty table or a ragged row.
    """
    name = shown or str(path)
    text = read_text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    rows: list[Row] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if not any(header):
            raise ScenarioError([Problem(name, "", "the file is empty - expected a header row")])
        for column in columns:
            if column not in header:
                problems.append(Problem(f"{name}:1", column, f"missing column - found {', '.join(header)}"))
        for column in dict.fromkeys(header):
            if column not in columns:
                problems.append(Problem(f"{name}:1", column, f"unknown column {expected_one_of(column, columns)}"))
            elif header.count(column) > 1:
                problems.append(Problem(f"{name}:1", column, "column stands twice"))
        if problems:
            raise ScenarioError(problems)
        for cells in reader:
            if not cells:
                continue
            line = reader.line_num
            if len(cells) != len(header):
                problems.append(Problem(f"{name}:{line}", "", f"{len(cells)} cells - expected {len(header)}"))
                continue
            row: Row = {"line": line}
            for column, cell in zip(header, cells, strict=True):
                try:
                    row[column] = columns[column](cell.strip())
                except ValueError as error:
                    problems.append(Problem(f"{name}:{line}", column, str(error)))
            rows.append(row)
    except csv.Error as error:
        problems.append(Problem(f"{name}:{reader.line_num}", "", f"not valid CSV: {error}"))
    if not rows and not problems:
        problems.append(Problem(name, "", "no rows - expected at least one"))
    if problems:
        raise ScenarioError(problems)
    return rows


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target` to write to; it becomes `target` only if the block succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
