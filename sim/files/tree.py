"""A YAML file as plain values, with the line of each.

YAML 1.2 as it is written, not as a language makes of it: ``no`` is text, ``16:30`` is text, a date is text, a key is
text. Doubled keys, tags and complex keys are problems; what is left of the file is read all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.reader import ReaderError

from sim.errors import Problem, ScenarioError, shown
from sim.files.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ruamel.yaml.nodes import Node

# A scenario has a few hundred lines; the parser takes some ten seconds a megabyte.
MOST_BYTES = 250_000
MOST_VALUES = 50_000  # aliases that multiply must not fill the memory
MOST_LEVELS = 30
MOST_DIGITS = 40  # of a number; what is longer is text

Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML file.

    Parameters
    ----------
    tree
        Its values: dict with text as keys, list, str, int, float, bool and None.
    lines
        The line on which each key or item stands.
    problems
        What is wrong with the YAML itself although it could be read; `validate` tells it.
    origins
        Other files that parts of the tree come from: what stands at or below a key is from that file.
    """

    path: Path
    tree: dict[str, Any]
    lines: Mapping[Key, int] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    origins: Mapping[Key, Path] = field(default_factory=dict, repr=False)

    def at(self, key: Key) -> Any:
        """Return the value at a key, None where there is none."""
        node: Any = self.tree
        for part in key:
            if isinstance(node, dict):
                node = node.get(str(part))
            elif isinstance(node, list) and isinstance(part, int) and part < len(node):
                node = node[part]
            else:
                return None
        return node

    def problem(self, key: Key, message: str) -> Problem:
        """Return a problem at a key, on the line of the nearest enclosing one that is in the file."""
        standing = key
        while standing and standing not in self.lines:
            standing = standing[:-1]
        return Problem(str(self.origin(standing)), dotted(key), message, self.lines.get(standing))

    def origin(self, key: Key) -> Path:
        """Return the file that what stands at a key comes from."""
        while key not in self.origins:
            if not key:
                return self.path
            key = key[:-1]
        return self.origins[key]


