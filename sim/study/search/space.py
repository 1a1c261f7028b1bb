"""Points of a space of scenarios: values at paths, each of a list or from a range, in combinations to be tried.

--over "site_kinds.store.feed=5 min,20 min,nightly"   values of a list
--over "site_kinds.store.pickers=1..4"                a range; its ends carry their unit
--over "site_kinds.dc.pick_time=2 min..6 min step 1 min"    in steps
--over "site_kinds.dc.pickers+site_kinds.store.pickers=1,2"    one value at several paths
"""

from __future__ import annotations

import itertools
import math
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
    """From one number to another, both in a unit; whole numbers stay whole.

    Parameters
    ----------
    step
        Between two values, from the low end on; 0: any value will do.
    """

    low: float
    high: float
    unit: str
    whole: bool
    step: float = 0.0

    @property
    def steps(self) -> int:
        """How many steps there are from the low end; 0 where any value will do."""
        return int((self.high - self.low) / self.step + 1e-9) if self.step else 0

    def at(self, share: float) -> Any:
        """Return the value so far along, as a scenario would have it."""
        number = self.low + share * (self.high - self.low)
        if self.step:
            number = self.low + self.step * min(int(share * (self.steps + 1)), self.steps)
        elif self.whole:
            number = min(math.floor(self.low + share * (self.high - self.low + 1)), self.high)
        return self.written(number)

    def levels(self, count: int) -> list[Any]:
        """Return values from end to end, each once: at every step, else so many, evenly spaced."""
        if self.step:
            return [self.written(self.low + k * self.step) for k in range(self.steps + 1)]
        if self.whole:
            numbers = {round(self.low + k * (self.high - self.low) / (count - 1)) for k in range(count)}
            return [self.written(number) for number in sorted(numbers)]
        return [self.at(k / (count - 1)) for k in range(count)]

    def written(self, number: float) -> Any:
        """Return a number as a scenario would have it."""
        if self.whole:
            return round(number)
        return f"{number:.6g} {self.unit}" if self.unit else float(f"{number:.6g}")


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
    """Read ``path=value,value``, ``path=low..high`` or ``path=low..high step width``.

    Raises
    ------
    FulfillSimError
        If it is none of them.
    """
    left, equals, right = text.partition("=")
    if not equals or not right.strip():
        raise FulfillSimError(f"--over {shown(text)} - expected path=value,value or path=low..high")
    values: Any = right
    if ".." not in right:
        values = read_value(f"[{right}]", "--over")
        if not isinstance(values, list):
            raise FulfillSimError(f"--over {shown(text)}: {shown(right)} - expected values parted by commas")
    try:
        return axis_of(left, values)
    except ValueError as error:
        raise FulfillSimError(f"--over {shown(text)}: {error}") from None


def axis_of(paths: str, values: Any) -> Axis:
    """Return an axis.

    Parameters
    ----------
    paths
        One, or several joined by ``+``.
    values
        A list, or a range as text.

    Raises
    ------
    ValueError
        If they are neither, or a path is none.
    """
    each = tuple(path.strip() for path in paths.split("+"))
    for path in each:
        parsed(path)
    if isinstance(values, str):
        return Axis(each, (), _range(values))
    if not isinstance(values, list) or not values:
        raise ValueError(f"{shown(values)} - expected a list of values, or a range such as '1..4'")
    if repeated := [value for k, value in enumerate(values) if value in values[:k]]:
        raise ValueError(f"{shown(repeated[0])} twice - expected each value once")
    return Axis(each, tuple(values))


def _range(text: str) -> Range:
    ends, *width = text.split(" step ")
    found = [_NUMBER.fullmatch(number) for number in [*ends.split(".."), *width]]
    if ends.count("..") != 1 or len(width) > 1 or None in found:
        expected = (
            "expected two numbers, such as 1..4 or '5 min..60 min', and perhaps a step, '5 min..60 min step 5 min'"
        )
        raise ValueError(f"{shown(text)} - {expected}")
    numbers, units = zip(*(number.groups() for number in found if number is not None), strict=True)
    if len(told := list(dict.fromkeys(unit for unit in units if unit))) > 1:
        raise ValueError(f"{told[0]} and {told[1]} - expected one unit")
    low, high, step = (*map(float, numbers), 0.0)[:3]
    if low >= high:
        raise ValueError(f"{shown(text)} - expected the low end first")
    if width and not 0 < step <= high - low:
        raise ValueError(f"{shown(text)} - expected a step above 0 that is no wider than the range")
    unit = told[0] if told else ""
    plain = "." not in "".join(numbers)
    return Range(low, high, unit, plain and not unit, step)


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
    titles = titles_of(axes)
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


def titles_of(axes: list[Axis]) -> list[str]:
    """Return what people call the axes: short names, whole paths where two would be the same."""
    names = [axis.name for axis in axes]
    return names if len(set(names)) == len(names) else ["+".join(axis.paths) for axis in axes]


def points_at(axes: list[Axis], shares: list[list[float]]) -> list[Point]:
    """Return a point for every row of shares, how far along each axis it lies; rows may give the same point."""
    titles = titles_of(axes)
    return [
        _point(axes, titles, tuple(axis.at(share) for axis, share in zip(axes, row, strict=True))) for row in shares
    ]


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
