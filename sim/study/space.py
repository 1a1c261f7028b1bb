"""Points of a space of scenarios: values at paths, each of a list or from a range, in combinations to be tried.

--over "site_kinds.store.feed=5 min,20 min,nightly"   values of a list
--over "site_kinds.store.pickers=1..4"                a range; its ends carry their unit
--over "site_kinds.dc.pickers+site_kinds.store.pickers=1,2"    one value at several paths
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import FulfillSimError, shown
from sim.files import read_value
from sim.scenario.changes import parsed

MOST_POINTS = 2_000
LEVELS = 3
"""Of a range, where values are laid out in a grid."""
_NUMBER = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*([^\d\s]*)\s*")


class Range(NamedTuple):
    """From one number to another, both in a unit; whole numbers stay whole."""

    low: float
    high: float
    unit: str
    whole: bool

    def at(self, share: float) -> Any:
        """Return the value so far along, as a scenario would have it."""
        number = self.low + share * (self.high - self.low)
        if self.whole:
            number = min(int(self.low + share * (self.high - self.low + 1)), int(self.high))
        return f"{number:.6g} {self.unit}" if self.unit else number if self.whole else float(f"{number:.6g}")

    def levels(self, count: int) -> list[Any]:
        """Return values from end to end, evenly spaced, each once."""
        if self.whole:
            numbers = {round(self.low + k * (self.high - self.low) / (count - 1)) for k in range(count)}
            return [f"{n} {self.unit}" if self.unit else n for n in sorted(numbers)]
        return [self.at(k / (count - 1)) for k in range(count)]


@dataclass(frozen=True, slots=True)
class Axis:
    """What is varied together: one value at one path or several, of a list or from a range."""

    paths: tuple[str, ...]
    values: tuple[Any, ...]
    range: Range | None = None

    @property
    def name(self) -> str:
        """The first path, as short as people say it."""
        return ".".join(self.paths[0].split(".")[-2:])

    def at(self, share: float) -> Any:
        """Return the value so far along: from the range, or the one of the list that has that share of it."""
        if self.range is not None:
            return self.range.at(share)
        return self.values[min(int(share * len(self.values)), len(self.values) - 1)]


class Point(NamedTuple):
    """A scenario to be tried.

    Parameters
    ----------
    values
        By path.
    along
        What people see: the value on each axis, by its name.
    """

    name: str
    values: dict[str, Any]
    along: dict[str, Any]


def read_axis(text: str) -> Axis:
    """Read ``path=value,value`` or ``path=low..high``.

    Raises
    ------
    FulfillSimError
        If it is neither.
    """
    left, equals, right = text.partition("=")
    paths = tuple(path.strip() for path in left.split("+"))
    if not equals or not right.strip():
        raise FulfillSimError(f"--over {shown(text)} - expected path=value,value or path=low..high")
    for path in paths:
        try:
            parsed(path)
        except ValueError as error:
            raise FulfillSimError(f"--over {error}") from None
    if ".." in right:
        return Axis(paths, (), _range(text, right))
    values = read_value(f"[{right}]", "--over")
    if not isinstance(values, list):
        raise FulfillSimError(f"--over {shown(text)}: {shown(right)} - expected values parted by commas")
    if repeated := [value for k, value in enumerate(values) if value in values[:k]]:
        raise FulfillSimError(f"--over {shown(text)}: {shown(repeated[0])} twice - expected each value once")
    return Axis(paths, tuple(values))


def _range(text: str, right: str) -> Range:
    ends = [_NUMBER.fullmatch(end) for end in right.split("..")]
    if len(ends) != 2 or None in ends:
        expected = "expected two numbers, such as 1..4 or '5 min..60 min'"
        raise FulfillSimError(f"--over {shown(text)}: {shown(right)} - {expected}")
    (low, of_low), (high, of_high) = (end.groups() for end in ends if end is not None)
    if of_low and of_high and of_low != of_high:
        raise FulfillSimError(f"--over {shown(text)}: {of_low} and {of_high} - expected one unit")
    if float(low) >= float(high):
        raise FulfillSimError(f"--over {shown(text)}: {shown(right)} - expected the low end first")
    unit = of_low or of_high
    return Range(float(low), float(high), unit, "." not in low + high and not unit)


def points(axes: list[Axis], sample: str, seed: int) -> list[Point]:
    """Return the points to try.

    Parameters
    ----------
    sample
        ``grid``: each with each, three values of a range; ``one_at_a_time``: the others as the scenario has them;
        ``lhs:20``: so many by a Latin hypercube, every axis evenly filled (McKay, Beckman and Conover 1979).

    Raises
    ------
    FulfillSimError
        If there is no such way, or there are too many.
    """
    names = [axis.name for axis in axes]
    titles = names if len(set(names)) == len(names) else ["+".join(axis.paths) for axis in axes]
    if sample == "grid":
        combinations: list[tuple[Any, ...]] = list(itertools.product(*map(_values, axes)))
    elif sample == "one_at_a_time":
        combinations = [
            tuple(value if k == j else None for k in range(len(axes)))
            for j, axis in enumerate(axes)
            for value in _values(axis)
        ]
    elif match := re.fullmatch(r"lhs:(\d{1,4})", sample):
        combinations = _latin(axes, int(match[1]), seed)
    else:
        raise FulfillSimError(f"--sample {shown(sample)} - expected grid, one_at_a_time or lhs:20")
    if not 1 <= len(combinations) <= MOST_POINTS:
        raise FulfillSimError(f"{len(combinations):,} points - expected 1 to {MOST_POINTS:,}")
    return [_point(axes, titles, found) for found in {repr(found): found for found in combinations}.values()]


def _values(axis: Axis) -> list[Any]:
    return list(axis.values) if axis.range is None else axis.range.levels(LEVELS)


def _latin(axes: list[Axis], count: int, seed: int) -> list[tuple[Any, ...]]:
    from scipy.stats.qmc import LatinHypercube

    if count < 1:
        raise FulfillSimError("--sample lhs:0 - expected at least one point")
    shares = LatinHypercube(len(axes), rng=seed).random(count).tolist()
    return [tuple(axis.at(share) for axis, share in zip(axes, row, strict=True)) for row in shares]


def _point(axes: list[Axis], titles: list[str], found: tuple[Any, ...]) -> Point:
    moved = [(axis, title, value) for axis, title, value in zip(axes, titles, found, strict=True) if value is not None]
    return Point(
        ", ".join(f"{title}={value}" for _, title, value in moved),
        {path: value for axis, _, value in moved for path in axis.paths},
        {title: value for _, title, value in moved},
    )
