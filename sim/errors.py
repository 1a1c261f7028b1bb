"""The one family of errors, and the form in which a wrong input is told."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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


class LedgerError(FulfillSimError):
    """A ledger breaks one of its own laws of conservation."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    where
        ``file`` or ``file:line``.
    path
        Which value, e.g. ``site_kinds.store.pickers``; empty when the file as a whole is meant.
    message
        What was found, what was expected, and the nearest valid name.
    """

    where: str
    path: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.where, self.path, self.message) if part)


class ScenarioError(FulfillSimError):
    """A scenario or one of its tables is wrong; carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


MOST_NAMES = 20  # that are listed in one message


def expected_one_of(found: object, names: Iterable[str]) -> str:
    """Say what was found, what names are known, and which of them is nearest.

    >>> expected_one_of("stor", ["dc", "store"])
    "'stor' - expected one of dc, store (did you mean store?)"
    """
    return f"{found!r} - expected {one_of(found, names)}"


# Of more names than this only likely ones are compared: a refusal must not take long.
MOST_COMPARED = 2000


def one_of(found: object, names: Iterable[str]) -> str:
    """Return "one of ..." with the names that are known, and the nearest."""
    known = sorted(names)
    text = str(found)[:100]
    likely = known
    if len(known) > MOST_COMPARED:
        likely = [name for name in known if name[:1].lower() == text[:1].lower()][:MOST_COMPARED]
    near = difflib.get_close_matches(text, likely, n=1)
    listed = ", ".join(known[:MOST_NAMES])
    if len(known) > MOST_NAMES:
        listed += f" and {len(known) - MOST_NAMES:,} more"
    return f"one of {listed} (did you mean {near[0]}?)" if near else f"one of {listed}"