def dotted(key: Key) -> str:
    """Write a key as people do, such as ``sites[3].kind``."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            name = part if re.fullmatch(r"[\w -]{1,60}", part) else shown(part)
            text += f".{name}" if text else name
    return text


def read_yaml(path: Path) -> YamlFile:
    """Read a YAML file that is one mapping.

    Raises
    ------
    ScenarioError
        If the file cannot be read, is not YAML, is empty, or is not a mapping.
    """
    node = _compose(path, read_text(path, MOST_BYTES))
    if node is None:
        raise ScenarioError([Problem(str(path), "", "the file is empty - expected a mapping of keys")])
    reader = _Reader(path)
    tree = reader.value(node, ())
    if not isinstance(tree, dict):
        message = f"{shown(tree)} - expected a mapping of keys at the top level"
        raise ScenarioError([Problem(str(path), "", message, node.start_mark.line + 1)])
    return YamlFile(path, tree, reader.lines, tuple(reader.problems))


def read_value(text: str, said: str) -> Any:
    """Read a value as it might stand in a file: a text, a number, a list, a block.

    Parameters
    ----------
    said
        Where it was said, for messages.

    Raises
    ------
    ScenarioError
        If it is not YAML.
    """
    reader, node = _Reader(Path(said)), _compose(Path(said), text)
    value = None if node is None else reader.value(node, ())
    if reader.problems:
        raise ScenarioError(reader.problems)
    return value


_TOO_DEEP = f"nested more than {MOST_LEVELS} deep"
# How the parser's own words are said in ours
_SAID = (
    (r"found character '\t'", "a tab - indent with spaces"),
    ("mapping values are not allowed", "a second colon or a wrong indentation - put a text with a colon in quotes"),
    ("expected <block end>", "wrong indentation, or a bracket too many"),
    ("could not find expected ':'", "a key without its colon"),
    ("found unexpected end of stream", "a quotation mark that is never closed"),
    ("but found another document", "a second document - expected one"),
    ("maximum depth", _TOO_DEEP),
    ("found incompatible YAML", "another version of YAML - expected 1.2"),
)


def _compose(path: Path, text: str) -> Node | None:
    def refuse(message: str, line: int | None) -> NoReturn:
        raise ScenarioError([Problem(str(path), "", f"not valid YAML: {message}", line)]) from None

    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MOST_LEVELS
    yaml.composer.warn_double_anchors = False
    try:
        node: Node | None = yaml.compose(text)
    except MarkedYAMLError as error:
        said = str(error.problem or error.context).splitlines()[0]
        # what is never finished is told where it begins
        endless = "end of stream" in said or said == "could not find expected ':'"
        mark = error.context_mark if endless else error.problem_mark or error.context_mark
        said = next((ours for theirs, ours in _SAID if theirs in said), said)
        refuse(said, mark.line + 1 if mark else None)
    except ReaderError as error:
        refuse(f"the character {error.character:#x} is not allowed", text.count("\n", 0, error.position) + 1)
    except RecursionError:
        refuse(_TOO_DEEP, None)
    except YAMLError as error:
        refuse(str(error).splitlines()[0], None)
    if yaml.resolver.processing_version < (1, 2):
        refuse("the line %YAML makes it version 1.1, in which no is false and 16:30 a number - expected 1.2", 1)
    return node


_PREFIX = "tag:yaml.org,2002:"
_KNOWN_TAGS = {
    _PREFIX + name for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "value", "merge")
}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class _Reader:
    """Turns the parser's nodes into plain values."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = 0
        self.lines: dict[Key, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: Node, key: Key) -> Any:
        self._count(len(key))
        if node.tag not in _KNOWN_TAGS:
            tag = str(node.tag).replace(_PREFIX, "!!")
            self._tell(node, key, f"the tag {shown(tag)} - expected a plain value without a tag")
        if isinstance(node, ScalarNode):
            return self._scalar(node, key)
        if isinstance(node, MappingNode):
            return self._mapping(node, key)
        return [self._child(item, item, (*key, i)) for i, item in enumerate(node.value)]

    def _child(self, mark: Node, node: Node, key: Key) -> Any:
        self.lines[key] = mark.start_mark.line + 1
        return self.value(node, key)

    def _mapping(self, node: MappingNode, key: Key) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name_node, value_node in self._pairs(node, key):
            name = name_node.value
            if not isinstance(name, str):
                self._tell(name_node, key, "a list or a mapping as a key - expected text")
            elif name in found:
                self._tell(name_node, (*key, name), f"the key stands already in line {self.lines[(*key, name)]}")
            else:
                found[name] = self._child(name_node, value_node, (*key, name))
        return found

    def _pairs(self, node: MappingNode, key: Key, level: int = 0) -> Iterator[tuple[Node, Node]]:
        """Yield the pairs of a mapping; what is merged into it by ``<<`` comes last, and only if it is new."""
        self._count(len(key) + level)
        names, merges = set(), []
        for name, value in node.value:
            if name.tag == _PREFIX + "merge":
                merges.append((name, value))
                continue
            names.add(str(name.value))
            yield name, value
        for mark, merged in merges:
            for source in merged.value if merged.id == "sequence" else [merged]:
                if source.id != "mapping":
                    self._tell(mark, key, "<< with something else than a mapping")
                    continue
                for name, value in self._pairs(source, key, level + 1):
                    if str(name.value) not in names:
                        names.add(str(name.value))
                        yield name, value

    def _scalar(self, node: ScalarNode, key: Key) -> Any:
        text: str = node.value
        if _CONTROL.search(text):
            self._tell(node, key, f"{shown(text)} - expected text without control characters")
            return _CONTROL.sub(" ", text)
        kind = str(node.tag).removeprefix(_PREFIX)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        return _number(text) if kind in ("int", "float") and len(text) <= MOST_DIGITS else text

    def _tell(self, node: Node, key: Key, message: str) -> None:
        self.problems.append(Problem(str(self._path), dotted(key), message, node.start_mark.line + 1))

    def _count(self, level: int) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            message = f"more than {MOST_VALUES:,} values, aliases included"
        elif level > MOST_LEVELS:
            message = f"{_TOO_DEEP}, aliases included"
        else:
            return
        raise ScenarioError([Problem(str(self._path), "", message)])


def _number(text: str) -> int | float | str:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(re.sub(r"\.(?=[in])", "", text.lower()))  # .inf and .nan
    except ValueError:
        return text  # such as 0x1F: nobody means it here
