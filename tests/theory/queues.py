"""Mean waits in single-queue systems with Poisson arrivals, from the formulas; service takes a mean of 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t

if TYPE_CHECKING:
    from numpy.typing import NDArray


def erlang_c(servers: int, load: float) -> float:
    """Return the probability of waiting in M/M/c: ``c B / (c - a (1 - B))`` with Erlang's B by its recursion."""
    b = 1.0
    for i in range(1, servers + 1):
        b = load * b / (i + load * b)
    return servers * b / (servers - load * (1 - b))


def mmc_wait(servers: int, load: float) -> float:
    """Return the mean wait in M/M/c: ``C / (c mu - lambda)``."""
    return erlang_c(servers, load) / (servers - load)


def mg1_wait(load: float, cv: float) -> float:
    """Return the mean wait in M/G/1 (Pollaczek and Khinchine): ``lambda E[S^2] / (2 (1 - rho))``."""
    return load * (1 + cv**2) / (2 * (1 - load))


@dataclass(frozen=True)
class Interval:
    """A t interval over independent replications, of which one in a thousand misses the truth."""

    mean: float
    half_width: float

    @classmethod
    def of(cls, means: NDArray[np.float64]) -> Interval:
        """Return the interval of a mean."""
        spread = means.std(ddof=1) / np.sqrt(len(means))
        return cls(float(means.mean()), float(t.ppf(0.9995, len(means) - 1) * spread))

    def agrees(self, truth: float, within: float) -> bool:
        """Return whether the truth lies inside, and the interval is narrow enough to have told a wrong one."""
        return abs(self.mean - truth) <= self.half_width <= within * truth
