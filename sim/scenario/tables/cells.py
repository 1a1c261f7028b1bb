"""How a cell of a scenario's tables is read: to a value, or a ValueError that says what was expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.errors import expected_one_of, shown
from sim.network.site import SiteKind

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")

MOST_CHARACTERS = 200  # of an id or a name


def text(cell: str) -> str:
    """Read a cell that must not be empty."""
    if not cell:
        raise ValueError("empty cell - expected text")
    if not re.fullmatch(r"[^\x00-\x1f\x7f]+", cell):
        raise ValueError(f"{shown(cell)} - expected text on one line")
    if len(cell) > MOST_CHARACTERS:
        raise ValueError(f"{len(cell):,} characters - expected at most {MOST_CHARACTERS}")
    return cell


def number(low: float, high: float, *, above: bool = False) -> Callable[[str], float]:
    """Return a reader of numbers from `low` (or above it) to `high`."""

    def read(cell: str) -> float:
        if not _NUMBER.fullmatch(cell):
            found = "empty cell" if not cell else shown(cell)
            hint = " (a full stop before decimals, no other commas)" if "," in cell else ""
            raise ValueError(f"{found} - expected a number{hint}")
        value = float(cell)
        if not (value > low if above else value >= low):
            raise ValueError(f"{shown(cell)} - expected a number {'above' if above else 'of at least'} {low:g}")
        if not value <= high:
            raise ValueError(f"{shown(cell)} - expected a number of at most {high:,g}")
        return value

    return read


def whole(high: int, of: str = "") -> Callable[[str], int]:
    """Return a reader of whole numbers (`of` what) from 0 to `high`."""

    def read(cell: str) -> int:
        if not re.fullmatch("[0-9]{1,30}", cell):
            raise ValueError(f"{shown(cell) if cell else 'empty cell'} - expected a whole number of at least 0")
        if int(cell) > high:
            raise ValueError(f"{shown(cell)} - expected at most {high:,}{of}")
        return int(cell)

    return read


_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")


def attribute(cell: str) -> str | float | bool | None:
    """Read what is known of a site, place or product: true, false, a number, text, or nothing.

    Digits behind a leading zero are text: a post code is no number.
    """
    if not cell:
        return None
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    return float(cell) if _PLAIN_NUMBER.fullmatch(cell) else text(cell)


def site_kind(cell: str) -> SiteKind:
    """Read a kind of site."""
    try:
        return SiteKind(cell)
    except ValueError:
        raise ValueError(expected_one_of(cell, SiteKind)) from None
