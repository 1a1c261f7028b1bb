"""The one family of errors, and the form in which a wrong input is told."""

from __future__ import annotations

import difflib
import math
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


class FulfillSimError(Exception):
    """Base of every error that FulfillSim raises on purpose."""


class RoutingError(FulfillSimError):
    """The routing engine was asked something it refuses to answer."""


class WireError(RoutingError):
    """A message is refused: what was found, where in it, and what was expected instead."""

    def __init__(self, what: str, where: str = "", expected: str = "") -> None:
        where = where if len(where) <= 200 else f"{where[:197]}..."  # keys from outside stand in it
        self.what, self.where, self.expected = what, where, expected
        found = f"{where}: {what}" if where else what
        super().__init__(f"{found} - expected {expected}" if expected else found)

    def plain(self) -> dict[str, str]:
        """Return the refusal as it stands in a JSON answer."""
        return {"what": self.what, "where": self.where, "expected": self.expected}


class NotOfferedError(RoutingError):
    """An order asks for a way to fulfil it that this engine was not set up for, or that cannot be."""


class LedgerError(FulfillSimError):
    """A ledger breaks one of its own laws of conservation."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    file
        The file, as it was named.
    path
        Which value, e.g. ``site_kinds.store.pickers``; empty when the file as a whole is meant.
    message
        What was found, what was expected, and the nearest valid name.
    line
        Where it stands in the file, if it stands on one line.
    """

    file: str
    path: str
    message: str
    line: int | None = None

    @property
    def where(self) -> str:
        """``file`` or ``file:line``."""
        return self.file if self.line is None else f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.path, self.message) if part)


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once, by file and line; files come in the order in which they are first spoken of."""
    unique = list(dict.fromkeys(problems))
    rank = {file: k for k, file in enumerate(dict.fromkeys(problem.file for problem in unique))}
    return sorted(unique, key=lambda problem: (rank[problem.file], problem.line or 0))


class ScenarioError(FulfillSimError):
    """A scenario or one of its tables is wrong; carries every problem found, each once and in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(in_file_order(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@contextmanager
def gathering(problems: list[Problem]) -> Iterator[None]:
    """Put what is found wrong in the block on a list, and go on behind it."""
    try:
        yield
    except ScenarioError as error:
        problems += error.problems


MOST_LETTERS = 60  # of a value that is shown in a message


def shown(value: object) -> str:
    """Say what was found as its file would say it, on one line; what is long is cut.

    >>> shown("stor"), shown(None), shown(True), shown([1, 2]), shown({"a": 1})
    ("'stor'", 'nothing', 'true', 'a list of 2', 'a block of 1 key')
    """
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
        case str() if len(value) > MOST_LETTERS:
            return f"{value[:MOST_LETTERS]!r}..."
        case str():
            return repr(value)
        case list() | tuple():
            return f"a list of {len(value)}"
        case dict():
            return f"a block of {len(value)} key{'' if len(value) == 1 else 's'}"
        case _:
            return f"{value}"[:MOST_LETTERS]


MOST_NAMES = 20  # that are listed in one message
MOST_COMPARED = 2000  # that are looked through for a near one: a refusal must not take long


def nearest(found: object, names: Iterable[str]) -> str | None:
    """Return the name that was probably meant, whatever its case; None when nothing comes near."""
    text = str(found)[:MOST_LETTERS].lower()
    by_lower = {name.lower(): name for name in names}
    likely = list(by_lower)
    if len(likely) > MOST_COMPARED:
        likely = nlargest(MOST_COMPARED, likely, key=lambda name: _common_start(name, text))
    near = [
        name for name in likely if text and name.lstrip("0") == text.lstrip("0")
    ]  # a spreadsheet took its zeros away
    near = near or difflib.get_close_matches(text, likely, n=1)
    if not near and len(text) >= 3:  # written out, or cut short
        near = [name for name in likely if len(name) >= 3 and (text.startswith(name) or name.startswith(text))]
    return by_lower[near[0]] if near else None


def _common_start(one: str, other: str) -> int:
    return next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


class ValueAtError(ValueError):
    """What is wrong at one place of a block that is looked at as a whole.

    Parameters
    ----------
    where
        Its keys, from the block on.
    """

    def __init__(self, *where: str | int, message: str) -> None:
        self.where, self.message = where, message
        super().__init__(f"{'.'.join(map(str, where))}: {message}")


def one_of(found: object, names: Iterable[str], taken: Collection[str] = ()) -> str:
    """Return "one of" and the names that are known, with the nearest to what was found.

    Parameters
    ----------
    taken
        Names that cannot have been meant because they are there already.
    """
    known = sorted(names)
    text = f"one of {', '.join(known[:MOST_NAMES])}"
    if len(known) > MOST_NAMES:
        text += f" and {len(known) - MOST_NAMES:,} more"
    near = nearest(found, [name for name in known if name not in taken])
    return f"{text} (did you mean {near}?)" if near else text


def expected_one_of(found: object, names: Iterable[str], taken: Collection[str] = ()) -> str:
    """Say what was found, what names are known, and which of them is nearest.

    >>> expected_one_of("stor", ["dc", "store"])
    "'stor' - expected one of dc, store (did you mean store?)"
    """
    return f"{shown(found)} - expected {one_of(found, names, taken)}"
