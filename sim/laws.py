"""Probability laws, each a quantile function and a mean.

Luck is a uniform number in (0, 1) that was fixed before the run; a law turns it into minutes wherever it is
needed. The same classes serve the world (what happens) and the engine (what it expects to happen).
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Protocol

_normal_quantile = NormalDist().inv_cdf
# a drawn uniform may be 0, which some laws have no value for
LEAST_LUCK = 2.0**-53


class Law(Hashable, Protocol):
    """A distribution of a non-negative quantity; an immutable value, so that tables made from it can be kept."""

    def quantile(self, u: float) -> float:
        """Return the value that is not exceeded with probability `u`, 0 < u < 1."""
        ...

    @property
    def mean(self) -> float:
        """Return the expectation."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same value."""

    value: float

    def quantile(self, u: float) -> float:
        """Return the value, whatever `u`."""
        return self.value

    @property
    def mean(self) -> float:
        """Return the value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential law with the given mean."""

    mean: float

    def quantile(self, u: float) -> float:
        """Return ``-mean * ln(1 - u)``."""
        return -self.mean * math.log1p(-u)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Lognormal law given by its mean and coefficient of variation."""

    mean: float
    cv: float
    _mu: float = field(init=False, repr=False)
    _sigma: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2 (moments of the lognormal law)
        variance = math.log1p(self.cv**2)
        object.__setattr__(self, "_sigma", math.sqrt(variance))
        object.__setattr__(self, "_mu", math.log(self.mean) - variance / 2)

    def quantile(self, u: float) -> float:
        """Return ``exp(mu + sigma * z(u))``."""
        return math.exp(self._mu + self._sigma * _normal_quantile(u))


@dataclass(frozen=True, slots=True)
class Uniform:
    """Uniform law between two bounds."""

    low: float
    high: float

    def quantile(self, u: float) -> float:
        """Return ``low + u * (high - low)``."""
        return self.low + u * (self.high - self.low)

    @property
    def mean(self) -> float:
        """Return the midpoint."""
        return (self.low + self.high) / 2
