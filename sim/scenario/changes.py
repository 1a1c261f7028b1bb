"""A scenario as a base and named changes: which values they set, add to or remove, by path.

    extends: us_electronics
    set:
      site_kinds.store.feed.every: 5 min
    changes:
      two_units_held:
        set: {routing.safety_stock: {store: 2}}

What comes out is one tree in which every value still knows the file and line it stands on.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from sim.errors import FulfillSimError, Problem, ScenarioError, expected_one_of, one_of, shown
from sim.fields import Model, Name, Text
from sim.files import YamlFile, read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sim.files import Key

MOST_BASES = 10
CHANGE_FILE = ".yaml"
"""How the name of a file ends that holds a change."""
_PART = re.compile(r"([^.\[\]]+)((?:\[\d+\])*)")


class Change(Model):
    """What is different from the scenario it is applied to."""

    says: Text = ""
    """What the change is, for people."""
    set: dict[Text, Any] = Field(default_factory=dict)
    """New values by path, such as `site_kinds.store.feed.every`; what is not there yet is made."""
    add: dict[Text, list[Any]] = Field(default_factory=dict)
    """Items for the end of the lists at these paths."""
    remove: tuple[Text, ...] = ()
    """Paths of what is left out."""


def _each_changes_something(changes: dict[str, Change]) -> dict[str, Change]:
    for name, change in changes.items():
        if not (change.set or change.add or change.remove):
            raise ValueError(f"{name} changes nothing - expected set, add or remove")
    return changes


Changes = Annotated[dict[Name, Change], AfterValidator(_each_changes_something)]


class Derived(Change):
    """A file that extends another scenario."""

    extends: Text
    title: Text | None = None
    question: Text | None = None
    changes: dict[Name, Any] = Field(default_factory=dict)


def read_scenario(path: Path, find: Callable[[str, Path], Path]) -> YamlFile:
    """Read a scenario's file and, where it extends another, everything that it stands on.

    Parameters
    ----------
    find
        ``find(name, folder)`` returns the file of the scenario that is extended.

    Raises
    ------
    ScenarioError
        With what is wrong in the files as YAML, or with their changes.
    """
    chain = [read_yaml(path)]
    while "extends" in chain[-1].tree:
        file = chain[-1]
        derived = validate(Derived, file)
        try:
            base = find(derived.extends, file.path.parent)
        except ScenarioError as error:
            message = error.problems[0].message
            raise ScenarioError([file.problem(("extends",), f"{shown(derived.extends)}: {message}")]) from None
        if any(base.resolve() == other.path.resolve() for other in chain):
            raise ScenarioError([file.problem(("extends",), f"{shown(derived.extends)} extends this scenario in turn")])
        if len(chain) == MOST_BASES:
            raise ScenarioError([file.problem(("extends",), f"more than {MOST_BASES} scenarios, each on the next")])
        chain.append(read_yaml(base))
    found = chain.pop()
    for file in reversed(chain):
        found = _extended(found, file)
    return found


def changed(file: YamlFile, names: Iterable[str]) -> YamlFile:
    """Return a scenario with some changes made, one after the other.

    Parameters
    ----------
    names
        Of its own block `changes:`, or of files that hold one change each, such as ``better.yaml``.

    Raises
    ------
    FulfillSimError
        If it has no change of that name.
    ScenarioError
        If a change is wrong.
    """
    known = file.at(("changes",))
    for name in names:
        if Path(name).suffix == CHANGE_FILE:
            holder = read_yaml(Path(name))
            file = _applied(file, validate(Change, holder), holder, ())
            continue
        if not isinstance(known, dict) or name not in known:
            there = known if isinstance(known, dict) and known else None
            expected = one_of(name, there) if there else "a scenario with a block `changes:`"
            raise FulfillSimError(f"{file.path}: unknown change {shown(name)} - expected {expected}")
        key: Key = ("changes", name)
        file = _applied(file, validate(Change, file, key), file, key)
    return file


def title_of(names: str) -> str:
    """Return what people call changes such as ``nightly+results/us/better.yaml``: files by their own names alone."""
    return "+".join(Path(name).stem if Path(name).suffix == CHANGE_FILE else name for name in names.split("+"))


def with_values(
    file: YamlFile, values: Mapping[str, Any], said: str, lines: Mapping[str, int] | None = None
) -> YamlFile:
    """Return a scenario with other values at some paths.

    Parameters
    ----------
    said
        Where the values were said, for messages.
    lines
        The line there of each path; None: they stand in no file, and are counted as its lines.

    Raises
    ------
    ScenarioError
        If there is no way to a path, or no value is there to be another.
    """
    numbers = {path: number for number, path in enumerate(values, 1)} if lines is None else lines
    stands: dict[Key, int] = {("set", path): number for path, number in numbers.items()}
    holder = YamlFile(Path(said), {"set": dict(values)}, stands)
    return _applied(file, Change(set=dict(values)), holder, ())


def _extended(base: YamlFile, file: YamlFile) -> YamlFile:
    """Return a base as the file that extends it would have it."""
    origins = {(): base.path, **base.origins}
    found = YamlFile(file.path, base.tree, base.lines, base.problems + file.problems, origins)
    derived = validate(Derived, file)
    found = _applied(found, derived, file, ())  # first, so that it may leave out changes of the base
    own = {("title",): derived.title, ("question",): derived.question}
    for key, value in own.items():
        if value is not None:
            found = _placed(found, key, value, file, key)
    for name, value in derived.changes.items():
        found = _placed(found, ("changes", name), value, file, ("changes", name))
    return found


def _applied(file: YamlFile, change: Change, holder: YamlFile, key: Key) -> YamlFile:
    """Return a file with a change made that stands at `key` of its holder."""
    problems: list[Problem] = []
    for k, path in enumerate(change.remove):
        with telling(problems, holder, (*key, "remove", k)):
            file = _without(file, parsed(path))
    for path in outer_first(change.set):
        with telling(problems, holder, (*key, "set", path)):
            file = _placed(file, parsed(path), change.set[path], holder, (*key, "set", path))
    for path, items in change.add.items():
        for k, item in enumerate(items):
            with telling(problems, holder, (*key, "add", path)):
                target = parsed(path)
                there = file.at(target)
                if there is not None and not isinstance(there, list):
                    raise ValueError(f"{shown(there)} - expected a list; to replace a value, use set")
                file = _placed(file, (*target, len(there or ())), item, holder, (*key, "add", path, k))
    if problems:
        raise ScenarioError(problems)
    return file


@contextmanager
def telling(problems: list[Problem], holder: YamlFile, key: Key) -> Iterator[None]:
    """Put a ValueError in the block on a list of problems, as of a key, and go on behind it."""
    try:
        yield
    except ValueError as error:
        problems.append(holder.problem(key, str(error)))


def outer_first(paths: Iterable[str]) -> list[str]:
    """Return paths with a block before what is inside it: in whatever order they stand, none is without effect."""
    return sorted(paths, key=lambda path: path.count(".") + path.count("["))


def parsed(path: str) -> Key:
    """Return a path such as ``sites[3].kind`` as a key.

    Raises
    ------
    ValueError
        If it is not one.
    """
    key: list[str | int] = []
    for part in path.split("."):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{shown(path)} - expected keys parted by dots, such as site_kinds.store.pickers")
        key += [match[1], *(int(number) for number in re.findall(r"\d+", match[2]))]
    return tuple(key)


def placed(file: YamlFile, path: str, value: Any, holder: YamlFile, stands: Key) -> YamlFile:
    """Return a file with a value put at a path; in its holder it stands at a key, and keeps the lines it has there.

    Raises
    ------
    ScenarioError
        If there is no way to the path.
    """
    problems: list[Problem] = []
    with telling(problems, holder, stands):
        return _placed(file, parsed(path), value, holder, stands)
    raise ScenarioError(problems)


def _placed(file: YamlFile, target: Key, value: Any, holder: YamlFile, stands: Key) -> YamlFile:
    """Return a file with a value put at a key; it keeps the lines it has in its holder."""
    tree = deepcopy(file.tree)
    _put(tree, target, deepcopy(value))
    # blocks that are made on the way stand where the value does
    made = [key for k in range(1, len(target)) if file.at(key := target[:k]) is None]
    lines = {key: line for key, line in file.lines.items() if key[: len(target)] != target}
    if stands in holder.lines:
        lines |= dict.fromkeys(made, holder.lines[stands])
    lines |= {target + key[len(stands) :]: n for key, n in holder.lines.items() if key[: len(stands)] == stands}
    origins = {key: path for key, path in file.origins.items() if key[: len(target)] != target}
    origins |= dict.fromkeys([*made, target], holder.origin(stands))
    return replace(file, tree=tree, lines=lines, origins=origins)


def _put(tree: dict[str, Any], target: Key, value: Any) -> None:
    node: Any = tree
    for k, part in enumerate(target):
        last = k == len(target) - 1
        if isinstance(part, int):
            if not isinstance(node, list) or part > len(node):
                count = len(node) if isinstance(node, list) else 0
                raise ValueError(f"item {part} of a list of {count} - expected one that is there, from 0 on")
            if part == len(node):
                node.append(value if last else {})
        elif not isinstance(node, dict):
            raise ValueError(f"{shown(part)} - expected a path that leads through blocks, this one meets a plain value")
        elif part not in node:
            node[part] = [] if not last and isinstance(target[k + 1], int) else {}
        if last:
            node[part] = value
        node = node[part]


def _without(file: YamlFile, target: Key) -> YamlFile:
    tree = deepcopy(file.tree)
    node: Any = tree
    for part in target[:-1]:
        node = _child(node, part)
    _child(node, target[-1])
    if isinstance(node, list):
        raise ValueError("an item of a list - expected a key; set the list anew instead")
    del node[target[-1]]
    lines = {key: line for key, line in file.lines.items() if key[: len(target)] != target}
    return replace(file, tree=tree, lines=lines)


def _child(node: Any, part: str | int) -> Any:
    if isinstance(node, list) and isinstance(part, int) and part < len(node):
        return node[part]
    if isinstance(node, dict) and part in node:
        return node[str(part)]
    known = list(node) if isinstance(node, dict) else []
    raise ValueError(f"nothing to remove: {expected_one_of(part, known) if known else shown(part)}")
