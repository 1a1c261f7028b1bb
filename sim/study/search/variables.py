"""What may be decided: strategies, values of fields, and all that is said of candidates whatever they are made of.

Every variable says how many numbers it takes (its knobs), and what a scenario is changed to by them. Wherever the knobs
stand, what comes out keeps to what was asked: never too many sites, never a unit more.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.study.search.space import Axis


class Knob(NamedTuple):
    """A number that is turned.

    Parameters
    ----------
    levels
        It takes whole numbers below that; 0: any number from 0 to 1.
    ordered
        Whether neighbouring levels are alike.
    """

    name: str
    levels: int = 0
    ordered: bool = True


class Option(NamedTuple):
    """What a variable is set to.

    Parameters
    ----------
    values
        By path in the scenario.
    along
        What people see, by the name of what it is.
    strategy
        Which one is to route; None: another variable, or nobody, says so.
    """

    values: dict[str, Any]
    along: dict[str, Any]
    strategy: str | None = None


class Variable(Protocol):
    """Something that may be decided."""

    @property
    def knobs(self) -> list[Knob]:
        """The numbers it takes."""

    def option(self, at: Sequence[float]) -> Option:
        """Return what it is set to where its knobs stand there."""

    def every(self) -> Iterator[Option]:
        """Yield all options; without end, or with too many to be tried, where it cannot be told how many there are."""

    @property
    def count(self) -> float:
        """How many options there are; infinite where there is no end to them."""


@dataclass(frozen=True, slots=True)
class Strategies:
    """Which strategy routes."""

    names: tuple[str, ...]

    @property
    def knobs(self) -> list[Knob]:
        """One, of as many levels as there are names."""
        return [Knob("strategy", len(self.names), ordered=False)]

    @property
    def count(self) -> float:
        """As many as there are names."""
        return len(self.names)

    def option(self, at: Sequence[float]) -> Option:
        """Return the strategy at a level."""
        name = self.names[int(at[0])]
        return Option({}, {"strategy": name} if len(self.names) > 1 else {}, name)

    def every(self) -> Iterator[Option]:
        """Yield each."""
        return (self.option((k,)) for k in range(len(self.names)))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the scenario or its routing, of a list or from a range.

    Parameters
    ----------
    title
        What people call it.
    """

    axis: Axis
    title: str

    @property
    def knobs(self) -> list[Knob]:
        """One: a level of the list or the steps, or anywhere in the range."""
        return [Knob(self.title, 0 if math.isinf(self.count) else int(self.count), self.axis.range is not None)]

    @property
    def count(self) -> float:
        """As many as there are values or steps."""
        found = self.axis.range
        if found is None:
            return len(self.axis.values)
        if found.step:
            return found.steps + 1
        return found.high - found.low + 1 if found.whole else math.inf

    def option(self, at: Sequence[float]) -> Option:
        """Return the value at a level, or so far along the range."""
        value = self.axis.at(at[0] if math.isinf(self.count) else (int(at[0]) + 0.5) / self.count)
        return Option(dict.fromkeys(self.axis.paths, value), {self.title: value})

    def every(self) -> Iterator[Option]:
        """Yield each level."""
        return (self.option((k,)) for k in range(int(self.count)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scenario that is tried: 0 is the one that stands.

    Parameters
    ----------
    along
        What people see, by the name of what it is.
    """

    number: int
    values: dict[str, Any]
    along: dict[str, Any]
    strategy: str

    @property
    def name(self) -> str:
        """What people call it."""
        return f"c{self.number}" if self.number else "as it stands"

    @property
    def key(self) -> str:
        """Equal only for candidates that are the same."""
        return repr((self.values, self.strategy))


@dataclass(frozen=True, slots=True)
class Space:
    """All that may be decided, together.

    Parameters
    ----------
    strategies
        Of which the scenario as it stands has the first.
    """

    strategies: Strategies
    others: tuple[Variable, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All of them."""
        return (self.strategies, *self.others)

    @property
    def as_it_stands(self) -> Candidate:
        """The candidate in which nothing is changed."""
        return Candidate(0, {}, {}, self.strategies.names[0])

    @property
    def knobs(self) -> list[Knob]:
        """Those of all variables, in their order."""
        return [knob for variable in self.variables for knob in variable.knobs]

    @property
    def count(self) -> float:
        """How many candidates there are."""
        return math.prod(variable.count for variable in self.variables)

    def candidate(self, number: int, at: Sequence[float]) -> Candidate:
        """Return the candidate where the knobs stand there."""
        start, options = 0, []
        for variable in self.variables:
            size = len(variable.knobs)
            options.append(variable.option(at[start : start + size]))
            start += size
        return joined(number, options)

    def every(self) -> Iterator[Candidate]:
        """Yield all candidates, numbered from 1."""
        everything = itertools.product(*(variable.every() for variable in self.variables))
        return (joined(number, options) for number, options in enumerate(everything, 1))


def joined(number: int, options: Sequence[Option]) -> Candidate:
    """Return the candidate that has all of some options."""
    values = {path: value for option in options for path, value in option.values.items()}
    along = {name: told for option in options for name, told in option.along.items()}
    (strategy,) = (option.strategy for option in options if option.strategy is not None)
    return Candidate(number, values, along, strategy)
