"""What is known of every site, as columns: one array per attribute, so that a rule is one line of arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Attribute = str | float | bool | None


@dataclass(frozen=True, eq=False)
class Columns:
    """The attributes of a network's sites.

    Parameters
    ----------
    ids
        Name of each site.
    attributes
        What is known of each site, by attribute; an absent or None value is unknown.

    Attributes
    ----------
    usual
        Place of each site in the usual order: `priority` ascending (1 is first, unknown last), then `link_order`, then
        as listed. Where rules tie, this decides.
    open
        Sites that take orders at all: not ``enabled: false``, not ``offline: true``.
    """

    ids: tuple[str, ...]
    attributes: Sequence[Mapping[str, Attribute]]
    usual: NDArray[np.int64] = field(init=False)
    open: NDArray[np.bool_] = field(init=False)
    _numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict, init=False)
    _words: dict[str, NDArray[np.str_]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        keys = self.number("link_order"), self.number("priority")
        ranked = np.lexsort(tuple(np.where(np.isnan(key), np.inf, key) for key in keys))
        usual = np.empty(len(self.ids), dtype=np.int64)
        usual[ranked] = np.arange(len(self.ids))
        object.__setattr__(self, "usual", usual)
        object.__setattr__(self, "open", (self.number("enabled") != 0) & (self.number("offline") != 1))

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def by_name(self) -> NDArray[np.float64]:
        """Place of each site by its name, numbers in it by their size: s2 before s10."""
        parts = [[(len(p), p) if p.isdigit() else (0, p) for p in re.split(r"(\d+)", name)] for name in self.ids]
        places = np.empty(len(parts))
        places[sorted(range(len(parts)), key=parts.__getitem__)] = np.arange(len(parts))
        return places

    def number(self, name: str) -> NDArray[np.float64]:
        """Return an attribute as numbers, shape (sites,); true is 1, false 0, and what is not a number is NaN."""
        found = self._numbers.get(name)
        if found is None:
            values = [attributes.get(name) for attributes in self.attributes]
            numbers = [float(v) if isinstance(v, int | float) else np.nan for v in values]
            found = self._numbers[name] = np.array(numbers, dtype=np.float64)
        return found

    def words(self, name: str) -> NDArray[np.str_]:
        """Return an attribute as text, shape (sites,); empty where unknown."""
        found = self._words.get(name)
        if found is None:
            values = [attributes.get(name) for attributes in self.attributes]
            found = self._words[name] = np.array([as_word(v) for v in values], dtype=np.str_)
        return found


def as_word(value: Attribute) -> str:
    """Return an attribute's value as the text that a rule compares; empty for unknown.

    >>> [as_word(value) for value in ("EU", 2.0, True, None)]
    ['EU', '2', 'true', '']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"
